/**
 * Recovery of clients that no event has reached yet. This is a layer over the session-aware adapter of
 * socket.io-adapter. That adapter recovers a client only if the client names the last event that it got (its
 * offset).
 *
 * A client without an offset has missed all that was sent to it since it connected. So it can be
 * recovered while the adapter still has every packet of that time. Packets are counted. A session knows
 * how many there were when it began, and when it joined a room later. Bound: an entry for each socket, and
 * one for each of its rooms that was joined after other packets.
 */
'use strict';

/**
 * @typedef {object} Beginning of what a session can have missed
 * @property {number} start how many packets there were when it connected
 * @property {Map<string, number>} [later] the same for rooms that it joined after further packets
 */
/** @typedef {{ sid: string, pid: string, rooms: string[], disconnectedAt: number }} Session */
/** @typedef {{ data: any[], opts: { rooms: Set<string>, except?: Set<string> } }} StoredPacket */

/**
 * @param {any} Base a session-aware adapter class
 * @returns {any} the class that also restores sessions without an offset
 */
function withSessionLog(Base) {
  class SessionLog extends Base {
    /** How many packets were stored so far. */
    #count = 0;
    /** The last one of these. @type {StoredPacket | undefined} */
    #last = undefined;
    /** Of the connected sockets, by id. @type {Map<string, Beginning>} */
    #beginnings = new Map();
    /** Of the sessions that may be restored. @type {WeakMap<Session, Beginning>} */
    #persisted = new WeakMap();

    /** Whether `restoreSession` takes `undefined` for the offset; read by the namespace. */
    get restoresWithoutOffset() {
      return true;
    }

    /**
     * @param {string} id
     * @param {Set<string>} rooms
     */
    addAll(id, rooms) {
      if (this.nsp.sockets.has(id)) this.#noteJoin(id, rooms);
      return super.addAll(id, rooms);
    }

    /**
     * @param {string} id
     * @param {string} room
     */
    del(id, room) {
      this.#beginnings.get(id)?.later?.delete(room);
      return super.del(id, room);
    }

    /** @param {string} id */
    delAll(id) {
      this.#beginnings.delete(id);
      return super.delAll(id);
    }

    /**
     * @param {any} packet
     * @param {any} opts
     */
    broadcast(packet, opts) {
      try {
        super.broadcast(packet, opts);
      } finally {
        this.#countNew();
      }
    }

    /** @param {Session} session */
    persistSession(session) {
      super.persistSession(session);
      const beginning = this.#beginnings.get(session.sid);
      if (beginning !== undefined) this.#persisted.set(session, beginning);
    }

    /**
     * @param {string} pid
     * @param {string | undefined} offset undefined: no event has reached the client
     */
    restoreSession(pid, offset) {
      const session = this.sessions.get(pid);
      const beginning = session && this.#persisted.get(session);
      const restored =
        offset === undefined
          ? beginning && this.#restoreFrom(session, beginning)
          : super.restoreSession(pid, offset);
      // It counts until an event has arrived: the connection may be lost before.
      if (restored && beginning) this.#beginnings.set(session.sid, beginning);
      return restored;
    }

    /**
     * @param {Session} session
     * @param {Beginning} beginning
     */
    #restoreFrom(session, beginning) {
      const { rooms } = session;
      const hasExpired = session.disconnectedAt + this.maxDisconnectionDuration < Date.now();
      const dropped = this.#count - this.packets.length;
      if (hasExpired || beginning.start < dropped) return undefined;
      const missedPackets = this.packets
        .filter((/** @type {StoredPacket} */ packet, /** @type {number} */ i) =>
          isAddressed(packet, dropped + i, rooms, beginning),
        )
        .map((/** @type {StoredPacket} */ { data }) => data);
      return { ...session, missedPackets };
    }

    /**
     * Order: before the rooms are joined.
     * @param {string} id
     * @param {Set<string>} rooms
     */
    #noteJoin(id, rooms) {
      const beginning = this.#beginnings.get(id);
      if (beginning === undefined) {
        this.#beginnings.set(id, { start: this.#count });
        return;
      }
      if (beginning.start === this.#count) return;
      const present = this.sids.get(id);
      for (const room of rooms) {
        if (!present?.has(room)) (beginning.later ??= new Map()).set(room, this.#count);
      }
    }

    /** Counts the packets that were stored since the last call: listeners of one may send further ones. */
    #countNew() {
      const { packets } = this;
      let i = packets.length;
      while (i > 0 && packets[i - 1] !== this.#last) i--;
      this.#count += packets.length - i;
      this.#last = packets.at(-1) ?? this.#last;
    }
  }
  // Applications and tools look at the name of a namespace's adapter.
  Object.defineProperty(SessionLog, 'name', { value: Base.name });
  return SessionLog;
}

/**
 * Whether a packet was for a session: to everybody, or to a room that it was in at the time and has not
 * left.
 * @param {StoredPacket} packet
 * @param {number} number of the packet
 * @param {string[]} sessionRooms
 * @param {Beginning} beginning
 */
function isAddressed({ opts: { rooms, except } }, number, sessionRooms, { start, later }) {
  if (number < start || sessionRooms.some((room) => except?.has(room))) return false;
  if (rooms.size === 0) return true;
  return sessionRooms.some((room) => rooms.has(room) && number >= (later?.get(room) ?? start));
}

module.exports = { withSessionLog };
