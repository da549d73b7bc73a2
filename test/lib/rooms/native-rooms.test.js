/**
 * Who receives what: the same random script of joins, leaves, disconnections and broadcasts on the
 * genuine package and on ours. Broadcasts are native here from a room's second member on, so rooms
 * are few and small, and cross that border all the time.
 */
'use strict';

const { once } = require('node:events');
const { io: connect } = require('socket.io-client');

const PACKAGES = { genuine: 'socket.io', ours: '../../../lib' };
const CLIENTS = 8;
const ROOMS = ['a', 'b', 'c', '__proto__', '', 'é'];
const STEPS = 250;

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

/** A pseudo-random number generator, the same each time. @param {number} seed */
function randomOf(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * What to do, without names of one of the packages. Clients are named by number, rooms by name, and
 * `{ client }` is the room that a socket has for itself.
 * @param {number} seed
 */
function scriptOf(seed) {
  const random = randomOf(seed);
  const client = () => random(CLIENTS);
  const pick = (/** @type {any[]} */ list) => list[random(list.length)];
  const room = () => (random(6) === 0 ? { client: client() } : pick(ROOMS));
  const rooms = (/** @type {number} */ most) => Array.from({ length: random(most + 1) }, room);
  const kinds = ['join', 'join', 'join', 'leave', 'leave', 'in', 'in', 'in', 'to', 'to'];
  const rare = ['reconnect', 'clear', 'all', 'socketsJoin', 'socketsLeave', 'binary', 'volatile'];
  return Array.from({ length: STEPS }, (_, n) => ({
    n,
    kind: random(4) ? pick(kinds) : pick(rare),
    client: client(),
    room: pick(ROOMS),
    rooms: rooms(3),
    except: random(2) ? rooms(2) : [],
  }));
}

/**
 * Runs a script on one package. Clients are of both transports and in two namespaces.
 * @param {string} packageName
 * @param {any[]} script
 * @param {any} [opts]
 */
async function play(packageName, script, opts = {}) {
  const { Server } = require(packageName);
  const io = new Server(0, opts);
  closers.push(() => io.close());
  const nsp = io.of('/rooms');
  const url = `http://localhost:${io.httpServer.address().port}/rooms`;
  /** @type {any[]} */
  const clients = [];
  /** @type {any[]} */
  const sockets = [];
  /** @type {string[][]} */
  const received = [];
  /** Ids of sockets, also of those that are gone, as names that both packages share. */
  const names = new Map();

  const open = async (/** @type {number} */ i) => {
    const client = clients[i];
    const connected = once(nsp, 'connection');
    client.connect();
    [sockets[i]] = await connected;
    names.set(sockets[i].id, `${i}, the ${names.size}th`);
    if (!client.connected) await new Promise((resolve) => client.once('connect', resolve));
  };
  for (let i = 0; i < CLIENTS; i++) {
    const transports = i % 4 === 3 ? ['polling'] : ['websocket'];
    const client = connect(url, { transports, forceNew: true, autoConnect: false });
    closers.push(() => client.io._close());
    received[i] = [];
    client.on('end', (/** @type {any} */ done) => done());
    client.on('m', (/** @type {any} */ ...args) => received[i].push(args.join()));
    clients[i] = client;
    await open(i);
  }

  const nameOf = (/** @type {any} */ room) =>
    typeof room === 'string' ? room : sockets[room.client].id;
  const addressed = (/** @type {any} */ from, /** @type {any} */ step) => {
    const to = step.rooms.reduce(
      (/** @type {any} */ op, /** @type {any} */ room) => op.to(nameOf(room)),
      from,
    );
    return step.except.reduce(
      (/** @type {any} */ op, /** @type {any} */ room) => op.except(nameOf(room)),
      to,
    );
  };
  for (const step of script) {
    const socket = sockets[step.client];
    const text = `${step.n} ${step.kind}`;
    switch (step.kind) {
      case 'join':
        socket.join(step.rooms.length ? step.rooms.map(nameOf) : step.room);
        break;
      case 'leave':
        socket.leave(step.room);
        break;
      case 'in':
        addressed(nsp, step).emit('m', text);
        break;
      case 'to':
        addressed(socket, step).emit('m', text); // to all but the socket itself if to no room
        if (!step.rooms.length && !step.except.length) socket.broadcast.emit('m', text);
        break;
      case 'all':
        nsp.emit('m', text);
        break;
      case 'binary':
        addressed(nsp, step).emit('m', text, Buffer.from([1]), 'é😀');
        break;
      case 'volatile':
        addressed(nsp, step).compress(false).emit('m', text);
        break;
      case 'clear':
        for (const room of socket.rooms) if (room !== socket.id) socket.leave(room);
        break;
      case 'socketsJoin':
        addressed(nsp, step).socketsJoin(step.room);
        break;
      case 'socketsLeave':
        addressed(nsp, step).socketsLeave(step.room);
        break;
      default: {
        // The connection stays: only the namespace is left and entered again.
        const left = new Promise((resolve) => clients[step.client].once('disconnect', resolve));
        socket.disconnect();
        nsp.to(step.room).emit('m', `${text}, without you`);
        await left;
        await open(step.client);
      }
    }
  }
  await Promise.all(sockets.map((socket) => socket.timeout(5000).emitWithAck('end')));
  const shared = (/** @type {string} */ id) => names.get(id) ?? id;
  const members = [...nsp.adapter.rooms].map(([room, ids]) => [
    shared(room),
    [...ids].map(shared).sort(),
  ]);
  return { received, members };
}

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'script %d: the same clients receive the same',
  async (seed) => {
    const script = scriptOf(seed);
    const genuine = await play(PACKAGES.genuine, script);
    expect(genuine.received.flat().length).toBeGreaterThan(STEPS);
    for (const ioThreads of [1, 3]) {
      expect(await play(PACKAGES.ours, script, { ioThreads })).toEqual(genuine);
    }
  },
);

test('a room number that is used again names nobody of before', async () => {
  const { Server } = require(PACKAGES.ours);
  const io = new Server(0);
  closers.push(() => io.close());
  const url = `http://localhost:${io.httpServer.address().port}`;
  const [first, second] = [io.of('/first'), io.of('/second')];
  /** @type {Record<string, string[]>} */
  const received = { a: [], b: [], c: [], d: [] };
  const enter = async (/** @type {any} */ nsp, /** @type {string} */ name) => {
    const connected = once(nsp, 'connection');
    const client = connect(url + nsp.name, { transports: ['websocket'], forceNew: true });
    closers.push(() => client.close());
    client.on('m', (text) => received[name].push(text));
    client.on('end', (done) => done());
    const [socket] = await connected;
    socket.join('room');
    return socket;
  };
  const sockets = [await enter(first, 'a'), await enter(first, 'b')];
  first.adapter.close(); // with members, whose rooms had numbers
  sockets.push(await enter(second, 'c'), await enter(second, 'd'));
  second.to('room').emit('m', 'second room');
  second.emit('m', 'second');
  first.to('room').emit('m', 'first room');
  first.emit('m', 'first');
  await Promise.all(sockets.map((socket) => socket.emitWithAck('end')));
  const [one, two] = [
    ['first room', 'first'],
    ['second room', 'second'],
  ];
  expect(received).toEqual({ a: one, b: one, c: two, d: two });
});
