/**
 * Servers, official clients and raw WebSocket clients for one test each; `cleanUp()` closes all.
 */
'use strict';

const { once } = require('node:events');
const { io: connectClient } = require('socket.io-client');
const { WebSocket } = require('ws');
const { io: createServer } = require('./subject');

/** @type {(() => unknown)[]} */
const closers = [];

/**
 * A server on a free port.
 * @param {object} [opts]
 */
function startServer(opts) {
  const io = createServer(0, opts);
  closers.push(() => io.close());
  return io;
}

/**
 * The URL of a server.
 * @param {any} io
 * @param {string} [path]
 */
function urlOf(io, path = '/') {
  return `http://localhost:${io.httpServer.address().port}${path}`;
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
    ...opts,
  });
  closers.push(() => client.disconnect());
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
    const url = urlOf(io, `/socket.io/?transport=websocket&${query}`).replace('http', 'ws');
    this.ws = new WebSocket(url);
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
  openClient,
  openRaw,
  startServer,
  urlOf,
};
