'use strict';

/**
 * Connection state recovery where socket.io starts anew: the old connection is not known to be lost,
 * or no event has reached the client yet.
 */

const { once } = require('node:events');
const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const {
  cleanUpNetworks,
  comeBack,
  connectThrough,
  eventIn,
  interrupt,
  lose,
  networkOf,
  offsetOf,
  pidOf,
  reconnecting,
  recovery,
  withoutOffset,
} = require('../../../support/rigs/recovery-rig');
const {
  connectPair,
  connectRaw,
  eventOf,
  openRaw,
  startServer,
} = require('../../../support/rigs/rig');

afterEach(cleanUpNetworks);

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test('a client is back before its old connection is known to be lost', async () => {
    const io = startServer({ connectionStateRecovery: {} }, door);
    const network = await networkOf(io);
    const { client, socket } = await connectThrough(io, network, transports);
    socket.join('room');
    socket.data.name = 'ann';
    socket.emit('first');
    await eventOf(client, 'first');

    const order = [];
    const reason = once(socket, 'disconnect').then(([value]) => order.push(value));
    const connected = once(io, 'connection').then(([value]) => (order.push('back'), value));
    const closed = once(socket.conn, 'close');
    const missed = eventOf(client, 'missed');
    interrupt(network, client);
    io.to('room').emit('missed', 1); // the server takes the client for connected
    const back = await connected;
    await reason;
    expect(order).toEqual(['transport close', 'back']);
    expect(back).toMatchObject({ recovered: true, id: socket.id, data: { name: 'ann' } });
    expect(back.rooms).toEqual(new Set([back.id, 'room']));
    expect((await missed)[0]).toBe(1);
    expect(client.recovered).toBe(true);
    await closed;
    expect([...io.sockets.sockets.values()]).toEqual([back]);

    const after = eventOf(client, 'after');
    io.to('room').emit('after', 2);
    expect((await after)[0]).toBe(2);
  });

  test('it comes back a second time, and a third', async () => {
    const io = startServer({ connectionStateRecovery: {} }, door);
    const network = await networkOf(io);
    const { client, socket } = await connectThrough(io, network, transports);
    const ids = [socket.id];
    for (let i = 0; i < 3; i++) {
      const told = eventOf(client, 'told');
      io.emit('told', i);
      expect((await told)[0]).toBe(i);
      if (i === 2) break;
      const connected = once(io, 'connection');
      const back = eventOf(client, 'connect');
      interrupt(network, client);
      ids.push((await connected)[0].id);
      await back;
    }
    expect(new Set(ids).size).toBe(1);
    expect(io.sockets.sockets.size).toBe(1);
  });

  test('a client that has heard nothing yet is recovered, with what it missed', async () => {
    const io = startServer(withoutOffset(), door);
    const { client, socket } = await connectPair(io, '/', { ...reconnecting, transports });
    socket.join('room');
    socket.data.name = 'ann';
    const left = once(socket, 'disconnect');
    const connected = once(io, 'connection');
    client.io.engine.close();
    await left;
    io.to('room').emit('missed', 1);
    io.to('elsewhere').emit('missed', 'by others');
    io.emit('missed', 2);
    const heard = [];
    client.on('missed', (value) => heard.push(value));
    const [back] = await connected;
    expect(back).toMatchObject({ recovered: true, id: socket.id, data: { name: 'ann' } });
    await eventOf(client, 'connect');
    expect(client.recovered).toBe(true);
    const last = eventOf(client, 'last');
    io.to('room').emit('last');
    await last;
    expect(heard).toEqual([1, 2]);
  });

  test('both: nothing heard, and the old connection seems alive', async () => {
    const io = startServer(withoutOffset(), door);
    const network = await networkOf(io);
    const { client, socket } = await connectThrough(io, network, transports);
    const connected = once(io, 'connection');
    const missed = eventOf(client, 'missed');
    interrupt(network, client);
    io.emit('missed', 1);
    const [back] = await connected;
    expect(back).toMatchObject({ recovered: true, id: socket.id });
    expect((await missed)[0]).toBe(1);
  });
});

test('all namespaces of the old connection end, and come back', async () => {
  const io = startServer(recovery);
  io.of('/other');
  const network = await networkOf(io);
  const { client, socket } = await connectThrough(io, network, ['websocket']);
  const connectedOther = once(io.of('/other'), 'connection');
  const otherClient = client.io.socket('/other');
  const [other] = await connectedOther;
  const heard = [eventOf(client, 'hello'), eventOf(otherClient, 'hello')];
  socket.emit('hello');
  other.emit('hello');
  await Promise.all(heard);
  const back = [once(io, 'connection'), once(io.of('/other'), 'connection')];
  interrupt(network, client);
  const [[first], [second]] = await Promise.all(back);
  expect([first.recovered, first.id, second.recovered, second.id]).toEqual([
    true,
    socket.id,
    true,
    other.id,
  ]);
  expect(io.engine.clientsCount).toBe(1);
});

