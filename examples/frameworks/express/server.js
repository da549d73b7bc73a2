/** Express 5: routes and sockets on one server. PORT, or 3000. */
import { createServer } from 'node:http';
import { Server } from 'beast.io';
import express from 'express';

const app = express();
const server = createServer(app);
const io = new Server(server);

app.get('/', (req, res) => {
  res.json({ clients: io.engine.clientsCount });
});

/** A route speaks to the sockets. */
app.post('/announce', (req, res) => {
  io.emit('said', req.query.text);
  res.sendStatus(204);
});

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
