/**
 * `conn.transport`: how a session is carried at the moment. The I/O thread has the bytes. This object
 * tells applications the name and the state, and lets them send and close. It is made when somebody first
 * looks at it, or by `engine.createTransport` if the application has replaced that.
 */
'use strict';

const { EventEmitter } = require('node:events');
const { WebSocketView } = require('./websocket-view');

/** How long a closed session waits for the poll that takes the close packet, in engine.io too. */
const CLOSE_TIMEOUT_MS = 30_000;

/** How the I/O threads describe that a message is larger than `maxHttpBufferSize`. */
const TOO_LARGE = 'RangeError: Max payload size exceeded';
const HIDDEN = { configurable: true, enumerable: false, writable: true };

/** @typedef {import('./session').Socket} Socket */

class Transport extends EventEmitter {
  /** The transports that this one can be upgraded to. @type {readonly string[]} */
  static upgradesTo = Object.freeze([]);

  /** @type {'open' | 'closing' | 'closed'} */
  #state = 'open';
  /** The session that it carries, or shall carry. @type {Socket | undefined} */
  session;
  /** Whether it shall be closed without waiting for what was sent. */
  discarded = false;

  /** @param {any} [req] the request that it came with */
  constructor(req) {
    super();
    // Applications log transports: a session would bring its engine and all that is in it.
    Object.defineProperty(this, 'session', { enumerable: false });
    const query = req?._query ?? {};
    this.protocol = query.EIO === '4' ? 4 : 3;
    this.supportsBinary = !query.b64;
  }

  /** @returns {string} */
  get name() {
    return '';
  }

  get sid() {
    return this.session?.id;
  }

  get readyState() {
    const whole = this.session?.readyState;
    return whole === 'closed' || (whole === 'closing' && this.#state === 'open')
      ? whole
      : this.#state;
  }

  /** Whether a packet would leave at once. Reading it starts the watch of what is taken. */
  get writable() {
    return this.session?.transport === this && this.session.watchWrites().writable;
  }

  /** Whether the application has replaced `send`. */
  get isSendReplaced() {
    return this.send !== Transport.prototype.send;
  }

  /** Whether the application wants to see requests first. */
  get isRequestReplaced() {
    return this.onRequest !== Transport.prototype.onRequest;
  }

  /**
   * @param {string | symbol} event
   * @param {(...args: any[]) => void} listener
   */
  on(event, listener) {
    this.session?.showTransport(event);
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
   * Makes it the transport of a session.
   * @param {Socket} session
   */
  bind(session) {
    this.session = session;
    this.protocol = session.protocol;
    for (const event of this.eventNames()) session.showTransport(event);
  }

  /**
   * Sends packets, not seen by the session's events.
   * @param {{ type: string, data?: any, options?: any }[]} packets
   */
  send(packets) {
    for (const packet of packets) this.session?.handOver(packet.type, packet.data, packet.options);
  }

  /** Says that it may be closed without waiting for what was sent. */
  discard() {
    this.discarded = true;
  }

  /**
   * Takes a request of its client.
   * @param {any} req with its response as `res`
   */
  onRequest(req) {
    this.session?.server.door.request(req, req.res);
  }

  /**
   * Closes it, and with it the session that it carries: `transport close`.
   * @param {() => void} [callback]
   */
  close(callback) {
    if (this.readyState !== 'open') return;
    this.#state = 'closing';
    if (this.session?.transport === this) {
      this.session.closeTransport(callback);
    } else {
      callback?.();
      this.onClose();
    }
  }

  /**
   * It has failed, and with it the session that it carries.
   * @param {string} message
   * @param {any} [description]
   */
  onError(message, description) {
    if (this.session?.transport !== this) return;
    this.session.onError(
      Object.assign(new Error(message), { type: 'TransportError', description }),
    );
  }

  /** It carries its session no more. */
  onClose() {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.emit('close');
  }
}

class Polling extends Transport {
  static upgradesTo = Object.freeze(['websocket', 'webtransport']);

  closeTimeout = CLOSE_TIMEOUT_MS;
  // Values that the application has set for this transport, in place of the engine's options.
  /** @type {any} */
  #maxHttpBufferSize;
  /** @type {any} */
  #httpCompression;

  get name() {
    return 'polling';
  }

  /** The poll that waits for an answer, its response, and the POST that is being read. */
  get req() {
    return this.session?.poll?.req ?? null;
  }

  get res() {
    return this.session?.poll?.res ?? null;
  }

  get dataReq() {
    return this.session?.post?.req ?? null;
  }

  get dataRes() {
    return this.session?.post?.res ?? null;
  }

  get maxHttpBufferSize() {
    return this.#maxHttpBufferSize ?? this.session?.server.opts.maxHttpBufferSize;
  }

  set maxHttpBufferSize(value) {
    this.#maxHttpBufferSize = value;
  }

  get httpCompression() {
    return this.#httpCompression ?? this.session?.server.opts.httpCompression;
  }

  set httpCompression(value) {
    this.#httpCompression = value;
  }
}

class WebSocket extends Transport {
  #peer;
  /** @type {WebSocketView | undefined} */
  #view;

  /**
   * @param {any} [req]
   * @param {any} [peer] what has the addresses of the other side
   */
  constructor(req, peer = req?.socket) {
    super(req);
    this.#peer = peer;
    // The one that `onWebSocket` was shown.
    if (!(req?.websocket instanceof WebSocketView)) return;
    this.#view = req.websocket;
    req.websocket.transport = this;
  }

  get name() {
    return 'websocket';
  }

  get handlesUpgrades() {
    return true;
  }

  get perMessageDeflate() {
    return this.session?.server.opts.perMessageDeflate;
  }

  /** In place of the object of the `ws` package. */
  get socket() {
    this.#view ??= new WebSocketView(this, this.#peer);
    return this.#view;
  }
}

class WebTransport extends Transport {
  get name() {
    return 'webtransport';
  }
}

/** The classes by name, as `engine.createTransport` takes them. */
const transports = Object.freeze({
  polling: Polling,
  websocket: WebSocket,
  webtransport: WebTransport,
});

/**
 * @param {string} name
 * @param {any} req the request that it came with
 * @param {any} peer what has the addresses of the other side
 * @returns {Transport}
 */
function newTransport(name, req, peer) {
  return new /** @type {any} */ (transports)[name](req, peer);
}

/**
 * The description of a close reason.
 * @param {string} text
 */
function transportError(text) {
  const error = new Error(text);
  // Only this one is the session's complaint, all others are the transport's.
  if (text === 'invalid heartbeat direction') return error;
  Object.assign(error, { type: 'TransportError', description: undefined });
  if (text !== TOO_LARGE) return error;
  // Not enumerable: who lists the properties sees those of engine.io.
  return Object.defineProperty(error, 'code', { ...HIDDEN, value: 'ERR_BEASTIO_TOO_LARGE' });
}

module.exports = {
  CLOSE_TIMEOUT_MS,
  Transport,
  newTransport,
  transportError,
  transports,
};
