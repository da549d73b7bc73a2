/**
 * Rooms whose broadcasts are one native command, whatever the number of members. This is a layer over an
 * adapter class of socket.io-adapter. That class keeps the lists that applications read; this layer tells
 * the I/O threads of them.
 *
 * The I/O threads know a room by a number, and from its second member on. So the room that every socket
 * has for itself costs nothing there: it is addressed by its session.
 */
'use strict';

const { SetMap } = require('./set-map');

/** @typedef {import('../engine/engine').Engine} Engine */
/** @typedef {import('../engine/session/session').Socket} Session */
/**
 * @typedef {object} Member What rooms need of a socket of the namespace.
 * @property {string} id
 * @property {{ nativeSession: Session | undefined }} client `nativeSession` is told the socket's rooms
 *   (`joinRoom`, `leaveRoom`); undefined: another engine carries the client
 * @property {unknown[]} _anyOutgoingListeners
 */

// Numbers of rooms are given once per process: a namespace may have sessions of several engines.
let lastNumber = 0;
/** @type {number[]} */
const freeNumbers = [];

function takeNumber() {
  return freeNumbers.pop() ?? ++lastNumber;
}

/**
 * @param {any} Base an Adapter class of socket.io-adapter
 * @returns {any} the class with native broadcasts
 */
