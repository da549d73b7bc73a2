/** Bun: `node:http` of Bun, with the native engine behind it. PORT, or 3000. */
import { createServer } from 'node:http';
import { Server } from 'beast.io';

const server = createServer((req, res) => {
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost');
  if (req.method === 'GET' && pathname === '/') {
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify({ clients: io.engine.clientsCount }));
  } else if (req.method === 'POST' && pathname === '/announce') {
    io.emit('said', searchParams.get('text'));
    res.writeHead(204).end();
  } else {
    res.writeHead(404).end();
  }
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
