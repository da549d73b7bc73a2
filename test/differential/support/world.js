/**
 * Where a scenario plays: it makes servers of one package and clients of all kinds, waits for what
 * happens, and writes down what they saw. All of it is closed when the scenario is over.
 */
'use strict';

const { once } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');
const { RawHttp, RawWebSocket } = require('./peers');
const { passThrough } = require('../../conformance/support/http');
const { openOfficialClient } = require('./official-clients');
const { ServingWorld } = require('./serving-world');
const { Trace } = require('./trace');

const WAIT_DEADLINE_MS = 40_000;
const SCENARIO_DEADLINE_MS = 80_000;
/** What nobody waits for must be written down within this time after everything else. */
const QUIET_MS = 8;

/** What a connection is sent last, to see that all before it has come. */
const LAST_MESSAGE = 'the last message';

const HANDSHAKE = 'EIO=4&transport=websocket';

class World extends ServingWorld {
  #trace = new Trace();
  #fences = 0;
  /** @type {RawWebSocket[]} */
  #peers = [];
  #isOver = false;

  /**
   * Plays a scenario.
   * @param {(world: World) => unknown} run
   */
  async run(run) {
    const deadline = new AbortController();
    const expired = delay(SCENARIO_DEADLINE_MS, undefined, { signal: deadline.signal }).then(() => {
      throw new Error('it takes too long');
    });
    expired.catch(() => {});
    try {
      await Promise.race([run(this), expired]);
    } catch (error) {
      this.note('the scenario', 'failed', error);
    }
    deadline.abort();
    await this.quiet();
    this.#isOver = true;
    await Promise.all(this.#peers.map((peer) => this.#hearOut(peer)));
    const lanes = this.#trace.finish();
    await this.closeAll();
    return lanes;
  }

  /**
   * Waits until a WebSocket has all that the server has sent it.
   * @param {RawWebSocket} peer
   */
  async #hearOut(peer) {
    const conns = this.servers.map(({ engine }) => engine?.clients[peer.sid]);
    const conn = conns.find((each) => each?.readyState === 'open');
    if (conn?.transport.name !== 'websocket') return;
    conn.send(LAST_MESSAGE);
    const isHeard = () => peer.isOver || peer.texts.includes(`4${LAST_MESSAGE}`);
    await this.until(isHeard, 'the last message').catch(() => {});
  }

  // Writing down.

