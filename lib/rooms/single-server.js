/**
 * What an adapter without a cluster knows: there is no other server. This is a layer over an adapter
 * class of socket.io-adapter.
 */
'use strict';

/**
 * @param {any} Base an Adapter class of socket.io-adapter
 * @returns {any} the class with answers for a single server
 */
function withSingleServer(Base) {
  class SingleServer extends Base {
    /**
     * Sends an event to the other servers, of which there is none: an acknowledgement is complete
     * at once.
     * @param {any[]} packet
     */
    serverSideEmit(packet) {
      const ack = packet[packet.length - 1];
      if (typeof ack === 'function') process.nextTick(ack, null, []);
      else super.serverSideEmit(packet);
    }
  }
  // Applications and tools look at the name of a namespace's adapter.
  Object.defineProperty(SingleServer, 'name', { value: Base.name });
  return SingleServer;
}

module.exports = { withSingleServer };
