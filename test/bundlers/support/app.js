'use strict';

/**
 * The application that is bundled: servers on every door, which echo. It tells their URLs and whether
 * the addon serves, and ends when it is told so.
 */

const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const path = require('node:path');
const { Server } = require('socket.io');

async function main() {
  const [, , certificate] = process.argv;
  const { key, cert } = JSON.parse(certificate);
  const doors = {
    'own port': new Server(0),
    'own port with TLS': new Server(0, { tls: { key, cert } }),
    'http attached': new Server(http.createServer().listen(0)),
    'https attached': new Server(https.createServer({ key, cert }).listen(0)),
  };
  /** @type {Record<string, string>} */
  const urls = {};
  for (const [door, io] of Object.entries(doors)) {
    io.on('connection', (socket) => socket.on('echo', (value, done) => done(value)));
    if (!io.httpServer.listening) await once(io.httpServer, 'listening');
    const scheme = /TLS|https/.test(door) ? 'https' : 'http';
    urls[door] = `${scheme}://localhost:${io.httpServer.address().port}`;
  }
  const { sharedObjects } = process.report.getReport();
  const addon = sharedObjects.find((file) => path.basename(file) === 'beastio.node');
  console.log(JSON.stringify({ urls, addon }));
  process.stdin.resume().once('end', () => {
    for (const io of Object.values(doors)) io.close();
  });
}

main();
