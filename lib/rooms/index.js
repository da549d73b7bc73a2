/**
 * Who is in which room: the adapter classes that a server uses unless it is given one.
 */
'use strict';

const { Adapter, SessionAwareAdapter } = require('socket.io-adapter');
const { AwaitedAnswers } = require('./awaited-answers');
const { withNativeRooms } = require('./native-rooms');

const NativeAdapter = withNativeRooms(Adapter);
const NativeSessionAwareAdapter = withNativeRooms(SessionAwareAdapter);

/**
 * The adapter of a namespace when the `adapter` option is not set.
 * @param {{ connectionStateRecovery?: unknown }} opts the server's options
 * @returns {any} a class, constructed with the namespace
 */
function defaultAdapter(opts) {
  return opts.connectionStateRecovery ? NativeSessionAwareAdapter : NativeAdapter;
}

module.exports = { Adapter, AwaitedAnswers, defaultAdapter };
