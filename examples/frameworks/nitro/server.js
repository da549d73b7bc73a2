/** Nitro's listener behind a server of one's own, which it shares with the sockets. PORT, or 3000. */
import { createServer } from 'node:http';
import { Server } from 'beast.io';
import { listener } from './.output/server/index.mjs';

const server = createServer((req, res) => {
  req.io = io; // for the routes
  listener(req, res);
});
const io = new Server(server);

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
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => io.close());
