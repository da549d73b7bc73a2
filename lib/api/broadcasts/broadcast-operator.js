/**
 * A broadcast under construction: to which rooms, except which, with which flags. It never changes: each
 * step gives a new operator, so applications can keep a half-built one. The adapter sends the packet.
 */
'use strict';

const { PacketType, assertNotReserved } = require('../../protocol');
const { BroadcastAcks } = require('./broadcast-acks');
const { checkData } = require('./check-data');
const { awaitDrained, socketsOf } = require('./drain-wait');
const { onGivenUp } = require('../base/give-up');
const { toPromise } = require('../base/to-promise');

/** @typedef {string | string[]} Rooms */

/**
 * @typedef {object} BroadcastFlags
 * @property {boolean} [volatile]
 * @property {boolean} [compress]
 * @property {boolean} [local]
 * @property {number} [timeout]
 * @property {boolean} [expectSingleResponse] the acknowledgement is that of one socket
 */

/**
 * A set with further rooms.
 * @param {Set<string>} set
 * @param {Rooms} rooms
 */
function withRooms(set, rooms) {
  const union = new Set(set);
  if (Array.isArray(rooms)) for (const room of rooms) union.add(room);
  else union.add(rooms);
  return union;
}

class BroadcastOperator {
  /**
   * @param {any} adapter
   * @param {Set<string>} [rooms]
   * @param {Set<string>} [exceptRooms]
   * @param {BroadcastFlags} [flags]
   */
  constructor(adapter, rooms = new Set(), exceptRooms = new Set(), flags = {}) {
    this.adapter = adapter;
    this.rooms = rooms;
    this.exceptRooms = exceptRooms;
    this.flags = flags;
  }

  /**
   * Targets rooms, in addition to those targeted already. A socket in several gets one copy.
   * @param {Rooms} rooms
   */
  to(rooms) {
    const union = withRooms(this.rooms, rooms);
    return new BroadcastOperator(this.adapter, union, this.exceptRooms, this.flags);
  }

  /**
   * The same as `to()`.
   * @param {Rooms} rooms
   */
  in(rooms) {
    return this.to(rooms);
  }

  /**
   * Leaves out the sockets in these rooms.
   * @param {Rooms} rooms
   */
  except(rooms) {
    const union = withRooms(this.exceptRooms, rooms);
    return new BroadcastOperator(this.adapter, this.rooms, union, this.flags);
  }

  /** @param {boolean} compress whether the transport may compress the packet */
  compress(compress) {
    return withFlags(this, { compress });
  }

  /** Clients that are not ready for the packet do not get it. */
  get volatile() {
    return withFlags(this, { volatile: true });
  }

  /** Only the sockets of this server of the cluster are concerned. */
  get local() {
    return withFlags(this, { local: true });
  }

  /** @param {number} timeout how long to wait for acknowledgements, in milliseconds */
  timeout(timeout) {
    return withFlags(this, { timeout });
  }

  /**
   * Sends an event to the targeted sockets.
   * @param {any} event
   * @param {...any} args the last one may be a callback `(err, responses)`; it needs a `timeout()`, or
   *   the option `ackTimeout`
   * @returns {true}
   */
  emit(event, ...args) {
    assertNotReserved(event);
    const callback = args[args.length - 1];
    if (typeof callback === 'function') {
      args.pop();
      emitForAcks(this, [event, ...args], callback);
    } else {
      const data = [event, ...args];
      checkData(this.adapter, data);
      this.adapter.broadcast({ type: PacketType.EVENT, data }, targetOf(this));
    }
    return true;
  }

  /**
   * Sends an event to the targeted sockets and awaits the acknowledgement of each.
   * Errors: rejects at the timeout; the error's `responses` are those that did come in.
   * @param {any} event
   * @param {...any} args
   * @returns {Promise<any>}
   */
  emitWithAck(event, ...args) {
    return toPromise((callback) => this.emit(event, ...args, callback));
  }

  /**
   * The ids of the targeted sockets.
   * @deprecated use `fetchSockets()`
   * @returns {Promise<Set<string>>}
   */
  allSockets() {
    if (!this.adapter) {
      throw new Error(
        'No adapter for this namespace, are you trying to get the list of clients of a dynamic namespace?',
      );
    }
    return this.adapter.sockets(this.rooms);
  }

  /**
   * The targeted sockets: those of this server themselves, the others as `RemoteSocket`.
   * @returns {Promise<any[]>}
   */
  async fetchSockets() {
    const sockets = await this.adapter.fetchSockets(targetOf(this));
    return sockets.map((/** @type {any} */ socket) => localOrRemote(this.adapter, socket));
  }