  /**
   * @param {string} lane
   * @param {string} label
   * @param {...unknown} values
   */
  note(lane, label, ...values) {
    if (!this.#isOver) this.noteWire(lane, label, ...values);
  }

  /**
   * Writes down what a client by hand is sent, also when the scenario is over.
   * @param {string} lane
   * @param {string} label
   * @param {...unknown} values
   */
  noteWire(lane, label, ...values) {
    this.#trace.note(lane, label, ...values);
  }

  /**
   * A function that writes down that it was called, and with what.
   * @param {string} lane
   * @param {string} label
   */
  noter(lane, label) {
    return (/** @type {any[]} */ ...args) => this.note(lane, label, ...args);
  }

  /**
   * Writes down some events of an emitter.
   * @param {string} lane
   * @param {any} emitter
   * @param {string[]} events
   */
  record(lane, emitter, events) {
    for (const event of events) emitter.on(event, this.noter(lane, event));
  }

  /**
   * Writes down what a call gives, or throws, or what its promise comes to.
   * @param {string} lane
   * @param {string} label
   * @param {() => unknown} call
   */
  async attempt(lane, label, call) {
    try {
      this.note(lane, label, await call());
    } catch (error) {
      this.note(lane, `${label} throws`, error);
    }
  }

  /**
   * Writes a text that differs from run to run under another name.
   * @param {unknown} text
   * @param {string} name
   */
  mask(text, name) {
    this.#trace.mask(String(text), name);
  }

  // Waiting.

  /**
   * Waits for a condition that no event tells of.
   * @param {() => unknown} condition
   * @param {string} what it is
   */
  async until(condition, what) {
    const end = Date.now() + WAIT_DEADLINE_MS;
    while (!(await condition())) {
      if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
      await delay(1);
    }
  }

  /**
   * Waits until a lane has so many lines with a text.
   * @param {string} lane
   * @param {string} text
   * @param {number} [count]
   */
  saw(lane, text, count = 1) {
    const lines = this.#trace.lines(lane);
    const isThere = () => lines.filter((line) => line.includes(text)).length >= count;
    return this.until(isThere, `"${text}" (${count}) in ${lane}`);
  }

  /** Waits until nothing more is written down, but not for ever. */
  async quiet() {
    const end = Date.now() + WAIT_DEADLINE_MS;
    let size;
    do {
      size = this.#trace.size;
      await delay(QUIET_MS);
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    } while (size !== this.#trace.size && Date.now() < end);
  }

  // Clients.

  /**
   * Opens a WebSocket by hand: what it is sent becomes lines of its lane.
   * @param {string} lane
   * @param {any} io a server, or an HTTP server
   * @param {{ query?: string, path?: string, headers?: Record<string, string | undefined>,
   *   isHeard?: boolean }} [how] `isHeard`: whether the server says something at once
   */
  async ws(lane, io, { query = HANDSHAKE, path = '/socket.io/', headers, isHeard = true } = {}) {
    const peer = await RawWebSocket.open(this, lane, this.placeOf(io));
    this.closeLater(() => peer.destroy());
    this.#peers.push(peer);
    await peer.request(`${path}?${query}`, headers);
    if (isHeard) await this.until(() => peer.isHeard, `frames of ${lane}`);
    return peer;
  }

  /**
   * A WebSocket by hand in a namespace, and the socket that the server has for it.
   * @param {string} lane
   * @param {any} io
   * @param {string} [nsp]
   * @param {object} [auth]
   */
  async join(lane, io, nsp = '/', auth = undefined) {
    const peer = await this.ws(lane, io);
    const socket = await this.enter(peer, io, nsp, auth);
    return { peer, socket };
  }

  /**
   * Has a WebSocket enter a namespace.
   * @param {RawWebSocket} peer
   * @param {any} io
   * @param {string} [nsp]
   * @param {object} [auth]
   */
  async enter(peer, io, nsp = '/', auth = undefined) {
    const connected = once(io.of(nsp), 'connection');
    const address = nsp === '/' ? '' : `${nsp},`;
    const answers = peer.count(`40${address}{`);
    peer.send(`40${address}${auth ? JSON.stringify(auth) : ''}`);
    const [socket] = await connected;
    socket.on('fence', (/** @type {() => void} */ ack) => ack());
    await this.until(() => peer.count(`40${address}{`) > answers, `the CONNECT of ${nsp}`);
    return socket;
  }

  /**
   * Waits until the server has handled all that a client sent, and the client has all that it was
   * sent before. The client must have come by `join` or `enter`.
   * @param {RawWebSocket} peer
   * @param {string} [nsp]
   */
  async fence(peer, nsp = '/') {
    const id = 900 + this.#fences++;
    const address = nsp === '/' ? '' : `${nsp},`;
    peer.send(`42${address}${id}["fence"]`);
    const isBack = () => peer.texts.includes(`43${address}${id}[]`);
    await this.until(isBack, 'the answer to the fence');
  }

  /**
   * One HTTP request on a separate connection. Its answer is written down byte by byte.
   * @param {string} lane
   * @param {any} io a server, or an HTTP server
   * @param {string} method
   * @param {string} target
   * @param {{ headers?: Record<string, string | undefined>, body?: string | Buffer }} [form]
   */
  async http(lane, io, method, target, form) {
    const request = await this.#request(lane, io);
    await request.send(method, target, form);
    const answer = await request.answer();
    if (method === 'POST' && this.door.isOwnPort) await this.#handled(io);
    return answer;
  }

  /**
   * The same, but when the server has seen the request; its answer is to be asked for.
   * @param {string} lane
   * @param {any} io
   * @param {string} method
   * @param {string} target
   * @param {{ headers?: Record<string, string | undefined>, body?: string | Buffer }} [form]
   */
  async begin(lane, io, method, target, form) {
    const request = await this.#request(lane, io);
    if (this.door.isOwnPort) {
      await request.send(method, target, form);
      await passThrough(this.placeOf(io));
      return request;
    }
    let isSeen = false;
    (io.httpServer ?? io).once('request', () => (isSeen = true));
    await request.send(method, target, form);
    await this.until(() => isSeen || request.isOver, 'the server to see the request');
    return request;
  }

  /**
   * An I/O thread may have answered before JavaScript hears of what was posted. It has told by the next
   * answer, and JavaScript has heard when its event loop has turned.
   * @param {any} io
   */
  async #handled(io) {
    await passThrough(this.placeOf(io));
    for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
  }

  /**
   * A connection for one request.
   * @param {string} lane
   * @param {any} io
   */
  async #request(lane, io) {
    const request = await RawHttp.open(this, lane, this.placeOf(io));
    this.closeLater(() => request.destroy());
    return request;
  }

  /**
   * Opens a session by polling and gives the beginning of the targets of its requests.
   * @param {string} lane
   * @param {any} io
   * @param {string} [query]
   */
  async poll(lane, io, query = 'EIO=4&transport=polling') {
    const body = await this.http(lane, io, 'GET', `/socket.io/?${query}`);
    const sid = /"sid\\?":\\?"([^"\\]+)/.exec(body)?.[1];
    // An I/O thread may have answered before JavaScript hears of the session.
    if (sid) await this.until(() => io.engine.clients[sid], 'the server to know the session');
    return `/socket.io/?${query}&sid=${sid}`;
  }

  /**
   * An official client: what it is told becomes lines of its lane.
   * @param {string} lane
   * @param {any} io
   * @param {string} [nsp]
   * @param {any} [opts] `version: 2` for the client of Socket.IO 2
   */
  client(lane, io, nsp = '/', opts = {}) {
    const { port, ca } = /** @type {any} */ (this.placeOf(io));
    const url = `http${ca ? 's' : ''}://localhost:${port}${nsp}`;
    const client = openOfficialClient(this, lane, url, ca ? { ca, ...opts } : opts);
    this.closeLater(() => client.disconnect());
    return client;
  }
}

module.exports = { World };
