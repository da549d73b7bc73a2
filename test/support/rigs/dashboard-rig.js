/**
 * Servers with a dashboard (examples/dashboard), and who looks at it.
 */
'use strict';

const rig = require('./rig');
const dashboard = require('../../../examples/dashboard');

const TOKEN = 'the right one';
const NSP = '/__beast';
const INTERVAL_MS = 120; // which no other timer of the tests has

/** @param {any} socket @param {(error?: Error) => void} next */
const allow = (socket, next) =>
  next(socket.handshake.auth.token === TOKEN ? undefined : new Error('This token is wrong.'));

/** What the tests give a dashboard. */
const OPTIONS = { allow, interval: INTERVAL_MS, top: 3 };

/**
 * A server with a dashboard.
 * @param {object} [options] of the server
 * @param {import('../servers/doors').Door} [door]
 */
function startWatched(options, door) {
  const io = rig.startServer(options, door);
  return { io, end: dashboard(io, OPTIONS) };
}

/** @param {any} io @param {unknown} [token] */
const openWatcher = (io, token = TOKEN) => rig.openClient(io, NSP, { auth: { token } });

/** A request that is refused. @param {any} io */
const askForNobody = (io) => rig.get(io, '/socket.io/?EIO=4&transport=polling&sid=none');

module.exports = {
  ...{ INTERVAL_MS, NSP, OPTIONS, TOKEN },
  ...{ allow, askForNobody, openWatcher, startWatched },
};
