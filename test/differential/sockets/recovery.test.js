/** Connection state recovery. */
'use strict';

const { once } = require('node:events');
const { describeScenarios } = require('../support/scenarios');

/** A client by hand in a server with recovery; `secrets` tell what it would come back with. */
async function start(world, recovery = true, more = {}) {
  const io = await world.serve({ connectionStateRecovery: recovery, ...more });
  const { peer, socket } = await world.join('a', io);
  return { io, peer, socket, pid: socket.pid };
}

/** The offset of the last event. */
function lastOffset(peer) {
  const offsets = peer.texts.map((text) => /"([^"]+)"\]$/.exec(text)?.[1]);
  return offsets.filter((offset) => offset !== undefined).at(-1);
}

/** Comes back. */
async function comeBack(world, io, lane, auth, nsp = '/') {
  const peer = await world.ws(lane, io);
  const connected = once(io.of(nsp), 'connection');
  peer.send(`40${nsp === '/' ? '' : `${nsp},`}${JSON.stringify(auth)}`);
  const [socket] = await connected;
  await world.saw(lane, '"sid"', 2);
  world.note('server', `${lane} recovered`, socket.recovered, socket.id, socket.pid, socket.data);
  world.note(
    'server',
    `${lane} rooms`,
    [...socket.rooms].filter((room) => room !== socket.id),
  );
  return { peer, socket };
}

/** Loses the connection. */
async function lose(world, peer, socket) {
  const lost = once(socket, 'disconnect');
  peer.destroy();
  await lost;
}

