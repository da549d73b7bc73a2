/**
 * The demo of `npm start`: a chat with rooms, private messages and images on beast.io.
 * `node examples/chat/server.js` serves it on PORT (default 3000, 0 picks a free one).
 * The rules of the chat live in server/, the page that people see in public/.
 */
'use strict';

const http = require('node:http');
const path = require('node:path');
const { Server } = require('../..');
const { Chat } = require('./server/chat');
const { IMAGE_MAX_BYTES } = require('./server/checks');
const { serveStatic } = require('./server/static-files');

/** How long a lost connection may come back and find its nickname, rooms and missed messages. */
const AWAY_MS = 120_000;

/**
 * Composes the chat without listening: the HTTP server, beast.io on top of it, and the rules.
 * @param {{ awayMs?: number }} [options] awayMs: the time a lost person stays known
 */
function createChat({ awayMs = AWAY_MS } = {}) {
  const httpServer = http.createServer(serveStatic(path.join(__dirname, 'public')));
  const io = new Server(httpServer, {
    connectionStateRecovery: { maxDisconnectionDuration: awayMs },
    // Twice an image, so that one that is too large is refused by an answer, not by a cut line.
    maxHttpBufferSize: 2 * IMAGE_MAX_BYTES,
    // Presence is only as honest as the heartbeat: a silent phone is "away" after 20 seconds.
    pingInterval: 12_000,
    pingTimeout: 8_000,
  });
  const chat = new Chat(io, { awayMs });
  const close = () => {
    chat.close();
    return new Promise((resolve) => {
      io.close(resolve);
    });
  };
  return { httpServer, io, chat, close };
}

/**
 * Reads the PORT variable.
 * @param {string | undefined} text
 * @returns {number | null} null when it is not a port number
 */
function parsePort(text) {
  if (text === undefined || text.trim() === '') return 3000;
  const port = Number(text);
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : null;
}

/** @type {Record<string, (port: number) => string>} what a person can do about it */
const REASONS = {
  EADDRINUSE: (port) =>
    `Port ${port} is already in use. Choose another one, for example: PORT=${port + 1} npm start`,
  EACCES: (port) => `Port ${port} needs more rights. Choose one above 1023: PORT=8080 npm start`,
};

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}

function main() {
  const port = parsePort(process.env.PORT);
  if (port === null) {
    fail(`PORT must be a number from 0 to 65535, not "${process.env.PORT}".`);
    return;
  }
  const { httpServer, close } = createChat();
  httpServer.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    fail(REASONS[error.code ?? '']?.(port) ?? `The chat cannot start: ${error.message}`);
  });
  httpServer.listen(port, () => {
    const address = /** @type {import('node:net').AddressInfo} */ (httpServer.address());
    console.log(`beast.io chat is ready at http://localhost:${address.port}`);
  });

  let closing = false;
  const stop = () => {
    // Whoever asks twice does not want to wait for connections to end.
    if (closing) process.exit(1);
    closing = true;
    close();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

if (require.main === module) main();

module.exports = { createChat };
