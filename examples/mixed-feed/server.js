/**
 * A feed of quotes. A thread in C++ makes 100,000 a second (feed.cc), and each goes to the room of its symbol.
 * JavaScript says who may have which: it handles subscriptions and nothing else.
 * `node examples/mixed-feed/server.js` serves it on PORT (default 3000, 0 picks a free one).
 */
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { Server } = require('../..');

const SYMBOL_COUNT = 500;
const QUOTES_PER_SECOND = 100_000;
/** Symbols of one client. */
const MAX_SUBSCRIPTIONS = 20;

const PAGE = path.join(__dirname, 'public/index.html');

/** Made-up names of four letters. */
const SYMBOLS = Array.from({ length: SYMBOL_COUNT }, (_, i) =>
  [17_576, 676, 26, 1]
    .map((place) => String.fromCharCode(65 + (Math.floor((i * 7919) / place) % 26)))
    .join(''),
);

/**
 * Composes the server without listening.
 * @param {{ start: Function, stop: () => void, made: () => number }} feed the addon
 * @param {{ quotesPerSecond?: number }} [options]
 */
function createFeed(feed, { quotesPerSecond = QUOTES_PER_SECOND } = {}) {
  const httpServer = http.createServer((req, res) => {
    if (req.url !== '/') return void res.writeHead(404).end();
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    fs.createReadStream(PAGE).pipe(res);
  });
  const io = new Server(httpServer);
  const known = new Set(SYMBOLS);

  io.on('connection', (/** @type {any} */ socket) => {
    socket.emit('symbols', SYMBOLS);
    socket.on('subscribe', (/** @type {unknown} */ symbol, /** @type {unknown} */ ack) => {
      if (typeof ack !== 'function') return;
      if (typeof symbol !== 'string' || !known.has(symbol)) return ack('there is no such symbol');
      if (socket.rooms.size > MAX_SUBSCRIPTIONS) return ack('that is enough');
      socket.join(symbol);
      ack(null);
    });
    socket.on('unsubscribe', (/** @type {unknown} */ symbol) => {
      if (typeof symbol === 'string' && known.has(symbol)) socket.leave(symbol);
    });
  });
  feed.start(io.native, SYMBOLS, quotesPerSecond);

  const close = async () => {
    feed.stop();
    await io.close();
  };
  return { httpServer, io, close };
}

if (require.main === module) {
  // Built by: npm start mixed-feed
  const feed = require('./build/Release/feed.node');
  const { httpServer, close } = createFeed(feed);
  httpServer.listen(Number(process.env.PORT ?? 3000), () => {
    const address = /** @type {import('node:net').AddressInfo} */ (httpServer.address());
    console.log(`The feed is on http://localhost:${address.port}`);
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, close);
}

module.exports = { SYMBOLS, createFeed };