describe('a raw client that comes back while it is connected', () => {
  test('whoever reads the old connection is told not to reconnect', async () => {
    const io = startServer({ connectionStateRecovery: {} });
    const { raw, socket, answer } = await connectRaw(io);
    socket.emit('first');
    const offset = offsetOf(await raw.next());
    const { raw: second, socket: back } = await comeBack(io, { pid: socket.pid, offset });
    expect(await raw.next()).toBe('41');
    await raw.closed;
    expect(socket.connected).toBe(false);
    expect(back.connected).toBe(true);
    expect(await second.next()).toBe(answer);
    expect(io.sockets.sockets.get(back.id)).toBe(back);
    expect(back.rooms).toEqual(new Set([back.id]));
  });

  test('an unknown private id ends nobody', async () => {
    const io = startServer({ connectionStateRecovery: {} });
    const { raw, socket } = await connectRaw(io);
    socket.emit('first');
    const offset = offsetOf(await raw.next());
    for (const pid of ['unknown', socket.id, socket.conn.id, '__proto__']) {
      expect((await comeBack(io, { pid, offset })).socket.recovered).toBe(false);
    }
    expect(socket.connected).toBe(true);
  });

  test('a private id of another namespace ends nobody', async () => {
    const io = startServer({ connectionStateRecovery: {} });
    const { socket } = await connectRaw(io, io.of('/other').name);
    const { socket: another } = await comeBack(io, { pid: socket.pid, offset: 'x' });
    expect([another.recovered, socket.connected]).toEqual([false, true]);
  });

  test('without an offset, and without that option, it starts anew', async () => {
    const io = startServer({ connectionStateRecovery: {} });
    const { socket } = await connectRaw(io);
    const { socket: another } = await comeBack(io, { pid: socket.pid });
    expect([another.recovered, socket.connected]).toEqual([false, true]);
  });

  test('without recovery nobody has a private id', async () => {
    const io = startServer();
    const { socket } = await connectRaw(io);
    const { socket: another } = await comeBack(io, { pid: socket.pid, offset: 'x' });
    expect([another.recovered, socket.connected, io.sockets.socketsByPid.size]).toEqual([
      false,
      true,
      0,
    ]);
  });

  test('the newest of several counts, also while middlewares decide', async () => {
    const io = startServer({ connectionStateRecovery: { skipMiddlewares: false } });
    const { raw, socket } = await connectRaw(io);
    socket.join('room');
    socket.emit('first');
    const auth = JSON.stringify({ pid: socket.pid, offset: offsetOf(await raw.next()) });
    /** @type {any[]} */
    const waiting = [];
    let arrived = () => {};
    io.use((each, next) => {
      waiting.push({ each, next });
      arrived();
    });
    const raws = [];
    while (raws.length < 3) {
      const came = new Promise((resolve) => (arrived = () => resolve(undefined)));
      raws.push(await openRaw(io));
      raws.at(-1).send(`40${auth}`);
      await came;
    }
    const connected = once(io, 'connection');
    for (const { next } of waiting) next();
    const [back] = await connected;
    await Promise.all(raws.slice(0, 2).map(({ closed }) => closed));
    expect(back).toBe(waiting[2].each);
    expect([...io.sockets.sockets.values()]).toEqual([back]);
    expect(io.sockets._preConnectSockets.size).toBe(0);
    expect(back.rooms).toEqual(new Set([back.id, 'room']));
  });

  test('two that come at once leave one', async () => {
    const io = startServer({ connectionStateRecovery: {} });
    const { raw, socket } = await connectRaw(io);
    socket.emit('first');
    const auth = JSON.stringify({ pid: socket.pid, offset: offsetOf(await raw.next()) });
    const pair = [await openRaw(io), await openRaw(io)];
    for (const each of pair) each.send(`40${auth}`);
    await Promise.race(pair.map(({ closed }) => closed));
    const [back] = io.sockets.sockets.values();
    expect(io.sockets.sockets.size).toBe(1);
    expect([back.connected, back.id, back.rooms]).toEqual([true, socket.id, new Set([socket.id])]);
  });
});

