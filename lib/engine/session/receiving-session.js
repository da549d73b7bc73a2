/**
 * The part of a session that takes incoming messages from the records of the I/O thread to whoever listens.
 * Socket.IO's layer takes them as a sink, without an event for each. Events of engine.io are emitted only if
 * somebody has ever listened to them. There are no private methods here: they would cost each session a field
 * more.
 */
'use strict';

const { HeldPackets } = require('./held-packets');
const { ObservedSession } = require('./observed-session');

/** @typedef {import('../engine').Engine} Engine */
/** @typedef {import('./handshake-request').OwnRequest} OwnRequest */
/** @typedef {import('./handshake-request').RequestSource} RequestSource */
/**
 * @typedef {object} PacketSink Where Socket.IO's layer takes packets without an event for each.
 * @property {(type: number, nsp: string, id: number | undefined, json: string) => void} onPacket
 *   a text EVENT (2) or ACK (3)
 * @property {(nsp: string, id: number | undefined, name: string, value: string) => void} onString
 *   an EVENT whose only argument is a large string
 * @property {(data: string | Buffer | undefined) => void} onData any other message
 * @property {(err: any) => void} onerror an `error` that somebody emits here
 * @property {() => void} _disconnect ends its sockets, and the connection
 * @property {(nsp: string, auth: any, admission: any) => void} onAdmitted handlers in C++ have nothing against
 *   a client that wants to enter a namespace
 * @property {(reason: string, description: unknown) => void} onclose called before the event
 */
/**
 * @typedef {object} PauseListener
 * @property {(isPaused: boolean) => void} [onPause] the client is paused, or no longer
 */
/**
 * @typedef {object} Opened A session as the I/O thread tells of it.
 * @property {number} place its I/O thread and slot
 * @property {number} generation of the slot
 * @property {string} sid
 * @property {number} protocol 3 or 4
 * @property {OwnRequest} [own] the request of the handshake, if the own port opened it
 */

class ReceivingSession extends ObservedSession {
  /** @type {(PacketSink & PauseListener) | undefined} */
  #sink;
  /** In the sink's place while the client is paused. @type {HeldPackets | undefined} */
  #held;

  /**
   * @param {Engine} engine
   * @param {Opened} opened
   * @param {string} transportName
   * @param {any} request the request of the handshake, if it is to be kept as it is
   * @param {RequestSource | OwnRequest | undefined} source what it can be made of, otherwise
   */
  constructor(engine, opened, transportName, request, source) {
    super(engine, transportName, request, source);
    this.id = opened.sid;
    this.protocol = opened.protocol;
    this.readyState = 'open';
    /** Who hears of pauses, if it is not the sink. @type {PauseListener | undefined} */
    this.pauseListener; // declared here, set for few
  }

  /**
   * Lets Socket.IO's layer take messages, and hear of the end, without listeners.
   * @param {(PacketSink & PauseListener) | undefined} sink
   */
  setPacketSink(sink) {
    if (this.#held === undefined) this.#sink = sink;
    else this.#held.sink = sink;
  }

  /** Whether nothing is taken from the client. */
  get isPaused() {
    return this.#held !== undefined;
  }

  /** From now on what comes is kept. */
  hold() {
    this.#held = new HeldPackets(this, this.#sink, this.#sink ?? this.pauseListener);
    this.#sink = this.#held;
    this.showsIncoming = false;
    this.#held.onPause?.(true);
  }

  /**
   * What comes is taken again.
   * @param {boolean} isOver whether the session is closed: what was kept is dropped
   */
  release(isOver) {
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#sink = held.sink;
    this.showsIncoming = held.showsIncoming;
    held.onPause?.(false);
    if (!isOver) held.release();
  }

  /**
   * Calls a function when the client is not paused any more; never if that is its end.
   * @param {() => void} callback
   */
  defer(callback) {
    this.#held?.defer(callback);
  }

  /** Somebody listens to what comes. */
  showIncoming() {
    if (this.#held === undefined) this.showsIncoming = true;
    else this.#held.showsIncoming = true;
  }

  /**
   * Emits an event; an `error` goes to the sink as well.
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
   * Takes an EVENT of the namespace "/" without acknowledgement.
   * @param {string} json
   */
  onEvent(json) {
    if (this.#sink !== undefined && !this.showsIncoming) {
      if (this.readyState === 'open') this.#sink.onPacket(2, '/', undefined, json);
    } else {
      this.onPacket(2, '/', undefined, json);
    }
  }

  /**
   * Takes a text EVENT or ACK.
   * @param {number} type 2 EVENT, 3 ACK
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} json
   */
  onPacket(type, nsp, id, json) {
    if (this.readyState !== 'open') return;
    if (this.#sink !== undefined && !this.showsIncoming) {
      this.#sink.onPacket(type, nsp, id, json);
    } else {
      this.onMessage(`${type}${nsp === '/' ? '' : `${nsp},`}${id ?? ''}${json}`);
    }
  }

  /**
   * Takes an EVENT with one large string. Neither it nor the name has anything that JSON would escape.
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} name
   * @param {string} value
   */
  onString(nsp, id, name, value) {
    if (this.#sink === undefined || this.showsIncoming) {
      this.onPacket(2, nsp, id, `["${name}","${value}"]`);
    } else if (this.readyState === 'open') {
      this.#sink.onString(nsp, id, name, value);
    }
  }

  /**
   * Takes a text that is neither EVENT nor ACK. It may ask to be let in; volatile packets may follow a
   * tick after the answer.
   * @param {string} text
   */
  onText(text) {
    this.server.commands.followTicks();
    this.onMessage(text);
  }

  /**
   * Takes any other message.
   * @param {string | Buffer | undefined} data
   */
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

  /**
   * A packet of the client ends the session. Listeners of `packet` see it, as with engine.io.
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

  /** Ends the sockets of Socket.IO's layer, and the connection. */
  endSockets() {
    this.#sink?._disconnect();
  }

  /**
   * Handlers in C++ have nothing against the client in a namespace of Socket.IO's layer.
   * @param {string} nsp
   * @param {any} auth
   * @param {any} admission
   */
  admit(nsp, auth, admission) {
    this.#sink?.onAdmitted(nsp, auth, admission);
  }

  /**
   * Tells of the end: first the sink, then those who listen.
   * @param {string} reason
   * @param {unknown} [description]
   */
  tellClose(reason, description) {
    this.#sink?.onclose(reason, description);
    this.emit('close', reason, description);
  }
}

module.exports = { ReceivingSession };
