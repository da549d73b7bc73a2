/** Applications that throw, close and disconnect where it hurts. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

const POLLING = '/socket.io/?EIO=4&transport=polling';

/** A server whose end of a connection closes everything in the middle of something. */
const closingIn = (prepare) => async (world) => {
  const io = await world.serve();
  const done = new Promise((resolve) => prepare(io, world, resolve));
  const peer = await world.ws('a', io);
  peer.send('40');
  await world.until(() => peer.isOver || peer.count('40') > 0, 'an answer');
  peer.send('42["x",1]', '42["x",2]');
  await done;
  await peer.ended();
  await world.until(() => io.engine.clientsCount === 0, 'the connection to be gone');
  await world.quiet();
  world.note('server', 'left', io.sockets.sockets.size, io.sockets.adapter.rooms);
};

/** Writes down the life of a socket. */
function watch(world, socket) {
  world.record('server', socket, ['disconnecting', 'disconnect']);
}

describeScenarios(__filename, 'troubles', {
  'disconnect(true) in connection': closingIn((io, world, done) =>
    io.on('connection', (socket) => {
      watch(world, socket);
      socket.on('x', world.noter('server', 'x'));
      socket.emit('bye');
      socket.disconnect(true);
      done();
    }),
  ),
  'io.close() in connection': closingIn((io, world, done) =>
    io.on('connection', (socket) => {
      watch(world, socket);
      io.close().then(world.noter('server', 'closed'));
      done();
    }),
  ),
  'io.close() in a handler': closingIn((io, world, done) =>
    io.on('connection', (socket) => {
      watch(world, socket);
      socket.on('x', (n) => {
        world.note('server', 'x', n);
        if (n === 1) io.close();
        done();
      });
    }),
  ),
  'io.close() in a middleware': async (world) => {
    const io = await world.serve();
    io.use((_socket, next) => {
      io.close();
      next();
    });
    io.on('connection', world.noter('server', 'connection'));
    const peer = await world.ws('a', io);
    peer.send('40');
    await peer.ended();
    await world.quiet();
    world.note('server', 'left', io.sockets.sockets.size, io.sockets._preConnectSockets.size);
  },
  'io.close() twice at once': async (world) => {
    const io = await world.serve();
    const { peer } = await world.join('a', io);
    await Promise.all([
      world.attempt('first', 'close', () => io.close(world.noter('first', 'callback'))),
      world.attempt('second', 'close', () => io.close(world.noter('second', 'callback'))),
    ]);
    await peer.ended();
  },
  'conn.close() in the connection event of the engine': async (world) => {
    const io = await world.serve();
    io.engine.on('connection', (conn) => {
      conn.on('close', world.noter('server', 'close'));
      conn.close();
    });
    const peer = await world.ws('a', io);
    await peer.ended();
    await world.http('b', io, 'GET', POLLING);
  },
  'disconnect in its own disconnect': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    const other = await world.enter(peer, io, '/other');
    watch(world, socket);
    socket.on('disconnect', () => other.disconnect(true));
    world.record('other', other, ['disconnecting', 'disconnect']);
    peer.send('41');
    await peer.ended();
  },
  'listeners of room events that throw': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    io.sockets.adapter.on('join-room', () => {
      throw new Error('thrown in join-room');
    });
    io.sockets.adapter.on('leave-room', () => {
      throw new Error('thrown in leave-room');
    });
    await world.attempt('server', 'join', () => socket.join(['x', 'y']));
    world.note(
      'server',
      'rooms',
      [...socket.rooms].filter((room) => room !== socket.id),
    );
    await world.attempt('server', 'leave', () => socket.leave('x'));
    world.note(
      'server',
      'rooms',
      [...socket.rooms].filter((room) => room !== socket.id),
    );
    io.to('x').emit('to x');
    io.to('y').emit('to y');
    await world.fence(peer);
  },
  'rooms that listeners of room events change': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    const { adapter } = io.sockets;
    adapter.on('join-room', (room, id) => {
      world.note('adapter', 'join-room', room, adapter.sids.get(id)?.has(room));
      if (room === 'x') socket.join('because of x');
      io.to(room).emit('joined', room);
    });
    adapter.on('leave-room', (room) => {
      world.note('adapter', 'leave-room', room, adapter.rooms.get(room)?.size);
      if (room === 'x') socket.leave('because of x');
      io.to(room).emit('left', room);
    });
    socket.join('x');
    socket.leave('x');
    world.note('server', 'rooms', [...adapter.rooms.keys()].length);
    await world.fence(peer);
  },
  'buffers that change after they were sent': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    const buffer = Buffer.from('before');
    const list = { list: [1] };
    socket.emit('list', list);
    list.list.push(2);
    io.emit('list to all', list);
    list.list.push(3);
    await world.fence(peer);
    socket.emit('buffer', buffer);
    await world.fence(peer);
    buffer.write('AFTER!');
    await world.fence(peer);
  },
  'memory that is a part of more': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    const pool = Buffer.from('0123456789');
    socket.emit('part', pool.subarray(2, 5));
    io.emit('part to all', pool.subarray(5, 7));
    await world.fence(peer);
  },
  'the official client through a whole life': async (world) => {
    const io = await world.serve();
    io.use((socket, next) => {
      if (socket.handshake.auth.token === 'bad')
        next(Object.assign(new Error('no'), { data: { code: 7 } }));
      else next();
    });
    io.on('connection', (socket) => {
      watch(world, socket);
      socket.on('ask', async (...args) => {
        const ack = args.pop();
        ack(await socket.emitWithAck('counter question', args.length));
      });
    });
    const refused = world.client('refused', io, '/', { auth: { token: 'bad' } });
    await world.saw('refused', 'connect_error');
    world.note('refused', 'connected', refused.connected, refused.active);
    for (const transport of ['websocket', 'polling']) {
      const lane = `client by ${transport}`;
      const client = world.client(lane, io, '/', {
        auth: { token: 'good' },
        transports: [transport],
      });
      client.on('counter question', (n, ack) => ack(`answer ${n}`));
      await world.saw(lane, 'connect');
      world.note(
        lane,
        'answer',
        await client.timeout(4000).emitWithAck('ask', 1, Buffer.from('2'), null),
      );
      io.emit('to all', 'ü', new Uint8Array([1, 2]), { deep: [Buffer.from('x')] });
      await world.saw(lane, 'to all');
      if (transport === 'websocket') client.disconnect();
      else io.disconnectSockets(true);
      await world.saw(lane, 'disconnect "');
      await world.saw('server', 'disconnect "', transport === 'websocket' ? 1 : 2);
    }
  },
  'a listener that throws when its client breaks the protocol': async (world) => {
    for (const message of ['42/unknown,["x"]', '42/unknown,5["x","y"]', '41/unknown,']) {
      for (const event of ['disconnecting', 'disconnect']) {
        const io = await world.serve();
        const { peer, socket } = await world.join(`${message} ${event}`, io);
        world.record('server', socket, ['error']);
        watch(world, socket);
        socket.prependListener(event, () => {
          throw new Error(`thrown at ${event}`);
        });
        peer.send(message);
        await peer.ended();
        await world.until(() => io.engine.clientsCount === 0, 'the connection to be gone');
        world.note('server', 'left', socket.connected, io.sockets.sockets.size);
      }
    }
  },
});
