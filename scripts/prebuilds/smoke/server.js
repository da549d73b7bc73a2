'use strict';

/**
 * A server with a door of each kind, in a Node that the smoke test chooses. It prints where it listens and which files of
 * the addon it has loaded, and closes when its input ends. Arguments: the package, and the files of a key and of its
 * certificate. With the genuine package, which has no port of its own, every door is an attached one.
 */

const { once } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');

const OPTIONS = {
  perMessageDeflate: { threshold: 1024 },
  httpCompression: { threshold: 1024 },
  maxHttpBufferSize: 1e7,
};

/** @param {import('socket.io').Server} io */
function serve(io) {
  io.use((socket, next) =>
    next(socket.handshake.auth.is === 'wrong' ? new Error('no') : undefined),
  );
  io.on('connection', (socket) => {
    socket.join('all');
    socket.on('echo', (/** @type {any[]} */ ...values) => values.pop()(...values));
    socket.on('say', (value) => socket.to('all').emit('said', value));
    socket.on('shout', (value) => io.to('all').emit('shouted', value));
    socket.on('transport', (answer) => answer(socket.conn.transport.name));
    socket.on('go', () => socket.disconnect());
    socket.on('disconnect', (reason) => io.emit('left', reason));
  });
}

/** The files of the addon that this process has mapped. Only Linux tells them without a whole report. */
function loadedFiles() {
  const maps = fs.existsSync('/proc/self/maps')
    ? fs.readFileSync('/proc/self/maps', 'utf8')
    : /** @type {any} */ (process.report.getReport()).sharedObjects.join('\n');
  const files = [...maps.matchAll(/\/(prebuilds\/[^/]+\/[^/]+\.node)$/gm)].map(([, file]) => file);
  return [...new Set(files)].sort();
}

async function main() {
  const [name, keyFile, certFile] = process.argv.slice(2);
  const { Server } = require(name);
  const isGenuine = name === 'socket.io';
  const secure = { key: fs.readFileSync(keyFile), cert: fs.readFileSync(certFile) };
  const attached = http.createServer();
  const doors = {
    attached: new Server(attached, OPTIONS),
    port: new Server(isGenuine ? http.createServer().listen(0) : 0, OPTIONS),
    'port with TLS': isGenuine
      ? new Server(https.createServer(secure).listen(0), OPTIONS)
      : new Server(0, { ...OPTIONS, tls: secure }),
  };
  attached.listen(0);
  /** @type {Record<string, number>} */
  const ports = {};
  for (const [door, io] of Object.entries(doors)) {
    serve(io);
    if (!io.httpServer.listening) await once(io.httpServer, 'listening');
    ports[door] = io.httpServer.address().port;
  }
  const { arch, version } = process;
  console.log(JSON.stringify({ ports, files: loadedFiles(), arch, version }));
  process.stdin.resume();
  await once(process.stdin, 'end');
  for (const io of Object.values(doors)) await io.close();
  console.log('closed');
}

main();
