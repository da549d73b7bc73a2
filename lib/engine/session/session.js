/**
 * One Engine.IO session as JavaScript sees it: `socket.conn`. The session itself lives on an I/O thread.
 * This object has its state, sends for it, changes transports and closes. Its base classes take what
 * comes in (`receiving-session.js`), tell how its client keeps up (`paced-session.js`) and make what few look at
 * (`observed-session.js`). Events that nobody
 * listens to cost nothing.
 */
'use strict';

const log = require('../base/log');
const { engineFlagsOf, flagsOf } = require('../wire/command-writer');
const { PACKET_TYPE } = require('../wire/layout');
const { PacedSession } = require('./paced-session');
const { sendMessage, sendObserved, showSent, toParts } = require('./session-writer');
const { CLOSE_TIMEOUT_MS } = require('./transport');

/** @typedef {import('../engine').Engine} Engine */
/** @typedef {import('./handshake-request').OwnRequest} OwnRequest */
/** @typedef {import('./handshake-request').RequestSource} RequestSource */
/** @typedef {import('./transport').Transport} Transport */
/** @typedef {import('./session-writer').PacketType} PacketType */
/**
 * @typedef {{ req: any, res: any, isRead?: boolean }} Exchange A request that waits for its answer;
 *   `isRead`: whether the body of a POST has come
 */

class Socket extends PacedSession {
  /**
   * What to call when the transport, closed by the application, is closed; undefined: it was not closed.
   * @type {{ callback: (() => void) | undefined } | undefined}
   */
  #transportClosing;
  /** @type {NodeJS.Timeout | undefined} */
  #closeTimer;
  /** Whether it was opened by the own port, where polls are not seen. */
  #isOfOwnPort;

  /**
   * @param {Engine} engine
   * @param {import('./receiving-session').Opened} opened
   * @param {string} transportName
   * @param {any} request the request of the handshake, if it is to be kept as it is; null with
   *   WebTransport, which has none
   * @param {RequestSource | OwnRequest | undefined} source what it can be made of, otherwise
   * @param {Transport | undefined} transport that the application has created for it
   */
  constructor(engine, opened, transportName, request, source, transport) {
    super(engine, opened, transportName, request, source);
    this.#isOfOwnPort = opened.own !== undefined;
    this.upgrading = false;
    this.upgraded = false;
    /** The POST whose body is being read, or told. @type {Exchange | undefined} */
    this.post = undefined;
    /** The poll that waits for an answer. @type {Exchange | undefined} */
    this.poll = undefined;
    if (transport !== undefined) this.setTransport(transport);
    if (engine.observesWrites) this.watchWrites();
  }

  /** Whether the I/O thread could write a packet now, if none waits before it. */
  get canTake() {
    const isPolled = !this.isPolling || this.poll !== undefined || this.#isOfOwnPort;
    return this.readyState !== 'closed' && isPolled;
  }

  // Sending.

  /**
   * Sends a message.
   * @param {string | Buffer | ArrayBuffer | ArrayBufferView} data
   * @param {any} [options] `compress`
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
    const flags = engineFlagsOf(options);
    if (this.isObserved || callback)
      sendObserved(this, 'message', [data], options, flags, callback);
    else sendMessage(this, data, flags);
    return this;
  }

  /**
   * Sends one message that has a string in it as JSON. For a large string this is faster than
   * `JSON.stringify`.
   * @param {string} before the text in front of the JSON
   * @param {string} string
   * @param {string} after the text behind the JSON
   * @param {any} [options]
   */
  writeString(before, string, after, options) {
    if (this.isObserved) {
      this.writeAll([before + JSON.stringify(string) + after], options);
    } else if (this.readyState === 'open') {
      this.server.commands.sendString(this, before, string, after, flagsOf(options));
    }
  }

  /**
   * Sends messages that make up one packet, all or none: a text and its attachments.
   * @param {(string | Buffer)[]} messages
   * @param {any} [options] `compress`, `volatile`
   */
  writeAll(messages, options) {
    if (this.readyState !== 'open') return this;
    if (this.isObserved) sendObserved(this, 'message', messages, options, flagsOf(options));
    else this.server.commands.sendParts(this, toParts(this, messages), flagsOf(options));
    return this;
  }

