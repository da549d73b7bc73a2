/**
 * The demo of the dashboard: an application with a few clients that are made up, and a token that one has to know.
 * `node examples/dashboard` serves it on PORT (default 3000, 0 picks a free one). TOKEN sets the token.
 */
'use strict';

const crypto = require('node:crypto');
const http = require('node:http');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { Server } = require('../..');
const dashboard = require('.');

const FRAME_MS = 100;
const FRAME = crypto.randomBytes(64 * 1024);
const ROOMS = ['lobby', 'kitchen', 'garden', 'library', 'workshop', 'roof'];

/** @param {string} text */
const digest = (text) => crypto.createHash('sha256').update(text).digest();

/**
 * A middleware that lets in who has the token.
 * @param {string} token
 */
function byToken(token) {
  const expected = digest(token);
  return (/** @type {any} */ socket, /** @type {(error?: Error) => void} */ next) => {
    // It may be any value: whoever connects has chosen it.
    const { token: given } = socket.handshake.auth;
    if (typeof given !== 'string') {
      next(new Error('The token is in the address that the server has printed.'));
      return;
    }
    const isRight = crypto.timingSafeEqual(digest(given), expected);
    next(isRight ? undefined : new Error('This token is not the right one.'));
  };
}

/**
 * An application with rooms, and one room that gets a picture ten times a second.
 * @param {string} token
 */
function createDemo(token) {
  const httpServer = http.createServer((_req, res) => void res.writeHead(404).end('Not found\n'));
  const io = new Server(httpServer, { pingInterval: 3000 });
  const timer = setInterval(() => io.to('film').emit('frame', FRAME), FRAME_MS);
  for (const nsp of [io, io.of('/games')]) {
    nsp.on('connection', (/** @type {any} */ socket) => {
      socket.on('join', (/** @type {any} */ room) => {
        if (ROOMS.includes(room) || room === 'film') socket.join(room);
      });
      socket.on('say', (/** @type {string} */ room, /** @type {string} */ text) => {
        socket.to(room).emit('said', text);
      });
    });
  }

  dashboard(io, { allow: byToken(token) });

  const close = async () => {
    clearInterval(timer);
    await io.close();
  };
  return { httpServer, io, close };
}

function main() {
  const token = process.env.TOKEN ?? crypto.randomBytes(9).toString('base64url');
  const { httpServer, close } = createDemo(token);
  httpServer.listen(Number(process.env.PORT ?? 3000), () => {
    const { port } = /** @type {import('node:net').AddressInfo} */ (httpServer.address());
    const url = `http://localhost:${port}`;
    // On a thread of its own: the figures are those of the server.
    const crowd = new Worker(path.join(__dirname, 'crowd.js'), { workerData: { url, ROOMS } });
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
      process.once(signal, () => Promise.all([crowd.terminate(), close()]));
    }
    console.log(`The dashboard is on ${url}/__beast/#token=${encodeURIComponent(token)}`);
  });
}

if (require.main === module) main();

module.exports = { createDemo, main };
