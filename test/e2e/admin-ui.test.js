/**
 * @socket.io/admin-ui: an admin client is told the same of a server of ours as of a genuine one, event by
 * event. Ids, times and the machine's figures may differ.
 */
'use strict';

const { once } = require('node:events');
const { instrument } = require('@socket.io/admin-ui');
const { io: connect } = require('socket.io-client');

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** @param {any} client @param {string} event @returns {Promise<any[]>} */
const eventOf = (client, event) =>
  new Promise((resolve) => client.once(event, (/** @type {any[]} */ ...args) => resolve(args)));

/**
 * A copy of what was told, in which ids have names, and dates and ports are gone.
 * @param {any} value
 * @param {Map<string, string>} names
 * @returns {any}
 */
function anonymous(value, names) {
  if (typeof value === 'string') {
    if (names.has(value)) return names.get(value);
    return /^\d{4}-\d\d-\d\dT|^\w{3} \w{3} \d\d \d{4} /.test(value) ? 'a date' : value;
  }
  if (Array.isArray(value)) return value.map((item) => anonymous(item, names));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      if (key === 'handshake') {
        const { address, query, secure, xdomain, issued, time, url, headers } = item;
        const told = [typeof issued, typeof time, url.split('?')[0], Object.keys(headers).sort()];
        return [key, { address, query: { ...query, t: 't' }, secure, xdomain, told }];
      }
      return [key, anonymous(item, names)];
    }),
  );
}

/**
 * Plays a scenario and returns what the admin was told.
 * @param {string} module
 * @param {'development' | 'production'} mode
 */
async function play(module, mode) {
  const { Server } = require(module);
  const io = new Server(0, { connectTimeout: 10_000 });
  closers.push(() => io.close());
  const names = new Map();
  instrument(io, { auth: false, mode, serverId: 'server' });
  io.use((socket, next) => {
    names
      .set(socket.id, socket.handshake.auth.as)
      .set(socket.client.id.slice(0, 12), `${socket.handshake.auth.as}'s`);
    next();
  });
  io.on('connection', (socket) => {
    socket.on('ask', (value, ack) => ack(value));
    socket.on('bye', () => socket.disconnect());
  });
  io.of('/admin').use((socket, next) => {
    names.set(socket.id, 'admin').set(socket.client.id.slice(0, 12), "admin's");
    next();
  });
  const url = `http://127.0.0.1:${io.httpServer.address().port}`;
  const open = async (nsp, as, transports) => {
    const connected = once(io.of(nsp), 'connection');
    const client = connect(url + nsp, {
      auth: { as },
      transports,
      forceNew: true,
      reconnection: false,
    });
    closers.push(() => client.io._close());
    const [[socket]] = await Promise.all([connected, eventOf(client, 'connect')]);
    return { client, socket };
  };

  /** @type {any[]} */
  const log = [];
  const total = { packetsIn: 0, bytesIn: 0, packetsOut: 0, rawConnection: 0, rawDisconnection: 0 };
  let reports = 0;
  const early = await open('/', 'early', ['websocket']); // before the admin
  const admin = connect(`${url}/admin`, { transports: ['websocket'], forceNew: true });
  closers.push(() => admin.disconnect());
  admin.onAny((event, ...args) => {
    if (event !== 'server_stats') {
      log.push([event, ...args]);
      return;
    }
    reports++;
    for (const { type, count } of args[0].aggregatedEvents) {
      if (type in total) total[type] += count;
    }
  });
  await eventOf(admin, mode === 'development' ? 'all_sockets' : 'config');
  const settle = () => admin.emitWithAck('settle');
  for (const socket of io.of('/admin').sockets.values()) {
    socket.on('settle', (ack) => setImmediate(() => process.nextTick(ack)));
  }

  // Clients that come, talk and go.
  const { client, socket } = await open('/', 'socket', ['websocket']);
  const upgraded = await (async () => {
    const pair = await open('/', 'upgraded', ['polling', 'websocket']);
    if (pair.socket.conn.transport.name === 'polling') await once(pair.socket.conn, 'upgrade');
    return pair;
  })();
  const polling = await open('/', 'polling', ['polling']);
  await settle();
  socket.join(['red', 'blue']);
  socket.leave('blue');
  socket.data.count = 1;
  socket.data.deep = { value: 1 };
  socket.data.deep.value = 2;
  await settle();
  expect(await client.emitWithAck('ask', { n: 1 })).toEqual({ n: 1 });
  const received = eventOf(client, 'm');
  socket.emit('m', 1);
  io.to('red').emit('m', 2);
  io.emit('m', Buffer.from('bytes'));
  await received;
  await settle();
  socket.volatile.emit('volatile'); // nothing else is on its way
  await settle();

  // What an admin has done.
  const hello = eventOf(client, 'hello');
  admin.emit('emit', '/', 'red', 'hello', 'from admin');
  expect(await hello).toEqual(['from admin']);
  admin.emit('join', '/', 'green', 'red');
  admin.emit('leave', '/', 'red', socket.id);
  await settle();
  const late = await open('/', 'late', ['websocket']);
  const gone = once(late.socket.conn, 'close'); // a client without a namespace goes
  late.client.emit('bye');
  await gone;
  const left = once(early.socket.conn, 'close');
  admin.emit('_disconnect', '/', false, early.socket.id);
  await left;
  const closed = once(polling.socket.conn, 'close');
  admin.emit('_disconnect', '/', true, polling.socket.id);
  await closed;
  await settle();

  // The figures of the next report.
  const [{ clientsCount, pollingClientsCount, namespaces }] = await eventOf(admin, 'server_stats');
  total.packetsOut -= reports - 1; // how many there were is a matter of time
  expect(upgraded.socket.conn.transport.name).toBe('websocket');
  return {
    log: anonymous(log, names),
    figures: { clientsCount, pollingClientsCount, namespaces, ...total },
  };
}

test.each([['development'], ['production']])('in %s', async (mode) => {
  const [genuine, ours] = await Promise.all([play('socket.io', mode), play('../../lib', mode)]);
  expect(genuine.log.length).toBeGreaterThan(mode === 'development' ? 30 : 0);
  expect(genuine.figures.clientsCount).toBe(3);
  expect(ours.log).toEqual(genuine.log);
  expect(ours.figures).toEqual(genuine.figures);
});
