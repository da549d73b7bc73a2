/**
 * Runs in other runtimes than the tests': listens on a port of its own, echoes to the official client by
 * each transport, does the same with TLS, and prints what it saw as JSON.
 * Arguments: the files of a key and of its certificate.
 */
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const { io: connect } = require('socket.io-client');
const { Server } = require('../../..');
const { Engine } = require('../../../lib/engine');

/**
 * Serves on a port, and sends what comes back.
 * @param {object} options of the server
 * @param {string[]} transports
 */
async function echo(options, transports) {
  const io = new Server(0, options);
  io.on('connection', (socket) => {
    socket.on('echo', (value, answer) => answer(value));
  });
  if (!io.httpServer.listening) await once(io.httpServer, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (io.httpServer.address());
  const scheme = 'tls' in options ? 'https' : 'http';
  /** @type {Record<string, unknown>} */
  const seen = { isNative: io.engine instanceof Engine };
  for (const transport of transports) {
    const client = connect(`${scheme}://localhost:${port}`, {
      transports: [transport],
      forceNew: true,
      rejectUnauthorized: false,
    });
    const value = ['é', Buffer.from('bytes')];
    const answer = await client.timeout(10_000).emitWithAck('echo', value);
    seen[transport] = [answer[0], String(answer[1])];
    client.close();
  }
  return seen;
}

async function main() {
  const [key, cert] = process.argv.slice(2).map((file) => fs.readFileSync(file, 'utf8'));
  const transports = ['websocket', 'polling'];
  const plain = await echo({}, transports);
  const secure = await echo({ tls: { key, cert } }, transports).catch((error) => error.code);
  console.log(JSON.stringify({ plain, secure }));
  process.exit();
}

main();
