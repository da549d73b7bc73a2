/**
 * A game whose world is in C++ (game.cc): 60 steps a second, and what has changed goes to everybody as bytes.
 * JavaScript does the rest: who may enter, the chat, the score board.
 * `node examples/mixed-game/server.js` serves it on PORT (default 3000, 0 picks a free one).
 */
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');
const { Server } = require('../..');

const SCORES_INTERVAL_MS = 1000;
const BOARD_LENGTH = 8;
const NAME = /^[\p{L}\p{N} _.-]{1,20}$/u;
const MAX_CHAT_LENGTH = 200;

const PUBLIC = path.join(__dirname, 'public');
const UPLOT = path.join(path.dirname(require.resolve('uplot/package.json')), 'dist');

/** @type {Record<string, [file: string, type: string]>} */
const FILES = {
  '/': [path.join(PUBLIC, 'index.html'), 'text/html; charset=utf-8'],
  '/game.css': [path.join(PUBLIC, 'game.css'), 'text/css; charset=utf-8'],
  '/game.js': [path.join(PUBLIC, 'game.js'), 'text/javascript; charset=utf-8'],
  '/uplot.js': [path.join(UPLOT, 'uPlot.iife.min.js'), 'text/javascript; charset=utf-8'],
  '/uplot.css': [path.join(UPLOT, 'uPlot.min.css'), 'text/css; charset=utf-8'],
};

/** @type {http.RequestListener} */
function serveFile(req, res) {
  const [file, type] = FILES[(req.url ?? '').split('?')[0] ?? ''] ?? [];
  if (file === undefined || type === undefined) return void res.writeHead(404).end();
  res.writeHead(200, { 'content-type': type });
  fs.createReadStream(file).pipe(res);
}

/**
 * Composes the game without listening.
 * @param {{ start: (native: any) => void, stop: () => void, lateness: () => number }} world the addon
 */
function createGame(world) {
  const httpServer = http.createServer(serveFile);
  const io = new Server(httpServer);
  /** Who plays, by socket id. @type {Map<string, string>} */
  const names = new Map();

  io.use((/** @type {any} */ socket, /** @type {any} */ next) => {
    const { name } = socket.handshake.auth;
    if (typeof name !== 'string' || !NAME.test(name)) {
      next(new Error('A name has 1 to 20 letters, digits or spaces.'));
    } else if ([...names.values()].includes(name)) {
      next(new Error('Somebody has that name. Choose another one.'));
    } else {
      socket.data.name = name;
      next();
    }
  });
  io.on('connection', (/** @type {any} */ socket) => {
    const { name } = socket.data;
    names.set(socket.id, name);
    socket.emit('names', [...names]);
    socket.broadcast.emit('names', [[socket.id, name]]);
    socket.on('chat', (/** @type {unknown} */ text) => {
      if (typeof text === 'string' && text.trim() !== '') {
        io.emit('chat', name, text.slice(0, MAX_CHAT_LENGTH));
      }
    });
    socket.on('disconnect', () => names.delete(socket.id));
  });
  world.start(io.native);

  const timer = setInterval(() => {
    const scores = [...io.sockets.sockets.values()]
      .map((socket) => [socket.data.name, socket.native.get('score') ?? 0])
      .sort(([, a], [, b]) => b - a)
      .slice(0, BOARD_LENGTH);
    io.volatile.emit('scores', scores, names.size, world.lateness());
  }, SCORES_INTERVAL_MS);

  const close = async () => {
    clearInterval(timer);
    world.stop();
    await io.close();
  };
  return { httpServer, io, close };
}

if (require.main === module) {
  // Built by: npm start mixed-game
  const { httpServer, close } = createGame(require('./build/Release/game.node'));
  httpServer.listen(Number(process.env.PORT ?? 3000), () => {
    const address = /** @type {import('node:net').AddressInfo} */ (httpServer.address());
    console.log(`The game is on http://localhost:${address.port}`);
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, close);
}

module.exports = { createGame };
