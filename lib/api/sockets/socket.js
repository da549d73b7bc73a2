/**
 * One client in one namespace: what the application gets at `connection`. It sends and receives events
 * with their acknowledgements, joins rooms, and ends with `disconnect`.
 */
'use strict';

const debug = require('debug')('socket.io:socket');
const { PacketType, RESERVED_EVENTS, assertNotReserved } = require('../../protocol');
const { emitLocally } = require('../base/emitter');
const { onGivenUp } = require('../base/give-up');
const { defineReplaceable } = require('../base/replaceable');
const { trace } = require('../base/trace');
const { BroadcastOperator } = require('../broadcasts/broadcast-operator');
const { awaitDrained } = require('../broadcasts/drain-wait');
const { handleSoon } = require('../clients/delivery');
const { sendEvent } = require('../clients/packet-writer');
const { takeChecked } = require('./event-checks');
const { keepSession, sendKept, sendMissed } = require('./recovery');
const { mayJoin } = require('./room-limit');
const {
  ackTimeoutOf,
  awaitAck,
  callAck,
  checkPendingAcks,
  createAck,
  giveUpAcks,
} = require('./socket-acks');
const { SocketState } = require('./socket-state');

/** @typedef {import('../broadcasts/broadcast-operator').Rooms} Rooms */
/** @typedef {{ type: number, nsp?: string, id?: number, data?: any }} Packet */

/** How an assignment makes a property. */
const ORDINARY = { configurable: true, enumerable: true, writable: true };

/**
 * @this {Socket}
 * @param {Packet} packet
 */
function onevent(packet) {
  this.receiveEvent(packet.data ?? [], packet.id);
}

class Socket extends SocketState {
  /**
   * Tools look at how many parameters the class declares: four, as the genuine one.
   * @param {import('../namespaces/namespace').Namespace} nsp
   * @param {import('../clients/client').Client} client
   * @param {Record<string, any> | undefined} auth what the client sent along with its CONNECT packet
   * @param {any} [session] the earlier session that it continues
   */
  constructor(nsp, client, auth, session) {
    super(nsp, client, auth, session);
  }

  /** Notes in the namespace that the socket has listeners: a broadcast need not ask every socket. */
  _observeOutgoing() {
    if (!this._hasLeft) (this.nsp.outgoingObservers ??= new Set()).add(this);
    return super._observeOutgoing();
  }

  /**
   * Sends an event to the client.
   * @param {any} event
   * @param {any[]} args the last one may be the callback of an acknowledgement
   * @returns {boolean} always true
   */
  emit(event, ...args) {
    if (RESERVED_EVENTS.has(event)) assertNotReserved(event);
    const flags = this._flags;
    this._flags = undefined;
    const { nsp } = this;

    let id;
    if (args.length !== 0 && typeof args[args.length - 1] === 'function') {
      checkPendingAcks(this);
      id = nsp._ids++;
      if (trace.isOn) trace.wantsAck(id);
      awaitAck(this, id, args.pop(), ackTimeoutOf(this, flags));
    }
    if (nsp.server.opts.connectionStateRecovery) {
      sendKept(this, id, [event, ...args], flags);
      return true;
    }
    if (this._anyOutgoingListeners.length !== 0) {
      this.notifyOutgoingListeners({ data: [event, ...args] });
    }
    sendEvent(this.client, nsp, id, event, args, flags);
    return true;
  }

  /**
   * Sends an event and awaits its acknowledgement.
   * Errors: rejects when the `timeout()` of this emit, or else the option `ackTimeout`, has passed; with
   * the option `settleAcksOnDisconnect` also when the client leaves.
   * @param {any} event
   * @param {...any} args
   * @returns {Promise<any>}
   */
  emitWithAck(event, ...args) {
    const hasTimeout = ackTimeoutOf(this, this._flags) !== undefined;
    return new Promise((resolve, reject) => {
      const onAck = hasTimeout
        ? (/** @type {any} */ err, /** @type {any} */ value) => (err ? reject(err) : resolve(value))
        : onGivenUp(resolve, reject);
      this.emit(event, ...args, onAck);
    });
  }