  /**
   * Resolves when the targeted sockets of this server have taken what they were sent so far. Those that leave
   * are not waited for.
   * Errors: rejects at the timeout; the error's `sockets` are those that have not taken it.
   * @param {{ timeout?: number }} [options] in milliseconds; it goes before `timeout()`
   * @returns {Promise<void>}
   */
  drained({ timeout = this.flags.timeout } = {}) {
    return awaitDrained(socketsOf(this.adapter, targetOf(this)), timeout);
  }

  /**
   * Makes the targeted sockets join rooms.
   * @param {Rooms} rooms
   */
  socketsJoin(rooms) {
    this.adapter.addSockets(targetOf(this), Array.isArray(rooms) ? rooms : [rooms]);
  }

  /**
   * Makes the targeted sockets leave rooms.
   * @param {Rooms} rooms
   */
  socketsLeave(rooms) {
    this.adapter.delSockets(targetOf(this), Array.isArray(rooms) ? rooms : [rooms]);
  }

  /**
   * Disconnects the targeted sockets.
   * @param {boolean} [close] whether to close their connections as well
   */
  disconnectSockets(close = false) {
    this.adapter.disconnectSockets(targetOf(this), close);
  }
}

/**
 * A socket that another server of the cluster holds: what is known of it here, and what can be done
 * with it. Every operation is a broadcast to the room that only this socket is in.
 */
class RemoteSocket {
  /**
   * @param {any} adapter
   * @param {{ id: string, handshake: any, rooms: Iterable<string>, data: any }} details
   */
  constructor(adapter, details) {
    this.id = details.id;
    this.handshake = details.handshake;
    this.rooms = new Set(details.rooms);
    this.data = details.data;
    const flags = { expectSingleResponse: true };
    this.operator = new BroadcastOperator(adapter, new Set([this.id]), new Set(), flags);
  }

  /** @param {number} ms how long to wait for the acknowledgement of the next event */
  timeout(ms) {
    return this.operator.timeout(ms);
  }

  /**
   * Sends an event to the socket.
   * @param {any} event
   * @param {...any} args
   */
  emit(event, ...args) {
    return this.operator.emit(event, ...args);
  }

  /** @param {Rooms} rooms */
  join(rooms) {
    return this.operator.socketsJoin(rooms);
  }

  /** @param {string} room */
  leave(room) {
    return this.operator.socketsLeave(room);
  }

  /** @param {boolean} [close] whether to close its connection as well */
  disconnect(close = false) {
    this.operator.disconnectSockets(close);
    return this;
  }
}

/**
 * The same broadcast with further flags.
 * @param {BroadcastOperator} operator
 * @param {BroadcastFlags} further
 */
function withFlags({ adapter, rooms, exceptRooms, flags }, further) {
  return new BroadcastOperator(adapter, rooms, exceptRooms, { ...flags, ...further });
}

/**
 * The same broadcast with the server's `ackTimeout`, unless it has a timeout already.
 * @param {BroadcastOperator} operator
 */
function withAckTimeout(operator) {
  const { ackTimeout } = operator.adapter.nsp.server.opts;
  if (ackTimeout === undefined || operator.flags.timeout !== undefined) return operator;
  return withFlags(operator, { timeout: ackTimeout });
}

/**
 * Whom the adapter shall reach, and how.
 * @param {BroadcastOperator} operator
 */
function targetOf({ rooms, exceptRooms, flags }) {
  return { rooms, except: exceptRooms, flags };
}

/**
 * Sends an event that every targeted socket shall acknowledge.
 * @param {BroadcastOperator} given
 * @param {any[]} data
 * @param {(err: Error | null, responses: any) => void} callback
 * @returns {BroadcastAcks}
 */
function emitForAcks(given, data, callback) {
  const operator = withAckTimeout(given);
  const { adapter } = operator;
  checkData(adapter, data);
  /** @type {{ type: number, data: any[], id?: number }} */
  const packet = { type: PacketType.EVENT, data };
  const acks = new BroadcastAcks(operator, packet, callback);
  adapter.broadcastWithAck(
    packet,
    targetOf(operator),
    (/** @type {number} */ clientCount) => acks.onServer(clientCount),
    onGivenUp(
      (/** @type {any} */ response) => acks.onResponse(response),
      (err) => acks.onLeaver(err),
    ),
  );
  adapter.serverCount().then((/** @type {number} */ count) => acks.onServerCount(count));
  return acks;
}

/**
 * A socket of this server as it is, one of another server as a `RemoteSocket`.
 * @param {any} adapter
 * @param {any} socket
 */
function localOrRemote(adapter, socket) {
  return socket.server ? socket : new RemoteSocket(adapter, socket);
}

module.exports = { BroadcastOperator, RemoteSocket, emitForAcks };
