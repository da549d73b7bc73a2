/**
 * One Engine.IO session as JavaScript sees it: `socket.conn`. Its life is the I/O thread's; here are
 * its id, its request and its events. Events that nobody listens to cost nothing.
 */
'use strict';

const { EventEmitter } = require('node:events');
const { flagsOf } = require('./outbox');
const { toPart } = require('./part');
const { Transport } = require('./transport');

/** @typedef {import('./engine').Engine} Engine */
/**
 * @typedef {object} PacketSink Where Socket.IO's layer takes packets without an event for each.
 * @property {(type: number, nsp: string, id: number | undefined, json: string) => void} onHeader
 *   a text EVENT (2) or ACK (3)
 * @property {(data: string | Buffer | undefined) => void} onData any other message
 */

/** Events that show every incoming message. */
const INCOMING = new Set(['packet', 'data', 'message']);
/** Events that show every outgoing message. */
const OUTGOING = new Set(['packetCreate', 'flush', 'drain']);

/** What was written is handed over at once: nothing ever waits here. @type {readonly any[]} */
const NOTHING_WAITING = Object.freeze([]);

class Socket extends EventEmitter {
  /** @type {PacketSink | undefined} */
  #sink;
  // Whether events of INCOMING and OUTGOING were ever listened to.
  #showsIncoming = false;
  #showsOutgoing = false;
  /** @type {Transport | undefined} */
  #transport;
  #transportName;

  /**
   * @param {Engine} engine
   * @param {{ place: number, generation: number, sid: string, protocol: number }} opened
   * @param {string} transportName
   * @param {any} request the request of the handshake
   */
  constructor(engine, opened, transportName, request) {
    super();
    this.server = engine;
    this.id = opened.sid;
    this.protocol = opened.protocol;
    this.request = request;
    this.remoteAddress = request.socket?.remoteAddress;
    this.readyState = 'open';
    this.upgrading = false;
    this.upgraded = false;
    /** The POST whose body is being read. @type {any} */
    this.post = undefined;
    /** The I/O thread and slot of the session, and the generation of the slot. */
    this.place = opened.place;
    this.generation = opened.generation;
    this.#transportName = transportName;
  }

  /** How the session is carried. */
  get transport() {
    this.#transport ??= new Transport(this, this.#transportName);
    return this.#transport;
  }

  get isPolling() {
    return this.#transportName === 'polling';
  }

  get writeBuffer() {
    return NOTHING_WAITING;
  }

  /**
   * Lets Socket.IO's layer take messages without the `data` event.
   * @param {PacketSink} sink
   */
  setPacketSink(sink) {
    this.#sink = sink;
  }

  /**
   * @param {string | symbol} event
   * @param {(...args: any[]) => void} listener
   */
  on(event, listener) {
    this.#show(event);
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
    this.#show(event);
    return super.prependListener(event, listener);
  }

