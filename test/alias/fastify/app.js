'use strict';

/** Fastify with its Socket.IO plugin: routes and sockets on one port, and a shutdown that ends both. */

const fastify = require('fastify')();
const socketIo = require('fastify-socket.io').default;

fastify.register(socketIo, { cors: { origin: 'http://example.org' } });

fastify.get('/clients', async () => ({ clients: (await fastify.io.fetchSockets()).length }));
fastify.post('/announce', async (request) => {
  fastify.io.emit('announcement', request.body);
  return { ok: true };
});

fastify.ready().then(() => {
  fastify.io.on('connection', (socket) => {
    socket.on('echo', (value, done) => done(value));
  });
});
fastify.listen({ port: 0, host: '127.0.0.1' }).then((address) => {
  console.log(JSON.stringify({ port: Number(new URL(address).port) }));
});
process.stdin.on('end', () => fastify.close()).resume();
