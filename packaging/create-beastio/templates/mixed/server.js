/** A chat on a port of its own: PORT, or 3000. The event `count` is handled in C++ (native/counter.cc). */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Server } = require('beast.io');
const startCounter = require('./build/Release/counter.node');

const PAGE = path.join(__dirname, 'public/index.html');
const MAX_LENGTH = 200;

/** Answers what is not for Socket.IO. An application of Express could stand here. */
function servePage(req, res) {
  if (req.url !== '/') return void res.writeHead(404).end();
  res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  fs.createReadStream(PAGE).pipe(res);
}

/** @param {number} port 0: a free one */
function createChat(port) {
  const io = new Server(port, { requestListener: servePage });
  startCounter(io.native);
  io.on('connection', (socket) => {
    socket.on('say', (text) => {
      // Clients may send anything.
      if (typeof text !== 'string' || text.trim() === '') return;
      io.emit('said', text.slice(0, MAX_LENGTH));
    });
  });
  return io;
}

if (require.main === module) {
  const io = createChat(Number(process.env.PORT ?? 3000));
  io.httpServer.once('listening', () => {
    console.log(`http://localhost:${io.httpServer.address().port}`);
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => io.close({ drain: 1000 }));
}

module.exports = { createChat };
