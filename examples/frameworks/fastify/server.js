/** Fastify 5: sockets on Fastify's own server, and a shutdown that ends both. PORT, or 3000. */
import { Server } from 'beast.io';
import Fastify from 'fastify';

const app = Fastify();
const io = new Server(app.server);

app.decorate('io', io);
app.get('/', async () => ({ clients: app.io.engine.clientsCount }));

/** A route speaks to the sockets. */
app.post('/announce', async (request, reply) => {
  app.io.emit('said', request.query.text);
  reply.code(204);
});

/** Fastify waits for open connections: those of the sockets are ended before. */
app.addHook('preClose', async () => {
  io.disconnectSockets(true);
});
app.addHook('onClose', () => io.close());

io.on('connection', (socket) => {
  socket.on('say', (text, answer) => {
    // Clients may send anything.
    if (typeof text !== 'string' || typeof answer !== 'function') return;
    socket.broadcast.emit('said', text);
    answer('said');
  });
});

await app.listen({ port: Number(process.env.PORT ?? 3000), host: '::' });
console.log(`http://localhost:${app.server.address().port}`);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close());
