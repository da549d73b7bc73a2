/**
 * The doors of a server under test. A door says who accepts: Node's HTTP server with the engine attached to
 * it, or the engine's own port. It also says whether there is TLS, and what kind of address it is. Suites
 * name a door, and leave certificates, addresses and URLs to it.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const tls = require('node:tls');
const { Authority } = require('./certificates');

/**
 * @typedef {object} Door
 * @property {boolean} isOwnPort
 * @property {boolean} hasTls
 * @property {'IPv4' | 'IPv6' | 'unix'} family
 */
/** @typedef {net.NetConnectOpts & { ca?: string }} Place where to connect to; with `ca` over TLS */

/**
 * @param {boolean} isOwnPort
 * @param {boolean} hasTls
 * @param {Door['family']} [family]
 * @returns {Door}
 */
const door = (isOwnPort, hasTls, family = 'IPv4') => Object.freeze({ isOwnPort, hasTls, family });

const DOORS = Object.freeze({
  http: door(false, false),
  https: door(false, true),
  'own port': door(true, false),
  'own port with TLS': door(true, true),
  'http on IPv6': door(false, false, 'IPv6'),
  'https on IPv6': door(false, true, 'IPv6'),
  'own port on IPv6': door(true, false, 'IPv6'),
  'own port with TLS on IPv6': door(true, true, 'IPv6'),
  'http on a unix socket': door(false, false, 'unix'),
  'https on a unix socket': door(false, true, 'unix'),
  'own port on a unix socket': door(true, false, 'unix'),
  'own port with TLS on a unix socket': door(true, true, 'unix'),
});

/** @param {string} name @returns {Door} */
function doorOf(name) {
  const found = /** @type {Record<string, Door>} */ (DOORS)[name];
  if (!found) throw new Error(`there is no door "${name}"`);
  return found;
}

/** @type {{ key: string, cert: string, ca: string } | undefined} */
let made;

/** The key and certificate of all servers, and who vouches for them: made when first asked for. */
function certificate() {
  if (made) return made;
  const authority = new Authority();
  const { key, cert } = authority.issue('localhost');
  made = { key, cert, ca: authority.own.cert };
  authority.remove();
  return made;
}

let unixSockets = 0;

/**
 * What a server is told to listen on.
 * @param {Door} door
 * @returns {net.ListenOptions}
 */
function addressOf({ family }) {
  if (family !== 'unix') return { port: 0, host: family === 'IPv6' ? '::1' : '127.0.0.1' };
  const file = `beastio-door-${process.pid}-${process.env.JEST_WORKER_ID}-${++unixSockets}.sock`;
  return { path: path.join(os.tmpdir(), file) };
}

/**
 * What a server on its own port needs for the door, as options of Socket.IO and of the engine.
 * @param {Door} door
 */
function ownPortOptions({ hasTls }) {
  if (!hasTls) return {};
  const { key, cert } = certificate();
  return { tls: { key, cert } };
}

/**
 * Node's HTTP server for an attached door; not yet listening.
 * @param {Door} door
 * @param {http.ServerOptions} options
 * @param {http.RequestListener} listener
 * @returns {http.Server}
 */
function createNodeServer({ hasTls }, options, listener) {
  if (!hasTls) return http.createServer(options, listener);
  const { key, cert } = certificate();
  return https.createServer({ ...options, key, cert }, listener);
}

/**
 * Where a server is reached.
 * @param {Door} door
 * @param {net.Server} server that listens
 * @returns {Place}
 */
function placeOf({ hasTls }, server) {
  const address = server.address();
  const isFile = typeof address === 'string';
  const where = isFile ? { path: address } : { host: address?.address, port: address?.port };
  return /** @type {Place} */ (hasTls ? { ...where, ca: certificate().ca } : where);
}

/**
 * A connection to such a place. It writes at once what it is given, and does not end by itself when the
 * server ends its direction.
 * @param {Place} place
 * @returns {{ socket: net.Socket, carrier: net.Socket, readiness: string }} `carrier`: the socket
 *   below TLS, or the same; `readiness`: the event to wait for
 */
function connectTo({ ca, ...place }) {
  const carrier = net.connect({ ...place, noDelay: true, allowHalfOpen: true });
  if (ca === undefined) return { socket: carrier, carrier, readiness: 'connect' };
  const socket = tls.connect({ socket: carrier, ca, servername: 'localhost' });
  carrier.on('error', () => {}); // TLS tells as well
  return { socket, carrier, readiness: 'secureConnect' };
}

module.exports = {
  DOORS,
  addressOf,
  certificate,
  connectTo,
  createNodeServer,
  doorOf,
  ownPortOptions,
  placeOf,
};
