'use strict';

/** Two servers that the admin UI observes: the first one is ours, the second one genuine. */

const { createServer } = require('node:http');
const { instrument } = require('@socket.io/admin-ui');

const servers = ['socket.io', 'genuine-socket.io'].map((name) => {
  const { Server } = require(name);
  const io = new Server(createServer().listen(0));
  io.of('/chat');
  io.on('connection', (socket) => {
    socket.data.joined = [];
    socket.on('join', (room, done) => {
      socket.data.joined = [...socket.data.joined, room];
      socket.join(room);
      done();
    });
    socket.on('say', (room, text) => {
      socket.to(room).emit('said', text);
    });
  });
  instrument(io, { auth: false, mode: 'development', serverId: 'test' });
  return io;
});

console.log(JSON.stringify({ ports: servers.map((io) => io.httpServer.address().port) }));
process.stdin.on('end', () => servers.forEach((io) => io.close())).resume();
