'use strict';

const { cleanUp, connectPair, eventOf, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

/**
 * Some connected pairs, whose clients record what they get until `settled()`.
 * @param {any} io
 * @param {number} count
 */
async function audience(io, count) {
  const pairs = [];
  for (let i = 0; i < count; i++) pairs.push(await connectPair(io));
  const heard = pairs.map(() => []);
  pairs.forEach(({ client }, i) => {
    client.onAny((event, ...args) => {
      if (event !== 'settle') heard[i].push([event, ...args]);
    });
  });
  const settled = async () => {
    const all = Promise.all(pairs.map(({ client }) => eventOf(client, 'settle')));
    for (const { socket } of pairs) socket.emit('settle');
    await all;
    return heard.splice(0, heard.length, ...pairs.map(() => []));
  };
  return { pairs, settled };
}

const hello = [['hello', 1]];

test('rooms, with several rooms each client gets one copy', async () => {
  const io = startServer();
  const { pairs, settled } = await audience(io, 3);
  pairs[0].socket.join(['a', 'b']);
  pairs[1].socket.join('b');
  io.to('a').emit('hello', 1);
  expect(await settled()).toEqual([hello, [], []]);
  io.in('a').to('b').emit('hello', 1);
  expect(await settled()).toEqual([hello, hello, []]);
  io.to(['a', 'b']).emit('hello', 1);
  expect(await settled()).toEqual([hello, hello, []]);
  io.to('nobody').emit('hello', 1);
  expect(await settled()).toEqual([[], [], []]);
});

test('except', async () => {
  const io = startServer();
  const { pairs, settled } = await audience(io, 3);
  pairs[0].socket.join('a');
  pairs[1].socket.join('b');
  io.except('a').emit('hello', 1);
  expect(await settled()).toEqual([[], hello, hello]);
  io.except(['a', 'b']).emit('hello', 1);
  expect(await settled()).toEqual([[], [], hello]);
  io.to(['a', 'b']).except('b').emit('hello', 1);
  expect(await settled()).toEqual([hello, [], []]);
  io.except('a').except(pairs[2].socket.id).emit('hello', 1);
  expect(await settled()).toEqual([[], hello, []]);
});

test('from a socket, everybody but itself', async () => {
  const io = startServer();
  const { pairs, settled } = await audience(io, 3);
  const [{ socket }] = pairs;
  socket.join('a');
  pairs[1].socket.join('a');
  socket.broadcast.emit('hello', 1);
  expect(await settled()).toEqual([[], hello, hello]);
  socket.to('a').emit('hello', 1);
  expect(await settled()).toEqual([[], hello, []]);
  socket.in('a').emit('hello', 1);
  expect(await settled()).toEqual([[], hello, []]);
  socket.except('a').emit('hello', 1);
  expect(await settled()).toEqual([[], [], hello]);
  socket.local.emit('hello', 1);
  expect(await settled()).toEqual([[], hello, hello]);
});

test('operators are immutable', () => {
  const io = startServer();
  const base = io.to('a');
  const flagged = base.to('b').except('c').compress(false).volatile.local.timeout(5);
  expect([...base.rooms]).toEqual(['a']);
  expect([...base.exceptRooms]).toEqual([]);
  expect(base.flags).toEqual({});
  expect([...flagged.rooms]).toEqual(['a', 'b']);
  expect([...flagged.exceptRooms]).toEqual(['c']);
  expect(flagged.flags).toEqual({ compress: false, volatile: true, local: true, timeout: 5 });
  expect(flagged.adapter).toBe(io.sockets.adapter);
});

test('the flags of a socket go over to its broadcast', async () => {
  const io = startServer();
  const { socket } = await connectPair(io);
  const broadcast = jest.spyOn(io.sockets.adapter, 'broadcast');
  socket.volatile.compress(false).broadcast.to('a').emit('hello');
  const [packet, { rooms, except, flags }] = broadcast.mock.calls[0];
  expect(packet).toMatchObject({ type: 2, data: ['hello'], nsp: '/' });
  expect([...rooms]).toEqual(['a']);
  expect([...except]).toEqual([socket.id]);
  expect(flags).toEqual({ volatile: true, compress: false });
  expect(socket.flags).toEqual({});
});

test('binary data is broadcast', async () => {
  const io = startServer();
  const { client } = await connectPair(io);
  const got = eventOf(client, 'bytes');
  io.emit('bytes', { deep: Buffer.from('ab') });
  expect(Buffer.from((await got)[0].deep).toString()).toBe('ab');
});

test('reserved names are refused', () => {
  const io = startServer();
  expect(() => io.emit('disconnect')).toThrow(new Error('"disconnect" is a reserved event name'));
});

describe('acknowledgements', () => {
  test('the callback gets one response per client', async () => {
    const io = startServer();
    const { pairs } = await audience(io, 2);
    pairs.forEach(({ client }, i) => client.on('ask', (value, ack) => ack(value + i)));
    const [err, responses] = await new Promise((resolve) => {
      io.timeout(5000).emit('ask', 10, (...args) => resolve(args));
    });
    expect(err).toBeNull();
    expect(responses.sort()).toEqual([10, 11]);
  });

  test('at the timeout it gets those that came, and the others are no longer waited for', async () => {
    const io = startServer();
    const { pairs } = await audience(io, 2);
    pairs[0].client.on('ask', (ack) => ack('here'));
    const [err, responses] = await new Promise((resolve) => {
      io.timeout(1000).emit('ask', (...args) => resolve(args));
    });
    expect(err).toEqual(new Error('operation has timed out'));
    expect(responses).toEqual(['here']);
    expect(pairs[1].socket.acks.size).toBe(0);
  });

  test('without any client it completes at once', async () => {
    const io = startServer();
    expect(await io.to('nobody').timeout(5000).emitWithAck('ask')).toEqual([]);
  });

  test('emitWithAck rejects with the partial responses', async () => {
    const io = startServer();
    const { pairs } = await audience(io, 2);
    pairs[0].client.on('ask', (ack) => ack('here'));
    const failed = io.timeout(1000).emitWithAck('ask');
    await expect(failed).rejects.toMatchObject({
      message: 'operation has timed out',
      responses: ['here'],
    });
  });

  test('a cluster is complete when all its servers have reported', async () => {
    const io = startServer();
    const { adapter } = io.sockets;
    adapter.serverCount = () => Promise.resolve(2);
    let report;
    let respond;
    adapter.broadcastWithAck = (_packet, _opts, clientCount, ack) => {
      report = clientCount;
      respond = ack;
    };
    const responses = io.timeout(5000).emitWithAck('ask');
    report(1);
    respond('a');
    await new Promise(setImmediate);
    report(2);
    respond('b');
    respond('c');
    expect(await responses).toEqual(['a', 'b', 'c']);
  });
});

describe('whole rooms', () => {
  test('fetchSockets gives the sockets of this server themselves', async () => {
    const io = startServer();
    const { pairs } = await audience(io, 2);
    pairs[1].socket.join('a');
    expect(await io.fetchSockets()).toEqual(pairs.map(({ socket }) => socket));
    expect(await io.in('a').fetchSockets()).toEqual([pairs[1].socket]);
    expect(await io.except('a').fetchSockets()).toEqual([pairs[0].socket]);
    expect(await pairs[0].socket.broadcast.fetchSockets()).toEqual([pairs[1].socket]);
  });

  test('allSockets gives ids', async () => {
    const io = startServer();
    const { pairs } = await audience(io, 2);
    pairs[1].socket.join('a');
    expect(await io.allSockets()).toEqual(new Set(pairs.map(({ socket }) => socket.id)));
    expect(await io.in('a').allSockets()).toEqual(new Set([pairs[1].socket.id]));
  });

  test('socketsJoin and socketsLeave', async () => {
    const io = startServer();
    const { pairs } = await audience(io, 2);
    const [{ socket: one }, { socket: two }] = pairs;
    io.socketsJoin(['a', 'b']);
    io.in(one.id).socketsJoin('c');
    io.in('c').socketsLeave('a');
    io.socketsLeave(['nothing']);
    expect([...one.rooms]).toEqual([one.id, 'b', 'c']);
    expect([...two.rooms]).toEqual([two.id, 'a', 'b']);
  });

  test('disconnectSockets', async () => {
    const io = startServer();
    const { pairs } = await audience(io, 2);
    pairs[0].socket.join('a');
    const told = eventOf(pairs[0].client, 'disconnect');
    io.in('a').disconnectSockets();
    expect((await told)[0]).toBe('io server disconnect');
    expect(io.sockets.sockets.size).toBe(1);
    expect(pairs[1].socket.connected).toBe(true);
    const closed = eventOf(pairs[1].client, 'disconnect');
    const { conn } = pairs[1].socket;
    expect(conn.readyState).toBe('open');
    io.disconnectSockets(true);
    expect(conn.readyState).not.toBe('open');
    await closed;
  });
});

describe('sockets of other servers', () => {
  const details = { id: 'far', handshake: { url: '/' }, rooms: ['far', 'a'], data: { user: 1 } };

  async function fetchRemote(io) {
    io.sockets.adapter.fetchSockets = () => Promise.resolve([details]);
    const [remote] = await io.fetchSockets();
    return remote;
  }

  test('they show what is known of them', async () => {
    const remote = await fetchRemote(startServer());
    expect(remote).toMatchObject({ id: 'far', handshake: { url: '/' }, data: { user: 1 } });
    expect(remote.rooms).toEqual(new Set(['far', 'a']));
  });

  test('every operation is a broadcast to their own room', async () => {
    const io = startServer();
    const remote = await fetchRemote(io);
    const calls = [];
    const { adapter } = io.sockets;
    for (const method of ['broadcast', 'addSockets', 'delSockets', 'disconnectSockets']) {
      adapter[method] = (...args) => calls.push([method, ...args]);
    }
    const target = {
      rooms: new Set(['far']),
      except: new Set(),
      flags: { expectSingleResponse: true },
    };
    expect(remote.emit('hello', 1)).toBe(true);
    remote.join('b');
    remote.leave('a');
    expect(remote.disconnect(true)).toBe(remote);
    expect(calls).toEqual([
      ['broadcast', { type: 2, data: ['hello', 1] }, target],
      ['addSockets', target, ['b']],
      ['delSockets', target, ['a']],
      ['disconnectSockets', target, true],
    ]);
  });

  test('an acknowledgement is a single response', async () => {
    const io = startServer();
    const remote = await fetchRemote(io);
    io.sockets.adapter.broadcastWithAck = (_packet, _opts, clientCount, ack) => {
      clientCount(1);
      ack('answer');
    };
    expect(await remote.timeout(5000).emitWithAck('ask')).toBe('answer');
    io.sockets.adapter.broadcastWithAck = () => {};
    await expect(remote.timeout(10).emitWithAck('ask')).rejects.toMatchObject({ responses: null });
  });
});