describe('a client that no event has reached', () => {
  test('gets what was sent before its connection was known to be lost', async () => {
    const io = startServer(withoutOffset());
    const { raw, socket } = await connectRaw(io);
    socket.emit('welcome', 1); // never read
    const { pid } = socket;
    await lose({ raw, socket });
    io.emit('missed', 2);
    const back = await comeBack(io, { pid });
    expect(back.socket.recovered).toBe(true);
    expect(eventIn(await back.raw.next())).toEqual(['welcome', 1]);
    expect(eventIn(await back.raw.next())).toEqual(['missed', 2]);
    expect(pidOf(await back.raw.next())).toBe(pid);

    // And again, if that has not arrived either.
    await lose(back);
    const third = await comeBack(io, { pid });
    expect(eventIn(await third.raw.next())).toEqual(['welcome', 1]);
    expect(eventIn(await third.raw.next())).toEqual(['missed', 2]);
  });

  test('gets nothing of before its time, neither in the namespace nor in a room', async () => {
    const io = startServer(withoutOffset());
    io.emit('before', 0);
    const { raw, socket } = await connectRaw(io);
    const { pid } = socket;
    io.to(['late', 'left and joined']).emit('before', 1);
    socket.join(['late', 'left and joined']);
    socket.leave('left and joined');
    await lose(await connectRaw(io)); // others do not count
    io.to('left and joined').emit('before', 2);
    socket.join('left and joined');
    const own = [];
    io.to('late').emit('missed', 3);
    io.except('late').emit('not for it');
    io.to('left and joined').emit('missed', 4);
    io.to('late')
      .timeout(10)
      .emit('asked', () => {});
    io.volatile.emit('volatile');
    await lose({ raw, socket });
    const back = await comeBack(io, { pid });
    for (;;) {
      const message = await back.raw.next();
      if (message.startsWith('40')) break;
      own.push(eventIn(message));
    }
    expect(own).toEqual([
      ['missed', 3],
      ['missed', 4],
    ]);
  });

  test('starts anew when packets of its time are gone', async () => {
    const io = startServer(withoutOffset());
    const first = await connectRaw(io);
    const { pid } = first.socket;
    io.emit('dropped');
    const second = await connectRaw(io);
    io.emit('kept');
    io.sockets.adapter.packets.splice(0, 1); // as the adapter does with those that are too old
    await lose(first);
    await lose(second);
    expect((await comeBack(io, { pid })).socket.recovered).toBe(false);
    const back = await comeBack(io, { pid: second.socket.pid });
    expect(back.socket.recovered).toBe(true);
    expect(eventIn(await back.raw.next())).toEqual(['kept']);
  });

  test.each([
    ['that was away for too long', { maxDisconnectionDuration: -1 }, {}],
    ['with an unknown offset', {}, { offset: 'unknown' }],
    ['with an offset that is no string', {}, { offset: 7 }],
    ['with null for an offset', {}, { offset: null }],
    ['with an unknown private id', {}, { pid: 'unknown' }],
  ])('%s starts anew', async (_name, more, change) => {
    const io = startServer(withoutOffset(more));
    const member = await connectRaw(io);
    const { pid } = member.socket;
    await lose(member);
    expect((await comeBack(io, { pid, ...change })).socket.recovered).toBe(false);
  });

  test('with an offset it is as ever', async () => {
    const io = startServer(withoutOffset());
    const { raw, socket } = await connectRaw(io);
    socket.emit('first');
    const offset = offsetOf(await raw.next());
    io.emit('second');
    await lose({ raw, socket });
    const back = await comeBack(io, { pid: socket.pid, offset });
    expect(eventIn(await back.raw.next())).toEqual(['second']);
    expect(back.socket.recovered).toBe(true);
  });

  test('packets that listeners send while one is sent are counted, too', async () => {
    const io = startServer(withoutOffset());
    const observer = await connectRaw(io);
    observer.socket.onAnyOutgoing((name) => name === 'outer' && io.emit('inner'));
    const { raw, socket } = await connectRaw(io);
    io.emit('outer');
    const late = await connectRaw(io);
    io.emit('last');
    await lose(late);
    await lose({ raw, socket });
    const back = await comeBack(io, { pid: late.socket.pid });
    expect(eventIn(await back.raw.next())).toEqual(['last']);
    const early = await comeBack(io, { pid: socket.pid });
    const names = [await early.raw.next(), await early.raw.next(), await early.raw.next()];
    expect(names.map((each) => eventIn(each)[0])).toEqual(['outer', 'inner', 'last']);
  });

  test('nothing is kept of sockets that are gone for good', async () => {
    const io = startServer(withoutOffset());
    const { client, socket } = await connectPair(io);
    const left = once(socket, 'disconnect');
    client.disconnect();
    await left;
    expect(io.sockets.socketsByPid.size).toBe(0);
    expect(io.sockets.adapter.sessions.size).toBe(0);
  });
});
