/**
 * One Engine.IO session as JavaScript sees it: `socket.conn`. Its life is the I/O thread's; here are
 * its id, its state and its messages; what it makes only for those who look is `lazy-session.js`'s.
 * Events that nobody listens to cost nothing.
 */
'use strict';

const { LazySession } = require('./lazy-session');
const log = require('./log');
const { flagsOf } = require('./outbox');
const { byteLength, packetOf, toPart } = require('./part');
const { PACKET_TYPE } = require('./records');
const { CLOSE_TIMEOUT_MS } = require('./transport');

/** @typedef {import('./engine').Engine} Engine */
/** @typedef {import('./handshake-request').OwnText} OwnText */
/** @typedef {import('./handshake-request').RequestSource} RequestSource */
/** @typedef {import('./transport').Transport} Transport */
/** @typedef {keyof typeof PACKET_TYPE} PacketType */
/**
 * @typedef {object} PacketSink Where Socket.IO's layer takes packets without an event for each.
 * @property {(type: number, nsp: string, id: number | undefined, json: string) => void} onHeader
 *   a text EVENT (2) or ACK (3)
 * @property {(nsp: string, id: number | undefined, name: string, value: string) => void} onString
 *   an EVENT whose only argument is a large string
 * @property {(data: string | Buffer | undefined) => void} onData any other message
 * @property {(err: any) => void} onerror an `error` that somebody emits here
 * @property {(reason: string, description: unknown) => void} onclose called before the event
 */
/**
 * @typedef {{ req: any, res: any, isRead?: boolean }} Exchange A request that waits for its answer;
 *   `isRead`: whether the body of a POST has come
 */

class Socket extends LazySession {
  /** @type {PacketSink | undefined} */
  #sink;
  /** What a closing transport has to call, and the reason that it gives to the close. */
  /** @type {{ callback: (() => void) | undefined } | undefined} */
  #transportClosing;
  /** @type {NodeJS.Timeout | undefined} */
  #closeTimer;
  /** Whether it was opened by the own port, where polls are not seen. */
  #isOwn;

  /**
   * @param {Engine} engine
   * @param {{ place: number, generation: number, sid: string, protocol: number,
   *   own?: OwnText }} opened
   * @param {string} transportName
   * @param {any} request the request of the handshake, if it is to be kept as it is; null with
   *   WebTransport, which has none
   * @param {RequestSource | OwnText | undefined} source what it can be made of, otherwise
   * @param {Transport | undefined} transport that the application has created for it
   */
  constructor(engine, opened, transportName, request, source, transport) {
    super(engine, transportName, request, source);
    this.id = opened.sid;
    this.protocol = opened.protocol;
    this.#isOwn = opened.own !== undefined;
    this.readyState = 'open';
    this.upgrading = false;
    this.upgraded = false;
    /** The POST whose body is being read, or told. @type {Exchange | undefined} */
    this.post = undefined;
    /** The poll that waits for an answer. @type {Exchange | undefined} */
    this.poll = undefined;
    /** The I/O thread and slot of the session, and the generation of the slot. */
    this.place = opened.place;
    this.generation = opened.generation;
    if (transport !== undefined) this.setTransport(transport);
    if (engine.observesWrites) this.watchWrites();
  }

  /** Whether the I/O thread could hand a packet on now, if none waits. */
  get canTake() {
    const isPolled = !this.isPolling || this.poll !== undefined || this.#isOwn;
    return this.readyState !== 'closed' && isPolled;
  }

  /**
   * Lets Socket.IO's layer take messages, and hear of the end, without listeners.
   * @param {PacketSink | undefined} sink
   */
  setPacketSink(sink) {
    this.#sink = sink;
  }

