/**
 * Official clients that take nothing for a while.
 */
'use strict';

/**
 * Has a client read nothing, or poll no more. The poll that waits takes an event first.
 * @param {{ client: any, socket: any }} pair both ends of the connection
 * @returns {Promise<() => void>} has it go on
 */
async function stall({ client, socket }) {
  const { transport } = client.io.engine;
  if (transport.name === 'websocket') {
    const { _socket: stream } = transport.ws;
    stream.pause();
    return () => stream.resume();
  }
  await new Promise((resolve) => {
    transport.doPoll = resolve;
    socket.emit('the last before');
  });
  return () => {
    delete transport.doPoll;
    transport.doPoll();
  };
}

/**
 * Text that a stalled client cannot take: more than systems take for one that does not read. Without polls nothing
 * is taken.
 * @type {Record<string, { chunk: string, count: number }>}
 */
const LOADS = {
  polling: { chunk: 'x'.repeat(50_000), count: 20 },
  websocket: { chunk: 'x'.repeat(1_000_000), count: 16 },
};

module.exports = { LOADS, stall };
