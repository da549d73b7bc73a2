/**
 * The parts of a session that are made only when somebody looks: its request, its transport, the watch of its
 * writes. This class also notes which events anybody has listened to. So an idle session that nobody looks at
 * is a few fields. There are no private methods here: they would cost each session a field more.
 */
'use strict';

const { buildRequest, readOwnRequest } = require('./handshake-request');
const { LazyEmitter } = require('./lazy-emitter');
const { DetachedSocket } = require('./detached-socket');
const { newTransport } = require('./transport');
const { WriteWatch } = require('./write-watch');

/** @typedef {import('../engine').Engine} Engine */
/** @typedef {import('./handshake-request').OwnRequest} OwnRequest */
/** @typedef {import('./handshake-request').RequestSource} RequestSource */
/** @typedef {import('./transport').Transport} Transport */

/** Events that show every incoming message. */
const INCOMING = new Set(['packet', 'data', 'message']);
/** Events that show what has been taken of the outgoing ones. */
const TAKEN = new Set(['flush', 'drain', 'ready']);

/** Events that show how the client keeps up. */
const PRESSURE = new Set(['slow', 'drained']);

class ObservedSession extends LazyEmitter {
  /** Whether events of INCOMING were ever listened to. */
  showsIncoming = false;
  /** The same of `packetCreate`. */
  #showsOutgoing = false;
  /** @type {WriteWatch | undefined} */
  #watch;
  /** @type {Transport | undefined} */
  #transport;
  transportName;
  /** The addresses of the WebSocket, if the session was upgraded. @type {any} */
  #peer;
  /** The request of the handshake, or what it is made of when it is first read. @type {any} */
  #request;
  /** @type {RequestSource | OwnRequest | undefined} */
  #source;
  /** @type {string | undefined} */
  #remoteAddress;

  /** Applications may delete it, hence a property of each session. @type {PropertyDescriptor} */
  static #REQUEST = {
    configurable: true,
    enumerable: true,
    /** @this {ObservedSession} */
    get() {
      if (this.#source !== undefined) this.#request = this.makeRequest();
      this.forgetSource();
      return this.#request;
    },
    /** @this {ObservedSession} */
    set(value) {
      this.forgetSource();
      this.#request = value;
    },
  };

  /**
   * @param {Engine} engine
   * @param {string} transportName
   * @param {any} request the request of the handshake, if it is to be kept as it is
   * @param {RequestSource | OwnRequest | undefined} source what it can be made of, otherwise
   */
  constructor(engine, transportName, request, source) {
    super();
    /** The request of the handshake. @type {any} */
    this.request; // declared here, made below
    Object.defineProperty(this, 'request', ObservedSession.#REQUEST);
    this.#request = request;
    this.#source = source;
    this.#remoteAddress = request?.socket?.remoteAddress;
    this.server = engine;
    this.transportName = transportName;
  }

  /**
   * The request of the handshake for a single look: it is not kept if it has to be made.
   * @returns {any}
   */
  peekRequest() {
    const isDropped = !Object.hasOwn(this, 'request');
    return this.#source === undefined || isDropped ? this.request : this.makeRequest();
  }

  /** The request, made of its source. */
  makeRequest() {
    const source = this.#readSource();
    const request = buildRequest(source);
    // The socket of an upgrade that Node has read carries its session already.
    if (source.socket === undefined) request.socket.carry(this);
    return request;
  }

  /** A session of the own port is over, and so is its connection. */
  endOwnRequest() {
    const socket = this.#request?.socket;
    if (socket instanceof DetachedSocket) socket.onGone();
  }

  /** What the request is made of; what a look has made of it is kept there. */
  #readSource() {
    const source = /** @type {any} */ (this.#source);
    if (source.header === undefined) this.#source = readOwnRequest(source);
    return /** @type {RequestSource} */ (this.#source);
  }

  /** The request is made, or is not wanted any more. */
  forgetSource() {
    this.#remoteAddress = this.remoteAddress;
    this.#source = undefined;
  }

  /** The address of the client. @returns {string | undefined} */
  get remoteAddress() {
    if (this.#source === undefined) return this.#remoteAddress;
    const { socket, address } = this.#readSource();
    return this.#remoteAddress ?? socket?.remoteAddress ?? address;
  }

  set remoteAddress(value) {
    this.#remoteAddress = value;
  }

  // The transport.

  /** How the session is carried. @returns {any} */
  get transport() {
    return (
      this.#transport ??
      this.setTransport(newTransport(this.transportName, this.request, this.#peer))
    );
  }

  /** The same, if anybody has looked at it. */
  get seenTransport() {
    return this.#transport;
  }

  get isPolling() {
    return this.transportName === 'polling';
  }

  /** @param {Transport} transport */
  setTransport(transport) {
    this.#transport = transport;
    transport.bind(/** @type {any} */ (this));
    return transport;
  }

  /**
   * The session is carried by another transport from now on.
   * @param {string} to its name
   * @param {Transport | undefined} transport if there is an object for it already
   * @param {any} peer what has the addresses of the other side
   * @returns {Transport | undefined} the former one, if anybody has looked at it
   */
  replaceTransport(to, transport, peer) {
    const former = this.#transport;
    this.transportName = to;
    this.#peer = peer;
    this.#transport = undefined;
    if (transport !== undefined) this.setTransport(transport);
    return former;
  }

  // What is written.

  /** Packets that wait for others to be taken. Empty at the first look: the watch begins with it. */
  get writeBuffer() {
    return this.watchWrites().writeBuffer;
  }

  /** Bytes that were sent and not taken yet, counted from the first look on. */
  get bufferedBytes() {
    return this.watchWrites().bytes;
  }

  /** Begins to watch what is taken, if nobody did. */
  watchWrites() {
    this.#watch ??= new WriteWatch(/** @type {any} */ (this));
    return this.#watch;
  }

  /** The watch, if it has begun. */
  get writeWatch() {
    return this.#watch;
  }

  /** Whether anybody looks at what is sent. */
  get isObserved() {
    return (
      this.#watch !== undefined ||
      this.#showsOutgoing ||
      (this.#transport !== undefined && this.#transport.isSendReplaced)
    );
  }

  // Events.

  /**
   * @param {string | symbol} event
   * @param {(...args: any[]) => void} listener
   */
  on(event, listener) {
    this.show(event);
    return super.on(event, listener);
  }

  /**
   * @param {string | symbol} event
   * @param {(...args: any[]) => void} listener
   */
  addListener(event, listener) {
    return this.on(event, listener);
  }

  /**
   * @param {string | symbol} event
   * @param {(...args: any[]) => void} listener
   */
  prependListener(event, listener) {
    this.show(event);
    return super.prependListener(event, listener);
  }

  /**
   * An event is listened to.
   * @param {any} event
   */
  show(event) {
    if (INCOMING.has(event)) /** @type {any} */ (this).showIncoming();
    else if (TAKEN.has(event)) this.watchWrites();
    else if (PRESSURE.has(event)) /** @type {any} */ (this).observePressure();
    if (event !== 'packetCreate') return;
    this.#showsOutgoing = true;
    this.server.observesPackets = true;
  }

  /**
   * An event of the transport is listened to.
   * @param {any} event
   */
  showTransport(event) {
    if (event === 'packet' || TAKEN.has(event)) this.show(event);
    else if (event === 'headers') this.server.observeAnswers();
  }
}

module.exports = { ObservedSession };