  /**
   * Sends a packet that others get as well. The caller passes the same objects to one session after the
   * other, so the bytes cross to the I/O threads once.
   * @param {string | Buffer | (string | Buffer)[]} messages
   * @param {any} options
   */
  writeShared(messages, options) {
    if (this.readyState !== 'open') return;
    if (!this.isObserved) {
      this.server.commands.sendShared(this, messages, options);
    } else {
      const all = Array.isArray(messages) ? messages : [messages];
      sendObserved(this, 'message', all, options, flagsOf(options));
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
    sendObserved(this, type, [data], options, engineFlagsOf(options), callback);
  }

  /**
   * Hands a packet to the I/O thread, unseen by those who watch.
   * @param {string} type
   * @param {any} data
   * @param {any} options
   */
  handOver(type, data, options) {
    const flags = engineFlagsOf(options) | PACKET_TYPE[/** @type {PacketType} */ (type)];
    sendMessage(this, data, flags);
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

  // Rooms. lib/rooms numbers them and says which session is a member of which.

  /**
   * Makes the session a member of a room: what is broadcast to the room from now on reaches it.
   * @param {number} room
   */
  joinRoom(room) {
    this.server.commands.join(this, room);
  }

  /**
   * Ends the membership of a room. A closed session is a member of none.
   * @param {number} room
   */
  leaveRoom(room) {
    if (this.readyState !== 'closed') this.server.commands.leave(this, room);
  }

  // What the I/O thread tells.

  /** A heartbeat of the client: in protocol 4 its answer, in protocol 3 one that the server answers. */
  onHeartbeat() {
    const isLegacy = this.protocol === 3;
    const packet = { type: isLegacy ? 'ping' : 'pong' };
    if (!isLegacy) showSent(this, 'ping');
    if (this.showsIncoming) this.emit('packet', packet);
    if (isLegacy) showSent(this, 'pong');
    this.emit('heartbeat');
    if (this.showsIncoming) this.seenTransport?.emit('packet', packet);
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

  // Closing.

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
   * The application closes the transport, which ends the session with `transport close`.
   * @param {(() => void) | undefined} callback called when the transport is closed
   */
  closeTransport(callback) {
    const isAtOnce = !this.isPolling || this.transport.discarded;
    if (isAtOnce) callback?.();
    this.#transportClosing = { callback: isAtOnce ? undefined : callback };
    this.#closeBelow(this.transport.discarded);
    if (isAtOnce && this.isPolling) this.onClose('forced close');
  }

  /**
   * Ends the session for a reason that JavaScript has found.
   * @param {string} reason
   * @param {Error} [description]
   */
  fail(reason, description) {
    if (this.readyState === 'closed') return;
    this.server.commands.close(this, true);
    this.onClose(reason, description);
  }

  /**
   * Ends the session as if its transport had failed; under the name that engine.io has for it.
   * @param {Error} error
   */
  onError(error) {
    this.fail('transport error', error);
  }

  /** Cuts its connection off; the I/O thread tells when it is over: `transport close`. */
  terminate() {
    if (this.readyState !== 'closed') this.server.commands.terminate(this);
  }

  /**
   * The session is over.
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
    this.server.registry.forget(this);
    this.#cutPost();
    this.writeWatch?.onClose();
    this.endPace();
    closing?.callback?.();
    const told = closing && reason === 'forced close' ? 'transport close' : reason;
    this.tellClose(told, description);
    const transport = this.seenTransport;
    if (/** @type {any} */ (description)?.type && transport?.listenerCount('error')) {
      transport.emit('error', description);
    }
    transport?.onClose();
    if (this.#isOfOwnPort) this.endOwnRequest();
  }

  /** Cuts off a POST whose body is still coming. */
  #cutPost() {
    if (this.post?.isRead === false) this.post.req.destroy();
  }

  /**
   * Has the I/O thread close the session.
   * @param {boolean} discard without waiting for the client's next poll
   */
  #closeBelow(discard) {
    const { commands } = this.server;
    this.#cutPost();
    commands.close(this, discard, true);
    const { closeTimeout = CLOSE_TIMEOUT_MS } = /** @type {any} */ (this.seenTransport ?? {});
    if (discard || !this.isPolling || closeTimeout === CLOSE_TIMEOUT_MS) return;
    this.#closeTimer = setTimeout(() => commands.close(this, true), closeTimeout);
  }
}

module.exports = { Socket };
