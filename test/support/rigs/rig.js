/**
 * Servers, official clients and raw WebSocket clients for one test each; `cleanUp()` closes all.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const { io: connectClient } = require('socket.io-client');
const { WebSocket } = require('ws');
const { certificate, createNodeServer, ownPortOptions } = require('../servers/doors');
const { door, io: createServer } = require('../subjects/subject');

/** @type {(() => unknown)[]} */
const closers = [];

/** Servers with TLS. @type {WeakSet<any>} */
const secureServers = new WeakSet();

/**
 * A server on a free port, behind the door of the subject.
 * @param {object} [opts]
 * @param {import('../servers/doors').Door} [where] another door
 */
function startServer(opts, where = door) {
  const io = openDoor(opts, where);
  if (where?.hasTls) secureServers.add(io);
  closers.push(() => io.close());
  return io;
}

/**
 * @param {object} [opts] kept by reference, as the package does
 * @param {import('../servers/doors').Door} [where] undefined: the port that the package itself opens
 */
function openDoor(opts, where) {
  if (where === undefined) return createServer(0, opts);
  if (where.isOwnPort) return createServer(0, Object.assign(opts ?? {}, ownPortOptions(where)));
  const server = createNodeServer(where, {}, (_req, res) => void res.writeHead(404).end());
  return createServer(server.listen(0), opts);
}

/**
 * The URL of a server.
 * @param {any} io
 * @param {string} [path]
 * @param {string} [scheme] of a connection without TLS
 */
function urlOf(io, path = '/', scheme = 'http') {
  const suffix = secureServers.has(io) ? 's' : '';
  return `${scheme}${suffix}://localhost:${io.httpServer.address().port}${path}`;
}

/**
 * What a client needs besides the URL.
 * @param {any} io
 */
const trustOf = (io) => (secureServers.has(io) ? { ca: certificate().ca } : {});

/**
 * The answer to one GET.
 * @param {any} io
 * @param {string} path
 * @param {http.RequestOptions} [options]
 * @returns {Promise<http.IncomingMessage>}
 */
async function get(io, path, options) {
  const client = secureServers.has(io) ? https : http;
  const request = client.get(urlOf(io, path), { ...options, ...trustOf(io) });
  const [response] = await once(request, 'response');
  return response;
}

/**
 * An official client, not yet connected.
 * @param {any} io
 * @param {string} [nsp]
 * @param {object} [opts]
 */
function openClient(io, nsp, opts) {
  const client = connectClient(urlOf(io, nsp), {
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    ...trustOf(io),
    ...opts,
  });
  closers.push(() => {
    client.io.reconnection(false);
    client.disconnect();
  });
  return client;
}

/**
 * Both ends of an official client's connection.
 * @param {any} io a server
 * @param {string} [nsp]
 * @param {object} [opts]
 */
async function connectPair(io, nsp = '/', opts = undefined) {
  const connected = once(io.of(nsp), 'connection');
  const client = openClient(io, nsp, opts);
  const [[socket]] = await Promise.all([connected, eventOf(client, 'connect')]);
  return { client, socket };
}

/**
 * The arguments of the next event of an official client, which is no Node emitter.
 * @param {any} client
 * @param {string} event
 * @returns {Promise<any[]>}
 */
function eventOf(client, event) {
  return new Promise((resolve) => client.once(event, (...args) => resolve(args)));
}

/** A WebSocket that speaks Engine.IO and Socket.IO by hand, one text or Buffer at a time. */
class RawClient {
  /** @type {any[]} */
  #messages = [];
  /** @type {((message: any) => void)[]} */
  #readers = [];

  /**
   * @param {any} io
   * @param {string} [query]
   */
  constructor(io, query = 'EIO=4') {
    const url = urlOf(io, `/socket.io/?transport=websocket&${query}`, 'ws');
    this.ws = new WebSocket(url, trustOf(io));
    this.closed = new Promise((resolve) => this.ws.once('close', resolve));
    const failed = new Promise((_resolve, reject) => this.ws.once('error', reject));
    this.opened = Promise.race([this.next(), failed]);
    this.ws.on('message', (data, isBinary) => {
      const message = isBinary ? data : data.toString();
      const reader = this.#readers.shift();
      if (reader) reader(message);
      else this.#messages.push(message);
    });
    closers.push(() => this.ws.terminate());
  }

  /** The next message. */
  next() {
    if (this.#messages.length !== 0) return Promise.resolve(this.#messages.shift());
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /**
   * Sends messages in one write, so that the server reads them together.
   * @param {...any} messages
   */
  send(...messages) {
    const stream = /** @type {any} */ (this.ws)._socket;
    stream.cork();
    for (const message of messages) this.ws.send(message);
    stream.uncork();
  }
}

/**
 * A raw client after the Engine.IO handshake.
 * @param {any} io
 * @param {string} [query]
 */
async function openRaw(io, query) {
  const raw = new RawClient(io, query);
  await raw.opened;
  return raw;
}

/**
 * A raw client in a namespace, and its socket.
 * @param {any} io
 * @param {string} [nsp]
 */
async function connectRaw(io, nsp = '/') {
  const raw = await openRaw(io);
  const connected = once(io.of(nsp), 'connection');
  raw.send(nsp === '/' ? '40' : `40${nsp},`);
  const [socket] = await connected;
  const answer = await raw.next();
  return { raw, socket, answer };
}

/** Closes everything that was opened. */
async function cleanUp() {
  await Promise.all(closers.splice(0).map((close) => close()));
}

module.exports = {
  cleanUp,
  connectPair,
  connectRaw,
  eventOf,
  get,
  openClient,
  openRaw,
  startServer,
  urlOf,
};
