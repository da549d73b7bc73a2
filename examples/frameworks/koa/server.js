/** Koa 3: middlewares and sockets on one server. PORT, or 3000. */
import { createServer } from 'node:http';
import { Server } from 'beast.io';
import Koa from 'koa';

const app = new Koa();

app.use(async (ctx) => {
  if (ctx.method === 'GET' && ctx.path === '/') {
    ctx.body = { clients: ctx.io.engine.clientsCount };
  } else if (ctx.method === 'POST' && ctx.path === '/announce') {
    ctx.io.emit('said', ctx.query.text); // a route speaks to the sockets
    ctx.status = 204;
  }
});

// `callback()` has the middlewares that were added before.
const server = createServer(app.callback());
const io = new Server(server);
app.context.io = io;

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