  /**
   * Sends a `message` event.
   * @param {...any} args
   */
  send(...args) {
    this.emit('message', ...args);
    return this;
  }

  /**
   * Sends a `message` event.
   * @param {...any} args
   */
  write(...args) {
    return this.send(...args);
  }

  /**
   * Sends a packet of this namespace; some adapters call it.
   * @param {Packet} packet
   * @param {any} [opts]
   */
  packet(packet, opts = {}) {
    packet.nsp = this.nsp.name;
    opts.compress = opts.compress !== false;
    this.client._packet(packet, opts);
  }

  /** @param {boolean} value whether the transport may compress the next packet */
  compress(value) {
    this.flags.compress = value;
    return this;
  }

  /** The next packet may be lost if the client is not ready for it. */
  get volatile() {
    this.flags.volatile = true;
    return this;
  }

  /** @param {number} ms how long to wait for the acknowledgement of the next event */
  timeout(ms) {
    this.flags.timeout = ms;
    return this;
  }

  /**
   * Resolves when the client has taken what it was sent so far, or has left.
   * Errors: rejects at the timeout; the error's `sockets` has this one.
   * @param {{ timeout?: number }} [options] in milliseconds; it goes before `timeout()`
   * @returns {Promise<void>}
   */
  drained({ timeout = this._flags?.timeout } = {}) {
    this._flags = undefined;
    return awaitDrained([this], timeout);
  }

  /** A broadcast to everybody else, with the flags set so far. */
  get broadcast() {
    const flags = this._flags ?? {};
    this._flags = undefined;
    return new BroadcastOperator(this.adapter, new Set(), new Set([this.id]), flags);
  }

  /** A broadcast to everybody else on this server of the cluster. */
  get local() {
    return this.broadcast.local;
  }

  /** @param {Rooms} rooms */
  to(rooms) {
    return this.broadcast.to(rooms);
  }

  /** @param {Rooms} rooms */
  in(rooms) {
    return this.broadcast.in(rooms);
  }

  /** @param {Rooms} rooms */
  except(rooms) {
    return this.broadcast.except(rooms);
  }

  /**
   * Joins rooms; nothing happens once the socket has left its namespace.
   * @param {Rooms} rooms
   * @returns {Promise<void> | void} what the adapter returns
   */
  join(rooms) {
    if (this._hasLeft) return undefined;
    debug('join room %s', rooms);
    const names = new Set(Array.isArray(rooms) ? rooms : [rooms]);
    return mayJoin(this, names) ? this.adapter.addAll(this.id, names) : undefined;
  }

  /**
   * Leaves a room.
   * @param {string} room
   * @returns {Promise<void> | void} what the adapter returns
   */
  leave(room) {
    debug('leave room %s', room);
    return this.adapter.del(this.id, room);
  }

  /** Leaves every room, that of the socket's id included. */
  leaveAll() {
    this.adapter.delAll(this.id);
  }

  /**
   * Disconnects from the namespace.
   * @param {boolean} [close] whether to close the connection, with all its namespaces
   */
  disconnect(close = false) {
    if (!this.connected) return this;
    if (close) this.client._disconnect();
    else {
      this.packet({ type: PacketType.DISCONNECT });
      this._onclose('server namespace disconnect');
    }
    return this;
  }

  /**
   * Adds a middleware, run for each received event before its handlers.
   * @param {import('../base/middleware').Middleware<any>} middleware
   */
  use(middleware) {
    this.fns.push(middleware);
    this._observeIncoming();
    return this;
  }

  /** Somebody looks at the events that come: handlers in C++ get them behind that. */
  _observeIncoming() {
    this.nsp.nativeSide?.suspend(this);
  }

  /**
   * Takes up the session of an earlier connection: its rooms, and the packets it missed.
   * @param {import('./recovery').Session} session
   */
  resume(session) {
    for (const room of session.rooms) this.join(room);
    sendMissed(this, session);
  }

  /** Opens the socket: it joins the room of its id, and the client is told. */
  _onconnect() {
    debug('socket connected - writing packet');
    this.connected = true;
    this.join(this.id);
    this.nsp.nativeSide?.enter(this);
    const data = this.conn.protocol === 3 ? undefined : { sid: this.id, pid: this.pid };
    this.packet({ type: PacketType.CONNECT, data });
  }