  /**
   * @param {string | symbol} event
   * @param {any[]} args
   */
  emit(event, ...args) {
    if (event !== 'error' || this.#sink === undefined) return super.emit(event, ...args);
    this.#sink.onerror(args[0]);
    if (this.listenerCount(event) > 0) super.emit(event, ...args);
    return true;
  }

  /**
   * Makes a session end that the I/O thread has no objection to.
   * @param {string} reason
   * @param {Error} [description]
   */
  fail(reason, description) {
    if (this.readyState === 'closed') return;
    this.server.outbox.close(this, true);
    this.onClose(reason, description);
  }

  /** Cuts its connection off; the I/O thread tells when it is over: `transport close`. */
  terminate() {
    if (this.readyState !== 'closed') this.server.outbox.terminate(this);
  }

  // In.

  /**
   * An EVENT of the namespace "/" without acknowledgement.
   * @param {string} json
   */
  onEvent(json) {
    if (this.#sink !== undefined && !this.showsIncoming) {
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
    if (this.#sink !== undefined && !this.showsIncoming) {
      this.#sink.onHeader(type, nsp, id, json);
    } else {
      this.onMessage(`${type}${nsp === '/' ? '' : `${nsp},`}${id ?? ''}${json}`);
    }
  }

  /**
   * An EVENT with one large string. Neither it nor the name has anything that JSON would escape.
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} name
   * @param {string} value
   */
  onString(nsp, id, name, value) {
    if (this.#sink === undefined || this.showsIncoming) {
      this.onHeader(2, nsp, id, `["${name}","${value}"]`);
    } else if (this.readyState === 'open') {
      this.#sink.onString(nsp, id, name, value);
    }
  }

  /** @param {string | Buffer | undefined} data */
  onMessage(data) {
    if (this.readyState !== 'open') return;
    if (data === '') data = undefined; // as engine.io tells of a message without data
    if (!this.showsIncoming) {
      this.#sink?.onData(data);
      return;
    }
    const packet = data === undefined ? { type: 'message' } : { type: 'message', data };
    this.emit('packet', packet);
    this.#sink?.onData(data);
    this.emit('data', data);
    this.emit('message', data);
    this.seenTransport?.emit('packet', packet);
  }

  onHeartbeat() {
    const packet = { type: this.protocol === 3 ? 'ping' : 'pong' };
    if (this.showsIncoming) this.emit('packet', packet);
    this.emit('heartbeat');
    if (this.showsIncoming) this.seenTransport?.emit('packet', packet);
  }

  /**
   * A packet of the client ends the session: those who watch packets see it, as with engine.io.
   * @param {string} reason
   * @param {string} description
   */
  onLastPacket(reason, description) {
    if (!this.showsIncoming || this.readyState !== 'open') return;
    if (reason === 'parse error') {
      this.emit('packet', { type: 'error', data: 'parser error' });
    } else if (description === 'invalid heartbeat direction') {
      this.emit('packet', { type: this.protocol === 3 ? 'pong' : 'ping' });
    }
  }

  /**
   * A new transport has replaced the former one.
   * @param {string} to its name
   * @param {Transport | undefined} transport if there is an object for it already
   * @param {any} peer what has the addresses of the other side
   */
  onUpgrade(to, transport, peer) {
    if (this.readyState === 'closed') return;
    this.upgrading = false;
    this.upgraded = true;
    this.poll = undefined;
    const { post } = this;
    this.post = undefined; // its end is none of the new transport's business
    if (post?.isRead === false) post.req.destroy();
    const former = this.replaceTransport(to, transport, peer);
    former?.discard();
    former?.onClose();
    if (this.listenerCount('upgrade') > 0) this.emit('upgrade', this.transport);
  }

  /**
   * @param {string} reason
   * @param {unknown} [description]
   */
  onClose(reason, description) {
    if (this.readyState === 'closed') return;
    const closing = this.#transportClosing;
    this.#transportClosing = undefined;
    log.stateChange(this, 'closed');
    this.readyState = 'closed';
    clearTimeout(this.#closeTimer);
    this.server.forget(this);
    this.#cutPost();
    this.writeWatch?.onClose();
    closing?.callback?.();
    const told = closing && reason === 'forced close' ? 'transport close' : reason;
    this.#sink?.onclose(told, description);
    this.emit('close', told, description);
    const transport = this.seenTransport;
    if (/** @type {any} */ (description)?.type && transport?.listenerCount('error')) {
      transport.emit('error', description);
    }
    transport?.onClose();
    if (this.#isOwn) this.endOwnRequest();
  }

  // Out.

  /**
   * Sends a message.
   * @param {string | Buffer | ArrayBuffer | ArrayBufferView} data
   * @param {any} [options] `compress`, `volatile`
   * @param {(transport: any) => void} [callback] called when the message has been taken by the
   *   operating system, or by a poll
   */
  send(data, options, callback) {
    return this.write(data, options, callback);
  }

  /**
   * Alias of `send`.
   * @param {string | Buffer | ArrayBuffer | ArrayBufferView} data
   * @param {any} [options]
   * @param {(transport: any) => void} [callback]
   */
  write(data, options, callback) {
    if (this.readyState !== 'open') return this;
    if (typeof options === 'function') {
      callback = options;
      options = undefined;
    }
    if (this.isObserved || callback) this.#sendObserved('message', [data], options, callback);
    else this.#sendPart(toPart(data), flagsOf(options));
    return this;
  }

  /**
   * Sends one message that has a string in it as JSON: faster than `JSON.stringify` where the string
   * is large.
   * @param {string} before
   * @param {string} string
   * @param {string} after
   * @param {any} [options]
   */
  writeString(before, string, after, options) {
    if (this.isObserved) {
      this.write(before + JSON.stringify(string) + after, options);
    } else if (this.readyState === 'open') {
      this.server.outbox.sendString(this, before, string, after, flagsOf(options));
    }
  }

  /**
   * Sends messages that make up one packet, all or none: a text and its attachments.
   * @param {(string | Buffer)[]} messages
   * @param {any} [options]
   */
  writeAll(messages, options) {
    if (this.readyState !== 'open') return this;
    if (this.isObserved) this.#sendObserved('message', messages, options, undefined);
    else this.server.outbox.sendParts(this, messages.map(toPart), flagsOf(options));
    return this;
  }

  /**
   * Sends a packet that others get as well: the same objects, for one session after the other.
   * @param {string | Buffer | (string | Buffer)[]} messages
   * @param {any} options
   */
  writeShared(messages, options) {
    if (this.readyState !== 'open') return;
    if (!this.isObserved) {
      this.server.outbox.sendShared(this, messages, options);
    } else if (!options?.volatile || this.takesVolatile()) {
      const all = Array.isArray(messages) ? messages : [messages];
      this.#sendObserved('message', all, options, undefined);
    }
  }

  /**
   * Sends a packet of any type.
   * @param {PacketType} type
   * @param {any} [data]
   * @param {any} [options]
   * @param {(transport: any) => void} [callback]
   */
  sendPacket(type, data, options, callback) {
    if (this.readyState !== 'open') return;
    if (typeof options === 'function') {
      callback = options;
      options = undefined;
    }
    this.#sendObserved(type, [data ?? ''], options, callback);
  }

  /**
   * Hands a packet to the I/O thread.
   * @param {string} type
   * @param {any} data
   * @param {any} options
   */
  handOver(type, data, options) {
    const flags = flagsOf(options) | PACKET_TYPE[/** @type {PacketType} */ (type)];
    this.#sendPart(toPart(data ?? ''), flags);
  }

  /**
   * @param {string | Uint8Array} part
   * @param {number} flags
   */
  #sendPart(part, flags) {
    const { outbox } = this.server;
    if (typeof part === 'string') outbox.send(this, part, flags);
    else outbox.sendParts(this, [part], flags);
  }

  /**
   * Sends what makes up one packet, for those who look.
   * @param {PacketType} type
   * @param {any[]} messages
   * @param {any} options
   * @param {((transport: any) => void) | undefined} callback
   */
  #sendObserved(type, messages, options, callback) {
    const parts = messages.map(toPart);
    const packets = parts.map((_part, i) => packetOf(type, messages[i], options));
    for (const packet of packets) this.emit('packetCreate', packet);
    if (this.readyState !== 'open') return; // a listener has closed it
    if (this.seenTransport?.isSendReplaced) {
      this.showFlush(packets, () => this.transport.send(packets));
      callback?.(this.transport);
      return;
    }
    const { outbox } = this.server;
    outbox.sendParts(this, parts, flagsOf(options) | PACKET_TYPE[type]);
    if (this.writeWatch === undefined && callback === undefined) return;
    this.watchWrites().add(packets, parts.map(byteLength), callback);
  }

  /**
   * Tells that packets leave the write buffer.
   * @param {any[]} packets
   * @param {() => void} [leave]
   */
  showFlush(packets, leave) {
    this.emit('flush', packets);
    this.server.emit('flush', this, packets);
    leave?.();
    this.emit('drain');
    this.server.emit('drain', this);
  }

  /**
   * What was sent before the next marks has been taken.
   * @param {number} marks
   */
  onTaken(marks) {
    if (this.readyState !== 'closed') this.writeWatch?.onTaken(marks);
  }

  /**
   * A poll has come.
   * @param {Exchange} poll
   */
  onPoll(poll) {
    this.poll = poll;
    this.writeWatch?.onPoll();
    this.seenTransport?.emit('ready');
  }

  /**
   * Closes the session after what was sent before.
   * @param {boolean} [discard] do not wait for the client's next poll
   */
  close(discard) {
    if (this.readyState === 'closed' || (this.readyState === 'closing' && !discard)) return this;
    log.stateChange(this, 'closing');
    this.readyState = 'closing';
    this.#closeBelow(Boolean(discard));
    // Polling may have to wait, and the I/O thread tells; other transports take everything at once.
    if (discard || !this.isPolling) this.onClose('forced close');
    return this;
  }

  /**
   * The transport closes, and takes the session with it.
   * @param {(() => void) | undefined} callback
   */
  closeTransport(callback) {
    const isAtOnce = !this.isPolling || this.transport.discarded;
    if (isAtOnce) callback?.();
    this.#transportClosing = { callback: isAtOnce ? undefined : callback };
    this.#closeBelow(this.transport.discarded);
    if (isAtOnce && this.isPolling) this.onClose('forced close');
  }

  #cutPost() {
    if (this.post?.isRead === false) this.post.req.destroy();
  }

  /** @param {boolean} discard */
  #closeBelow(discard) {
    const { outbox } = this.server;
    this.#cutPost();
    outbox.close(this, discard);
    const { closeTimeout = CLOSE_TIMEOUT_MS } = /** @type {any} */ (this.seenTransport ?? {});
    if (discard || !this.isPolling || closeTimeout === CLOSE_TIMEOUT_MS) return;
    this.#closeTimer = setTimeout(() => outbox.close(this, true), closeTimeout);
  }
}

module.exports = { Socket };