  /** @param {any} event */
  #show(event) {
    if (INCOMING.has(event)) this.#showsIncoming = true;
    else if (OUTGOING.has(event)) this.#showsOutgoing = true;
    if (event === 'packetCreate') this.server.observesPackets = true;
  }

  /**
   * Makes a session end that the I/O thread has no objection to.
   * @param {string} reason
   * @param {Error} description
   */
  fail(reason, description) {
    if (this.readyState === 'closed') return;
    this.server.outbox.close(this, true);
    this.onClose(reason, description);
  }

  // In.

  /**
   * An EVENT of the namespace "/" without acknowledgement.
   * @param {string} json
   */
  onEvent(json) {
    if (this.#sink !== undefined && !this.#showsIncoming) {
      if (this.readyState === 'open') this.#sink.onHeader(2, '/', undefined, json);
    } else {
      this.onHeader(2, '/', undefined, json);
    }
  }

  /**
   * @param {number} type 2 EVENT, 3 ACK
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} json
   */
  onHeader(type, nsp, id, json) {
    if (this.readyState !== 'open') return;
    if (this.#sink !== undefined && !this.#showsIncoming) {
      this.#sink.onHeader(type, nsp, id, json);
    } else {
      this.onMessage(`${type}${nsp === '/' ? '' : `${nsp},`}${id ?? ''}${json}`);
    }
  }

  /** @param {string | Buffer | undefined} data */
  onMessage(data) {
    if (this.readyState !== 'open') return;
    if (data === '') data = undefined; // as engine.io tells of a message without data
    if (this.#showsIncoming) this.emit('packet', { type: 'message', data });
    if (this.#sink !== undefined) this.#sink.onData(data);
    if (!this.#showsIncoming) return;
    this.emit('data', data);
    this.emit('message', data);
  }

  onHeartbeat() {
    if (this.#showsIncoming) this.emit('packet', { type: 'pong' });
    this.emit('heartbeat');
  }

  /**
   * @param {boolean} isComplete whether the WebSocket has replaced polling; otherwise it was probed
   */
  onUpgrade(isComplete) {
    if (this.readyState === 'closed') return;
    this.upgrading = !isComplete;
    if (!isComplete) {
      this.emit('upgrading', new Transport(this, 'websocket'));
      return;
    }
    this.upgraded = true;
    this.#transportName = 'websocket';
    if (this.#transport !== undefined) this.#transport.discarded = true;
    this.#transport = undefined;
    this.emit('upgrade', this.transport);
  }

  /**
   * @param {string} reason
   * @param {unknown} [description]
   */
  onClose(reason, description) {
    if (this.readyState === 'closed') return;
    this.readyState = 'closed';
    this.server.forget(this);
    this.post?.destroy();
    this.emit('close', reason, description);
  }

  // Out.

  /**
   * Sends a message.
   * @param {string | Buffer | ArrayBuffer | ArrayBufferView} data
   * @param {any} [options] `compress`, `volatile`
   * @param {(transport: Transport) => void} [callback] called when the message has been handed over
   */
  send(data, options, callback) {
    return this.write(data, options, callback);
  }

  /**
   * Alias of `send`.
   * @param {string | Buffer | ArrayBuffer | ArrayBufferView} data
   * @param {any} [options]
   * @param {(transport: Transport) => void} [callback]
   */
  write(data, options, callback) {
    if (this.readyState !== 'open') return this;
    if (typeof options === 'function') {
      callback = options;
      options = undefined;
    }
    const { server } = this;
    const { outbox } = server;
    const part = toPart(data);
    if (typeof part === 'string') outbox.send(this, part, flagsOf(options));
    else outbox.sendParts(this, [part], flagsOf(options));
    if (this.#showsOutgoing || server.observesWrites) this.#showOutgoing([data], options);
    if (callback) process.nextTick(callback, this.transport);
    return this;
  }

  /**
   * Sends messages that make up one packet, all or none: a text and its attachments.
   * @param {(string | Buffer)[]} messages
   * @param {any} [options]
   */
  writeAll(messages, options) {
    if (this.readyState !== 'open') return this;
    const { server } = this;
    server.outbox.sendParts(this, messages.map(toPart), flagsOf(options));
    if (this.#showsOutgoing || server.observesWrites) this.#showOutgoing(messages, options);
    return this;
  }

  /**
   * Sends a packet that others get as well: the same objects, for one session after the other.
   * @param {string | Buffer | (string | Buffer)[]} messages
   * @param {any} options
   */
  writeShared(messages, options) {
    if (this.readyState !== 'open') return;
    const { server } = this;
    server.outbox.sendShared(this, messages, options);
    if (this.#showsOutgoing || server.observesWrites) {
      this.#showOutgoing(Array.isArray(messages) ? messages : [messages], options);
    }
  }

  /**
   * Tells those who watch what is sent.
   * @param {any[]} messages
   * @param {any} options
   */
  #showOutgoing(messages, options) {
    const packets = messages.map((data) => ({
      type: 'message',
      data,
      options: { ...options, compress: options?.compress !== false },
    }));
    for (const packet of packets) this.emit('packetCreate', packet);
    this.emit('flush', packets);
    this.server.emit('flush', this, packets);
    process.nextTick(() => this.onDrain());
  }

  /** All that was sent is on its way: after each `flush`, and when a slow client has caught up. */
  onDrain() {
    if (this.readyState === 'closed') return;
    this.emit('drain');
    this.server.emit('drain', this);
  }

  /**
   * Closes the session after what was sent before.
   * @param {boolean} [discard] do not wait for the client's next poll
   */
  close(discard) {
    if (this.readyState === 'closed' || (this.readyState === 'closing' && !discard)) return this;
    this.readyState = 'closing';
    this.server.outbox.close(this, Boolean(discard));
    // A WebSocket takes everything at once; polling may have to wait, and the I/O thread tells.
    if (discard || this.#transportName === 'websocket') this.onClose('forced close');
    return this;
  }
}

module.exports = { Socket };