  /**
   * Tells the client that a middleware did not let it in.
   * @param {any} err
   */
  refuse(err) {
    const data =
      this.conn.protocol === 3 ? err.data || err.message : { message: err.message, data: err.data };
    this.packet({ type: PacketType.CONNECT_ERROR, data });
  }

  /**
   * Takes a packet of the client.
   * @param {Packet} packet
   */
  _onpacket(packet) {
    if (packet.type === PacketType.EVENT || packet.type === PacketType.BINARY_EVENT) {
      this.onevent(packet);
    } else if (packet.type === PacketType.ACK || packet.type === PacketType.BINARY_ACK) {
      this.receiveAck(packet.data, packet.id);
    } else if (packet.type === PacketType.DISCONNECT) {
      debug('got packet %j', packet);
      debug('got disconnect packet');
      this._onclose('client namespace disconnect');
    }
  }

  /** Takes the packet of an event. Plugins from before `onAny()` replace it to listen to any event. */
  get onevent() {
    return onevent;
  }

  /**
   * From then on `onevent` sees every event, and none is plain any more. An assignment to the prototype
   * means all sockets.
   */
  set onevent(value) {
    Object.defineProperty(this, 'hasPlainEvents', { value: false, configurable: true });
    Object.defineProperty(this, 'onevent', { value, ...ORDINARY });
    this.nsp?.nativeSide?.suspend(this);
  }

  /** Whether received events are plain: they concern nobody but their handlers. */
  get hasPlainEvents() {
    return this._anyListeners.length === 0 && (this._fns === undefined || this._fns.length === 0);
  }

  /**
   * Takes an event: catch-all listeners and middlewares run now, the handlers in a later tick.
   * @param {any[]} event its name and its arguments
   * @param {number | null | undefined} id present where the client wants an acknowledgement
   */
  receiveEvent(event, id) {
    if (trace.isOn) trace.event(this, event, id);
    if (id !== undefined && id !== null) event.push(createAck(this, id));
    if (this.hasPlainEvents && this.nsp.nativeSide === undefined) handleSoon(this, event);
    else takeChecked(this, event, id);
  }

  /**
   * Takes an acknowledgement.
   * @param {any[] | undefined} data
   * @param {any} id
   */
  receiveAck(data, id) {
    const callback = this._acks?.get(id) ?? this.nsp.awaitedAnswers.take(id, this.id);
    if (trace.isOn) trace.ack(this, data, id, callback);
    if (typeof callback !== 'function') return void debug('bad ack %s', id);
    this.forgetAck(id);
    callAck(this, callback, data ?? []);
  }

  /**
   * Stops waiting for an acknowledgement.
   * @param {number} id
   */
  forgetAck(id) {
    this._acks?.delete(id);
  }

  /**
   * Emits an error: of a middleware, or of a client that broke the protocol.
   * @param {Error} err
   */
  _onerror(err) {
    emitLocally.call(this, 'error', err);
  }

  /**
   * Ends the socket.
   * @param {string} reason
   * @param {any} [details] of the transport
   */
  _onclose(reason, details) {
    if (!this.connected) return;
    debug('closing socket - reason %s', reason);
    emitLocally.call(this, 'disconnecting', reason, details);
    this.nsp.nativeSide?.leave(this, reason);
    keepSession(this, reason);
    this._cleanup();
    this.client._remove(this);
    this.connected = false;
    this._tellEnd(reason, details);
  }

  /** Takes the socket out of its rooms and its namespace. */
  _cleanup() {
    this.leaveAll();
    this.nsp._remove(this);
    this._hasLeft = true;
    giveUpAcks(this);
  }
}

/** What this side and handlers in C++ know of the socket in common. */
defineReplaceable(Socket.prototype, 'native', function () {
  return this.nsp.openNative().attributesOf(this);
});

/** Bytes that were sent and that the connection of the client has not taken. */
defineReplaceable(Socket.prototype, 'bufferedAmount', function () {
  return this.conn.bufferedAmount;
});

module.exports = { Socket };
