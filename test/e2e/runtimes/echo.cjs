/**
 * Runs in Bun and Deno: listens on a port of its own, echoes to the official client by each transport,
 * asks for TLS, and prints what it saw as JSON.
 */
'use strict';

const { once } = require('node:events');
const { io: connect } = require('socket.io-client');
const { Server } = require('../../..');
const { Engine } = require('../../../lib/engine');

async function main() {
  const io = new Server(0);
  /** @type {Record<string, unknown>} */
  const seen = { isNative: io.engine instanceof Engine };
  io.on('connection', (socket) => {
    socket.on('echo', (value, answer) => answer(value));
  });
  if (!io.httpServer.listening) await once(io.httpServer, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (io.httpServer.address());
  for (const transport of ['websocket', 'polling']) {
    const client = connect(`http://localhost:${port}`, { transports: [transport], forceNew: true });
    const value = ['é', Buffer.from('bytes')];
    const answer = await client.timeout(10_000).emitWithAck('echo', value);
    seen[transport] = [answer[0], String(answer[1])];
    client.close();
  }
  try {
    void new Server(0, { tls: { key: 'k', cert: 'c' } });
  } catch (error) {
    seen.tls = /** @type {any} */ (error).code;
  }
  console.log(JSON.stringify(seen));
  process.exit();
}

main();