describeScenarios(__filename, 'recovery', {
  'the options': async (world) => {
    for (const value of [
      true,
      {},
      { maxDisconnectionDuration: 5 },
      { skipMiddlewares: false },
      1,
      'yes',
      0,
      null,
      false,
    ]) {
      const io = world.io({ connectionStateRecovery: value });
      world.note(
        'server',
        `${JSON.stringify(value)}`,
        io.opts.connectionStateRecovery,
        io._opts === io.opts,
      );
      world.note('server', 'adapter', io.sockets.adapter.constructor.name, io.adapter().name);
    }
  },

  'offsets of what is sent': async (world) => {
    const { io, peer, socket } = await start(world);
    world.note('server', 'pid', socket.pid, socket.recovered);
    socket.emit('one', 1);
    io.emit('two', 2);
    socket.volatile.emit('volatile');
    io.volatile.emit('volatile to all');
    io.to(socket.id).emit('three', Buffer.from('3'));
    socket.emit('ask', world.noter('server', 'answer'));
    io.timeout(1000).emit('ask all', () => {});
    socket.broadcast.emit('not me');
    io.except(socket.id).emit('not me either');
    socket.on('ask', (ack) => ack('no offset'));
    socket.onAnyOutgoing(world.noter('server', 'outgoing'));
    socket.emit('seen', 1);
    peer.send('421["ask"]', '430["yes"]');
    await world.fence(peer);
    world.note('server', 'packets', socket.adapter.packets.length, socket.adapter.sessions.size);
  },

  'a client that comes back': async (world) => {
    const { io, peer, socket, pid } = await start(world);
    socket.join(['r', 's']);
    socket.data.user = { name: 'x' };
    socket.emit('first', 1);
    await world.saw('a', 'first');
    const offset = lastOffset(peer);
    await lose(world, peer, socket);
    io.emit('missed by all', 2);
    io.to('r').emit('missed in r', Buffer.from('3'));
    io.to('other').emit('not for it');
    io.except('s').emit('not for it, either');
    io.volatile.emit('volatile');
    io.to(socket.id).emit('to its id');
    world.note('server', 'sessions', socket.adapter.sessions.size, socket.adapter.packets.length);
    const back = await comeBack(world, io, 'b', { pid, offset });
    await world.saw('b', 'to its id');
    world.note('server', 'same', back.socket.id === socket.id, back.socket.data === socket.data);
    back.socket.emit('after', 1);
    await world.saw('b', 'after');
    world.note('server', 'sessions', io.sockets.adapter.sessions.size);
  },

  'a client that comes back with nothing known': {
    deviates: {
      row: 'a client comes back with the private id of a socket that is still connected',
      differences: [[[], ['right: 41', 'right: close without a code', 'right: end']]],
    },
    run: async (world) => {
      const { io, peer, socket, pid } = await start(world);
      socket.emit('first', 1);
      await world.saw('a', 'first');
      const offset = lastOffset(peer);
      await lose(world, peer, socket);
      const wrong = {
        'no pid': { offset },
        'no offset': { pid },
        'another pid': { pid: 'x', offset },
        'another offset': { pid, offset: 'x' },
        'pid is a number': { pid: 1, offset },
        'offset is an object': { pid, offset: {} },
        'proto as pid': { pid: '__proto__', offset },
      };
      for (const [lane, auth] of Object.entries(wrong)) await comeBack(world, io, lane, auth);
      await comeBack(world, io, 'right', { pid, offset });
      await comeBack(world, io, 'a second time', { pid, offset });
    },
  },

  'a client that was away for too long': async (world) => {
    const { io, peer, socket, pid } = await start(world, { maxDisconnectionDuration: 1 });
    socket.emit('first', 1);
    await world.saw('a', 'first');
    const offset = lastOffset(peer);
    await lose(world, peer, socket);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await comeBack(world, io, 'b', { pid, offset });
  },

  'reasons after which nothing is kept': async (world) => {
    const ends = {
      'client leaves': ({ peer }) => peer.send('41'),
      'server disconnects': ({ socket }) => socket.disconnect(),
      'server disconnects the client': ({ socket }) => socket.disconnect(true),
      'connection is closed': ({ socket }) => socket.conn.close(),
      'client goes': ({ peer }) => peer.destroy(),
      'bad packet': ({ peer }) => peer.send('4x'),
    };
    const io = await world.serve({ connectionStateRecovery: {} });
    for (const [name, end] of Object.entries(ends)) {
      const member = await world.join(name, io);
      const ended = new Promise((resolve) =>
        member.socket.once('disconnect', (...args) => resolve(args)),
      );
      end(member);
      const [reason] = await ended;
      world.note('server', name, reason, io.sockets.adapter.sessions.size);
      member.peer.destroy();
    }
  },

  'middlewares are skipped, or not': async (world) => {
    for (const skipMiddlewares of [true, false]) {
      const io = await world.serve({ connectionStateRecovery: { skipMiddlewares } });
      io.use((socket, next) => {
        world.note('server', 'middleware', socket.recovered, socket.rooms.size, socket.data);
        next();
      });
      const lane = `skip ${skipMiddlewares}`;
      const { peer, socket } = await world.join(lane, io);
      socket.join('r');
      socket.emit('first');
      await world.saw(lane, 'first');
      const offset = lastOffset(peer);
      await lose(world, peer, socket);
      const back = await comeBack(world, io, `${lane} again`, { pid: socket.pid, offset });
      back.peer.destroy();
    }
  },

  'recovery in another namespace': async (world) => {
    const io = await world.serve({ connectionStateRecovery: {} });
    const { peer, socket } = await world.join('a', io, '/chat');
    socket.emit('first');
    await world.saw('a', 'first');
    const offset = lastOffset(peer);
    await lose(world, peer, socket);
    io.of('/chat').emit('missed');
    await comeBack(world, io, 'b', { pid: socket.pid, offset }, '/chat');
    await world.saw('b', 'missed');
    await comeBack(world, io, 'c', { pid: socket.pid, offset });
  },

  'recovery refused by an adapter': async (world) => {
    const { io, peer, socket, pid } = await start(world);
    await lose(world, peer, socket);
    io.sockets.adapter.restoreSession = async (...args) => {
      world.note('adapter', 'restoreSession', ...args);
      if (args[1] === 'null') return null;
      throw new Error('the adapter fails');
    };
    await comeBack(world, io, 'b', { pid, offset: 'null' });
    await comeBack(world, io, 'c', { pid, offset: 'throw' });
  },

  'recovery by an adapter': async (world) => {
    const { io, peer, socket } = await start(world);
    await lose(world, peer, socket);
    io.sockets.adapter.restoreSession = async (pid) => ({
      sid: 'restored-socket-id',
      pid,
      rooms: ['x', 'restored-socket-id'],
      data: { restored: true },
      missedPackets: [
        ['one', 1],
        ['two', Buffer.from('2')],
      ],
    });
    await comeBack(world, io, 'b', { pid: 'p', offset: 'o' });
  },

  'the official client comes back': async (world) => {
    const io = await world.serve({ connectionStateRecovery: {} });
    io.on('connection', (socket) => {
      world.note('server', 'connection', socket.recovered, socket.rooms.size);
      socket.join('r');
      socket.emit('hello', socket.recovered);
    });
    const client = world.client('a', io, '/', {
      reconnection: true,
      reconnectionDelay: 10,
      randomizationFactor: 0,
    });
    await world.saw('a', 'event "hello"');
    const { id } = client;
    client.io.engine.close();
    await world.saw('server', 'connection true');
    io.to('r').emit('in the room');
    await world.saw('a', 'in the room');
    world.note('client', 'same', client.id === id, client.recovered);
  },
});