function withNativeRooms(Base) {
  class NativeRooms extends Base {
    /** Numbers of the rooms that the I/O threads know. @type {Map<string, number>} */
    #numbers = new Map();
    /** The number of the room that all sockets of the namespace are in; 0: there is none yet. */
    #everyone = 0;
    /** Engines whose sessions are members. @type {Set<Engine>} */
    #engines = new Set();
    /** Whether there was a member that is not a session of the native engine. */
    #hasForeign = false;
    /** The packet that is being broadcast natively at the moment. @type {any} */
    #packet;
    /** Its messages, once `_encode` was called. @type {any[] | undefined} */
    #encoded;

    /** @param {any} nsp */
    constructor(nsp) {
      super(nsp);
      this.rooms = new SetMap();
      this.sids = new SetMap();
    }

    /**
     * @param {string} id
     * @param {Set<string>} rooms
     */
    addAll(id, rooms) {
      const session = this.#sessionOf(id); // none before it is connected
      if (session !== undefined && (rooms.has(id) || !this.sids.has(id))) {
        this.#enter(id, session);
      }
      const isFirst = rooms.size === 1 && rooms.has(id) && !this.sids.has(id);
      if (!isFirst || this.rooms.has(id) || this.#isHeard('create-room', 'join-room')) {
        return super.addAll(id, rooms);
      }
      this.sids.setLone(id, id);
      this.rooms.setLone(id, id);
    }

    /** @param {string} id */
    delAll(id) {
      const isAlone = this.sids.lone(id) === id && this.rooms.lone(id) === id;
      if (isAlone && !this.#isHeard('leave-room', 'delete-room')) {
        this.sids.delete(id);
        this.rooms.delete(id);
      } else {
        super.delAll(id);
      }
      if (this.#everyone !== 0) this.#sessionOf(id)?.leaveRoom(this.#everyone);
    }

    /**
     * The base class emits each change of its lists. The I/O threads are told first, then the
     * application, whose listeners may broadcast to the room.
     * @param {string} event
     * @param {...any} args
     */
    emit(event, ...args) {
      if (event === 'join-room') this.#join(args[0], args[1]);
      else if (event === 'leave-room') this.#leave(args[0], args[1]);
      else if (event === 'delete-room') this.#forget(args[0]);
      return super.emit(event, ...args);
    }

    /** Usually all sockets have left before. Any others are reached one by one from now on. */
    close() {
      for (const [id, rooms] of this.sids) {
        const session = this.#sessionOf(id);
        if (session === undefined) continue;
        if (this.#everyone !== 0) session.leaveRoom(this.#everyone);
        for (const room of rooms) {
          const number = this.#numbers.get(room);
          if (number !== undefined) session.leaveRoom(number);
        }
      }
      for (const number of this.#numbers.values()) freeNumbers.push(number);
      this.#numbers.clear();
      if (this.#everyone !== 0) freeNumbers.push(this.#everyone);
      this.#everyone = 0;
      return super.close();
    }

    /**
     * @param {any} packet
     * @param {any} opts
     */
    broadcast(packet, opts) {
      if (!this.#canFanOut(opts)) return super.broadcast(packet, opts);
      this.#packet = packet;
      try {
        super.broadcast(packet, opts); // encodes and applies, by the two methods below
      } finally {
        this.#packet = undefined;
        this.#encoded = undefined;
      }
    }

    /**
     * @param {any} packet
     * @param {any} opts
     * @param {(clientCount: number) => void} onClientCount
     * @param {(...args: any[]) => void} ack called with the answer of each client
     */
    broadcastWithAck(packet, opts, onClientCount, ack) {
      if (!this.#canFanOut(opts)) return super.broadcastWithAck(packet, opts, onClientCount, ack);
      packet.nsp = this.nsp.name;
      packet.id = this.nsp._ids++;
      const encoded = this.encoder.encode(packet);
      const recipients = new Set();
      super.apply(opts, (/** @type {any} */ socket) => recipients.add(socket.id));
      const { size } = recipients;
      if (size !== 0) {
        this.nsp.awaitedAnswers.expect(packet.id, recipients, ack);
        this.#fanOut(opts, encoded);
      }
      onClientCount(size);
    }

    /**
     * @param {any} packet
     * @param {any} packetOpts
     */
    _encode(packet, packetOpts) {
      if (this.#packet === undefined) return super._encode(packet, packetOpts);
      this.#encoded = this.encoder.encode(packet);
      return this.#encoded;
    }

    /**
     * @param {any} opts
     * @param {(socket: any) => void} callback
     */
    apply(opts, callback) {
      const packet = this.#packet;
      const encoded = this.#encoded;
      if (packet === undefined || encoded === undefined) return super.apply(opts, callback);
      this.#fanOut(opts, encoded);
    }

    /**
     * Whether the application listens to one of two events.
     * @param {string} one
     * @param {string} other
     */
    #isHeard(one, other) {
      return this.listenerCount(one) > 0 || this.listenerCount(other) > 0;
    }

    // Which sessions are members, as the I/O threads know it.

    /**
     * The session of a connected socket, if it is one of the native engine.
     * @param {string} id
     * @returns {Session | undefined}
     */
    #sessionOf(id) {
      /** @type {Member | undefined} */
      const socket = this.nsp.sockets.get(id);
      if (socket === undefined) return undefined;
      const session = socket.client.nativeSession;
      if (session === undefined) this.#hasForeign = true;
      else this.#engines.add(session.server);
      return session;
    }

    /**
     * A socket is connected. It may be in rooms since before.
     * @param {string} id
     * @param {Session} session
     */
    #enter(id, session) {
      if (this.#everyone === 0) this.#everyone = takeNumber();
      session.joinRoom(this.#everyone);
      for (const room of this.sids.get(id) ?? []) this.#join(room, id);
    }

    /**
     * @param {string} room whose list has the socket already
     * @param {string} id
     */
    #join(room, id) {
      const number = this.#numbers.get(room);
      if (number !== undefined) {
        this.#sessionOf(id)?.joinRoom(number);
        return;
      }
      const members = this.rooms.get(room);
      if (members === undefined || members.size < 2) return;
      const fresh = takeNumber();
      this.#numbers.set(room, fresh);
      for (const member of members) this.#sessionOf(member)?.joinRoom(fresh);
    }

    /**
     * @param {string} room
     * @param {string} id
     */
    #leave(room, id) {
      const number = this.#numbers.get(room);
      if (number !== undefined) this.#sessionOf(id)?.leaveRoom(number);
    }

    /** @param {string} room that has no members any more */
    #forget(room) {
      const number = this.#numbers.get(room);
      if (number === undefined) return;
      this.#numbers.delete(room);
      freeNumbers.push(number);
    }

    // Broadcasting.

    /**
     * Whether the I/O threads may do a broadcast: nobody in JavaScript has to see each recipient's packet.
     * @param {any} opts
     */
    #canFanOut(opts) {
      if (this.#hasForeign) return false;
      for (const engine of this.#engines) if (engine.observesPackets) return false;
      return this.nsp.outgoingObservers === undefined || !this.#hasObserver(opts);
    }

    /**
     * Whether a recipient listens to outgoing packets. What its listeners send, leave or throw comes
     * between the packets of two recipients.
     * @param {any} opts
     */
    #hasObserver({ rooms, except }) {
      for (const socket of /** @type {Set<Member>} */ (this.nsp.outgoingObservers)) {
        const joined = this.sids.get(socket.id);
        if (socket._anyOutgoingListeners.length === 0 || joined === undefined) continue;
        const isIn = (/** @type {Set<string> | undefined} */ list) =>
          [...(list ?? [])].some((room) => joined.has(room));
        if ((rooms.size === 0 || isIn(rooms)) && !isIn(except)) return true;
      }
      return false;
    }

    /**
     * @param {any} opts
     * @param {any[]} encoded
     */
    #fanOut(opts, encoded) {
      const audience = this.#audienceOf(opts);
      if (audience.rooms.length + audience.sessions.length === 0) return;
      for (const engine of this.#engines) engine.broadcast(audience, encoded, opts.flags);
    }

    /**
     * Whom a broadcast is for, in the terms of the I/O threads.
     * @param {any} opts
     */
    #audienceOf(opts) {
      /** @type {import('../engine/wire/command-writer').Audience} */
      const audience = { rooms: [], exceptRooms: [], sessions: [], exceptSessions: [] };
      if (opts.rooms.size === 0) {
        if (this.#everyone !== 0) audience.rooms.push(this.#everyone);
        else this.#addSessions(this.sids.keys(), audience.sessions);
      } else {
        for (const room of opts.rooms) this.#address(room, audience.rooms, audience.sessions);
      }
      for (const room of opts.except ?? []) {
        this.#address(room, audience.exceptRooms, audience.exceptSessions);
      }
      return audience;
    }

    /**
     * Adds a room to an audience: its number, or the sessions of its members if it has none.
     * @param {string} room
     * @param {number[]} numbers
     * @param {Session[]} sessions
     */
    #address(room, numbers, sessions) {
      const number = this.#numbers.get(room);
      if (number !== undefined) {
        numbers.push(number);
        return;
      }
      const only = this.rooms.lone(room);
      this.#addSessions(only === undefined ? (this.rooms.get(room) ?? []) : [only], sessions);
    }

    /**
     * @param {Iterable<string>} ids
     * @param {Session[]} sessions
     */
    #addSessions(ids, sessions) {
      for (const id of ids) {
        const session = this.#sessionOf(id);
        if (session !== undefined) sessions.push(session);
      }
    }
  }
  // Applications and tools look at the name of a namespace's adapter.
  Object.defineProperty(NativeRooms, 'name', { value: Base.name });
  return NativeRooms;
}

module.exports = { withNativeRooms };
