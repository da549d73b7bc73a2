/**
 * Runs in other runtimes than that of the tests. It listens on a port by itself, echoes to the official
 * client by each transport, answers another path, and closes. It does the same with TLS, and prints what it
 * saw as JSON. Arguments: the files of a key and of its certificate.
 */
'use strict';

const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const { io: connect } = require('socket.io-client');
const { Server } = require('../../..');
const { Engine } = require('../../../lib/engine');

/**
 * Serves on a port, and sends what comes back.
 * @param {object} options of the server
 * @param {string[]} transports
 */
async function echo(options, transports) {
  let handled = 0;
  /** @type {import('node:http').RequestListener} */
  const requestListener = (req, res) => {
    handled++;
    res.end(`other ${req.url}`);
  };
  const io = new Server(0, /** @type {any} */ ({ ...options, requestListener }));
  io.on('connection', (socket) => {
    socket.on('echo', (value, answer) => answer(value));
  });
  if (!io.httpServer.listening) await once(io.httpServer, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (io.httpServer.address());
  const scheme = 'tls' in options ? 'https' : 'http';
  /** @type {Record<string, unknown>} */
  const seen = { isNative: io.engine instanceof Engine, isOnOwnPort: Boolean(io.engine.port) };
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
  const other = await ask(scheme, port, '/other');
  const bundle = await ask(scheme, port, '/socket.io/socket.io.js');
  const closed = once(io.httpServer, 'close');
  await io.close();
  await closed;
  return { ...seen, other, bundle: bundle.length > 10_000, handled };
}

/**
 * @param {string} scheme
 * @param {number} port
 * @param {string} path
 * @returns {Promise<string>}
 */
async function ask(scheme, port, path) {
  const { get } = scheme === 'https' ? https : http;
  const options = { port, path, agent: false, rejectUnauthorized: false };
  const [res] = await once(get(options), 'response');
  let body = '';
  for await (const chunk of res) body += chunk;
  return body;
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
