/**
 * A rolling restart of three processes that share a Redis stream. Each sends its clients away and ends, and
 * another one takes its place, while clients talk. Clients with recovery miss nothing. The adapter may tell
 * a word twice, under the genuine package too. A client gets what it has missed from the stream, and its new
 * server may come to that place in the stream a moment later.
 */
'use strict';

const { once } = require('node:events');
const { io: connect } = require('socket.io-client');
const { startProgram } = require('../support/programs/programs');
const { startRedis } = require('../support/servers/redis');
const { until } = require('./support/scenario');

const MEMBERS = 3;
const DRAIN_MS = 1000;
const TRANSPORTS = ['websocket', 'polling', 'websocket', 'polling', 'websocket', 'polling'];

/** @type {Awaited<ReturnType<typeof startRedis>>} */
let redis;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.stop());

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A member of the cluster, as a process. SIGTERM ends it as docs/restarts.md says. */
async function startMember() {
  const member = startProgram(runMember, { redisPort: redis.port, drain: DRAIN_MS });
  closers.push(() => {
    member.child.kill('SIGKILL');
    return member.closed;
  });
  await until(async () => member.stdout.includes('\n') || member.child.exitCode !== null);
  if (!member.stdout) throw new Error(member.stderr);
  return { ...member, url: `http://127.0.0.1:${member.stdout.trim()}` };
}

/** @param {any} data */
async function runMember({ require: load, redisPort, drain }) {
  const { createClient } = load('redis');
  const { createAdapter } = load('@socket.io/redis-streams-adapter');
  const { Server } = load('./lib');
  const client = createClient({ url: `redis://127.0.0.1:${redisPort}` });
  await client.connect();
  const io = new Server(0, {
    adapter: createAdapter(client, { blockTimeInMs: 50 }),
    connectionStateRecovery: { maxDisconnectionDuration: 60_000 },
  });
  io.on('connection', (/** @type {any} */ socket) => {
    if (!socket.recovered) socket.join('room');
    socket.on('say', (/** @type {any} */ word, /** @type {any} */ answer) => {
      io.to('room').emit('said', word);
      answer();
    });
  });
  process.once('SIGTERM', async () => {
    await io.close({ drain });
    await client.close();
    process.exit();
  });
  console.log(io.httpServer.address().port);
}

test('of three processes under load loses nothing', async () => {
  const alive = await Promise.all(Array.from({ length: MEMBERS }, startMember));
  let turn = 0;
  const next = () => alive[(turn += 1) % alive.length].url;

  /** What was said, and acknowledged. @type {Set<string>} */
  const said = new Set();
  const over = new AbortController();
  let moves = 0;
  const clients = TRANSPORTS.map((transport, index) => {
    const client = connect(next(), { transports: [transport], forceNew: true });
    closers.push(() => client.disconnect());
    /** @type {string[]} */
    const heard = [];
    client.on('said', (word) => heard.push(word));
    client.on('disconnect', () => (client.io.uri = next()));
    const talk = async () => {
      for (let n = 0; !over.signal.aborted; n += 1) {
        const word = `${index}:${n}`;
        await client.emitWithAck('say', word).then(
          () => said.add(word),
          () => {}, // it may or may not have been heard
        );
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    return { client, heard, talk };
  });
  await Promise.all(clients.map(({ client }) => once(/** @type {any} */ (client), 'connect')));
  // Until all members read the stream, and each client knows a place in it.
  await until(async () => {
    await clients[0].client.emitWithAck('say', 'begin');
    return clients.every(({ heard }) => heard.length > 0);
  });
  for (const { client, heard } of clients) {
    heard.length = 0;
    client.on('connect', () => {
      moves += 1;
      if (!client.recovered) heard.push('not recovered');
    });
  }
  const talks = clients.map(({ talk }) => talk());

  for (let i = 0; i < MEMBERS; i += 1) {
    const [leaving] = alive.splice(0, 1);
    const words = said.size;
    leaving.child.kill('SIGTERM');
    expect(await leaving.closed).toEqual([0, null]);
    expect(leaving.stderr).toBe('');
    alive.push(await startMember());
    await until(async () => clients.every(({ client }) => client.connected));
    await until(async () => said.size > words + 50);
  }
  over.abort();
  await Promise.all(talks);

  const all = [...said].sort();
  for (const { heard } of clients) {
    await until(async () => all.every((word) => heard.includes(word)));
    expect(heard).not.toContain('not recovered');
  }
  expect(moves).toBeGreaterThanOrEqual(TRANSPORTS.length);
});
