/**
 * What is sent while a socket that comes back is on its way: from the look-up of its session until it is
 * connected. This is a layer over the session-aware adapter of socket.io-adapter, which loses that.
 */
'use strict';

const { isFor } = require('./is-for');

/** @typedef {{ data: any[], opts: { rooms: Set<string>, except?: Set<string> } }} StoredPacket */

/**
 * @param {any} Base a session-aware adapter class
 * @returns {any} the class that can tell of later packets
 */
function withLaterPackets(Base) {
  class LaterPackets extends Base {
    /**
     * Begins at what was sent last.
     * @returns {(rooms: string[]) => any[][]} gives the events for these rooms since the last call
     */
    laterPackets() {
      let last = this.packets.at(-1);
      return (rooms) => {
        // Packets leave at the front: where the last one has gone, all that are left are later.
        const later = this.packets.slice(this.packets.lastIndexOf(last) + 1);
        last = later.at(-1) ?? last;
        return later
          .filter((/** @type {StoredPacket} */ { opts }) => isFor(opts, rooms))
          .map((/** @type {StoredPacket} */ { data }) => data);
      };
    }
  }
  // Applications and tools look at the name of a namespace's adapter.
  Object.defineProperty(LaterPackets, 'name', { value: Base.name });
  return LaterPackets;
}

module.exports = { withLaterPackets };
