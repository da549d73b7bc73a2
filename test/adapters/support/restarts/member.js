/**
 * The program of rolling-restart.test.js: one process of a cluster over a Redis stream. Its clients say which
 * rooms they join. Told so, it emits numbered messages all the time, to all and to rooms. It ends as
 * docs/restarts.md says. The argument is JSON; what it has emitted is told by IPC.
 */
'use strict';

const http = require('node:http');
const { once } = require('node:events');
const { createClient } = require('redis');
const { createAdapter } = require('@socket.io/redis-streams-adapter');
const { Server } = require('../../../../lib');

/** To whom the messages go, one after the other. */
const TARGETS = ['all', 'red', 'blue'];
const DRAIN_MS = 400;
const PERIOD_MS = 5;

const { door, redisUrl, name } = JSON.parse(process.argv[2]);

/** Clients of the server, until their first event: only then they can be recovered. @param {any} socket */
function onConnection(socket) {
  if (!socket.recovered) {
    const { as, rooms } = socket.handshake.auth;
    socket.data = { as };
    socket.join(rooms);
    socket.emit('hello');
  }
  socket.on('who', (/** @type {(answer: object) => void} */ ack) => {
    const { id, recovered, data, rooms } = socket;
    ack({ member: name, recovered, data, rooms: [...rooms].filter((room) => room !== id).sort() });
  });
}

/** @param {any} io */
function publish(io) {
  /** How many messages each target has got. @type {Record<string, number>} */
  const sent = Object.fromEntries(TARGETS.map((target) => [target, 0]));
  let count = 0;
  const timer = setInterval(() => {
    const target = TARGETS[count % TARGETS.length];
    const op = target === 'all' ? io : io.to(target);
    op.emit('message', name, target, sent[target]++, count++);
  }, PERIOD_MS);
  return () => {
    clearInterval(timer);
    return sent;
  };
}

async function main() {
  const redis = createClient({ url: redisUrl });
  await redis.connect();
  const options = {
    adapter: createAdapter(redis, { maxLen: 1_000_000 }),
    connectionStateRecovery: { maxDisconnectionDuration: 60_000 },
    recoverWithoutLoss: true,
  };
  const server = door === 'http' ? http.createServer() : undefined;
  const io = server ? new Server(server, options) : new Server(0, options);
  io.on('connection', onConnection);
  server?.listen(0);
  await once(io.httpServer, 'listening');

  let stop = () => ({});
  process.on('message', (message) => {
    if (message === 'start') stop = publish(io);
    if (message !== 'stop') return;
    process.send?.({ sent: stop() });
    io.emit('end', name);
  });
  process.once('SIGTERM', async () => {
    await io.close({ drain: DRAIN_MS });
    const sent = stop(); // it has gone on until now
    await redis.close(); // which waits for what is being written
    process.send?.({ sent }, () => process.exit());
  });
  process.on('disconnect', () => process.exit());
  process.send?.({ port: io.httpServer.address().port });
}

void main();
