/**
 * Who is in which room: the adapter classes that a server uses unless it is given one.
 */
'use strict';

const { Adapter, SessionAwareAdapter } = require('socket.io-adapter');
const { AwaitedAnswers } = require('./awaited-answers');
const { withLaterPackets } = require('./later-packets');
const { withNativeRooms } = require('./native-rooms');
const { withSessionLog } = require('./session-log');
const { withSingleServer } = require('./single-server');
const { keepStreamOrder } = require('./stream-order');

const NativeAdapter = withSingleServer(withNativeRooms(Adapter));
/** Nothing of a packet leaves, or is kept, before it is encoded. Other adapters may tell other servers first. */
NativeAdapter.prototype.encodesFirst = true;
const NativeSessionAwareAdapter = withLaterPackets(
  withSingleServer(withNativeRooms(SessionAwareAdapter)),
);
const NativeSessionLogAdapter = withSessionLog(NativeSessionAwareAdapter);

/**
 * The adapter of a namespace when the `adapter` option is not set.
 * @param {{ connectionStateRecovery?: unknown, recoverWithoutOffset?: boolean }} opts the server's options
 * @returns {any} a class, constructed with the namespace
 */
function defaultAdapter(opts) {
  if (!opts.connectionStateRecovery) return NativeAdapter;
  return opts.recoverWithoutOffset ? NativeSessionLogAdapter : NativeSessionAwareAdapter;
}

module.exports = { Adapter, AwaitedAnswers, defaultAdapter, keepStreamOrder };
