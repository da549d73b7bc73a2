'use strict';

/** Two copies of the package in one process, under their two names: two addons, two servers. */

const packages = ['beast.io', 'socket.io'].map((name) => require(name));

const servers = packages.map(({ Server }, index) => {
  const io = new Server(0);
  io.on('connection', (socket) => {
    socket.on('copy', (done) => done(index, io.engine.clientsCount));
  });
  return io;
});
console.log(JSON.stringify({ ports: servers.map((io) => io.httpServer.address().port) }));
process.stdin.on('end', () => servers.forEach((io) => io.close())).resume();
