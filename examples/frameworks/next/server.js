/** Next.js behind a server of one's own, which it shares with the sockets. PORT, or 3000. */
import { createServer } from 'node:http';
import { Server } from 'beast.io';
import next from 'next';

const dev = process.env.NODE_ENV !== 'production';
const app = next({ dev });
await app.prepare();
const server = createServer(app.getRequestHandler());
const io = new Server(server);

/** Route handlers run in this process, and find it here. */
globalThis.io = io;

io.on('connection', (socket) => {
  socket.on('say', (text, answer) => {
    // Clients may send anything.
    if (typeof text !== 'string' || typeof answer !== 'function') return;
    socket.broadcast.emit('said', text);
    answer('said');
  });
});

server.listen(process.env.PORT ?? 3000, () => {
  console.log(`http://localhost:${server.address().port}`);
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    io.close();
    await app.close();
    if (dev) process.exit(); // pages hold Next's own WebSocket open
  });
}
