/**
 * `conn.transport.socket` and `req.websocket`, in place of the object of the `ws` package. Applications
 * find here what they look up there: state, addresses, how much waits, and two ways to end it. Messages
 * are events of the session only. It is made when somebody first looks.
 */
'use strict';

const { EventEmitter } = require('node:events');

const STATES = Object.freeze({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 });

/** @typedef {import('./transport').Transport} Transport */

/** The connection below: `_socket` of `ws`, read by applications for addresses and back-pressure. */
class SocketView {
  #view;

  /**
   * @param {WebSocketView} view
   * @param {any} peer whatever has the addresses
   */
  constructor(view, peer) {
    this.#view = view;
    this.remoteAddress = peer?.remoteAddress;
    this.remoteFamily = peer?.remoteFamily;
    this.remotePort = peer?.remotePort;
    if (peer?.encrypted) this.encrypted = true;
  }

  get writableLength() {
    return this.#view.bufferedAmount;
  }

  get destroyed() {
    return this.#view.readyState === STATES.CLOSED;
  }

  destroy() {
    this.#view.terminate();
    return this;
  }
}

class WebSocketView extends EventEmitter {
  /** The transport that it belongs to. @type {Transport} */
  transport;
  #peer;
  /** @type {SocketView | undefined} */
  #socket;
  #isCut = false;

  /**
   * @param {Transport} transport
   * @param {any} peer
   */
  constructor(transport, peer) {
    super();
    this.transport = transport;
    this.#peer = peer;
  }

  get readyState() {
    const { readyState, session } = this.transport;
    if (session === undefined && readyState === 'open') return STATES.CONNECTING;
    if (readyState === 'open') return this.#isCut ? STATES.CLOSING : STATES.OPEN;
    return readyState === 'closing' ? STATES.CLOSING : STATES.CLOSED;
  }

  /** Bytes that were sent and not taken yet; counted from the first look on. */
  get bufferedAmount() {
    return this.transport.session?.bufferedBytes ?? 0;
  }

  // The underscore is that of `ws`: applications read `conn.transport.socket._socket`.
  get _socket() {
    this.#socket ??= new SocketView(this, this.#peer);
    return this.#socket;
  }

  /** Ends the connection after what was sent before, with a close frame without status. */
  close() {
    this.transport.close();
  }

  /** Cuts the connection off, without a close frame. */
  terminate() {
    const { session } = this.transport;
    if (session?.seenTransport === this.transport) {
      this.#isCut = true;
      session.terminate();
    } else {
      this.transport.close();
    }
  }
}

for (const [name, value] of Object.entries(STATES)) {
  Object.defineProperty(WebSocketView, name, { value, enumerable: true });
  Object.defineProperty(WebSocketView.prototype, name, { value, enumerable: true });
}

module.exports = { WebSocketView };
