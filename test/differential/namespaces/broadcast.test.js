/** Broadcasts and rooms. */
'use strict';

const { crowd, fenceAll } = require('../support/crowd');
const { describeScenarios } = require('../support/scenarios');

const ROOM_EVENTS = ['create-room', 'join-room', 'leave-room', 'delete-room'];

describeScenarios(__filename, 'broadcasts and rooms', {
  'to all, to rooms, with exceptions': async (world) => {
    const { io, members, sockets } = await crowd(world, 4);
    sockets[0].join('a');
    sockets[1].join(['a', 'b']);
    sockets[2].join('b');
    world.note('server', 'emit', io.emit('all', 1), sockets[0].broadcast.emit('all but 0'));
    io.to('a').emit('a');
    io.to('a').to('b').emit('a and b');
    io.in(['a', 'b']).emit('a and b in');
    io.except('a').emit('not a');
    io.to('a').except('b').emit('a not b');
    io.to('a').except(['a', 'b']).emit('nobody');
    io.to('empty').emit('nobody');
    io.except('empty').emit('all, except nobody');
    sockets[1].to('a').emit('a but 1');
    sockets[1].in('b').emit('b but 1');
    sockets[1].except('a').emit('not a, not 1');
    sockets[0].to(sockets[3].id).emit('to 3 alone');
    sockets[0].to(sockets[0].id).emit('to myself: nobody');
    io.to([sockets[0].id, sockets[0].id, 'a']).emit('once each');
    io.to([]).emit('an empty list of rooms');
    io.except([]).emit('an empty list of exceptions');
    await fenceAll(world, members);
  },

  'rooms of curious names': async (world) => {
    const { io, members, sockets } = await crowd(world, 2);
    const names = [
      '__proto__',
      '',
      'constructor',
      7,
      0,
      null,
      undefined,
      true,
      {},
      Symbol.iterator,
    ];
    for (const [i, name] of names.entries()) {
      await world.attempt('server', `join ${i}`, () => sockets[0].join(name));
      world.note(
        'server',
        'is in',
        sockets[0].rooms.has(name),
        io.sockets.adapter.rooms.get(name)?.size,
      );
      await world.attempt('server', `emit ${i}`, () => io.to(name).emit('to', i));
      await world.attempt('server', `except ${i}`, () => io.except(name).emit('except', i));
      await world.attempt('server', `leave ${i}`, () => sockets[0].leave(name));
    }
    await fenceAll(world, members);
  },

  'an operator can be kept and is never changed': async (world) => {
    const { io, members, sockets } = await crowd(world, 2);
    sockets[0].join('a');
    const base = io.to('a');
    const wide = base.to('b').except('c').volatile.compress(false).local.timeout(5);
    for (const { rooms, exceptRooms, flags } of [base, wide]) {
      world.note('server', 'operator', rooms, exceptRooms, flags);
    }
    base.emit('one');
    base.emit('two');
    world.note('server', 'flags', io.compress(true).flags, io.volatile.flags, io.local.flags);
    await fenceAll(world, members);
  },

  'payloads of all kinds to many': async (world) => {
    const { io, members } = await crowd(world, 3);
    io.emit('text', 'ünï 💥', { a: [1, null, undefined] });
    io.emit('binary', Buffer.from([1, 2, 3]), { b: new Uint8Array([4]) });
    io.emit('long', 'x'.repeat(70_000));
    io.emit('long binary', Buffer.alloc(70_000, 1));
    io.compress(false).emit('not compressed', 1);
    io.emit('no argument');
    io.emit('many', 1, 'two', [3], { four: 4 }, null);
    await fenceAll(world, members);
  },

  'volatile packets of idle clients': async (world) => {
    const { io, members, sockets } = await crowd(world, 2);
    const step = async () => {
      await fenceAll(world, members);
      await world.quiet();
    };
    await step();
    io.volatile.emit('volatile', 1);
    await step();
    sockets[0].volatile.emit('volatile alone', 2);
    await step();
    io.to(sockets[1].id).volatile.emit('volatile binary', Buffer.from('v'));
    await step();
    sockets[0].volatile.emit('first of two', 1);
    sockets[0].volatile.emit('second of two', 2);
    await step();
    io.volatile.emit('first of two for all', 1);
    io.volatile.emit('second of two for all', 2);
    await step();
    sockets[0].emit('plain', 1);
    sockets[0].volatile.emit('behind it', 2);
    await step();
    io.emit('plain for all', 1);
    io.volatile.emit('behind it for all', 2);
    await step();
  },

  'between what the sockets send': async (world) => {
    const { io, members, sockets } = await crowd(world, 2);
    for (let i = 0; i < 5; i++) {
      sockets[0].emit('own', i);
      io.emit('all', i);
      sockets[1].broadcast.emit('others', i);
      sockets[0].emit('binary', Buffer.from([i]));
      io.to(sockets[0].id).emit('room', i);
    }
    await fenceAll(world, members);
  },

  'join and leave': async (world) => {
    const { io, sockets } = await crowd(world, 2);
    const { adapter } = io.sockets;
    world.record('adapter', adapter, ROOM_EVENTS);
    const [a, b] = sockets;
    for (const rooms of ['x', ['x', 'y'], [], ['z', 'z'], 'x']) {
      world.note('server', 'join', a.join(rooms), a.rooms);
    }
    b.join('x');
    for (const room of ['x', 'x', 'nowhere', 'y'])
      world.note('server', 'leave', a.leave(room), a.rooms);
    world.note('server', 'rooms', adapter.rooms, adapter.sids);
    world.note('server', 'the set itself', adapter.socketRooms(a.id) === a.rooms);
    a.leave(a.id);
    world.note('server', 'without its own', a.rooms);
    io.to(a.id).emit('to its own room');
    a.leaveAll();
    world.note('server', 'nothing left', a.rooms, a.connected);
  },

  'the events of rooms around a connection': async (world) => {
    const io = await world.serve();
    const log =
      (event) =>
      (...args) =>
        world.note('all', event, ...args);
    for (const event of ROOM_EVENTS) io.sockets.adapter.on(event, log(event));
    io.on('connection', (socket) => {
      world.note('all', 'connection', socket.rooms);
      socket.join(['one', 'two']);
      socket.on('disconnecting', (reason) =>
        world.note('all', 'disconnecting', reason, socket.rooms),
      );
      socket.on('disconnect', (reason) => world.note('all', 'disconnect', reason, socket.rooms));
    });
    const a = await world.join('a', io);
    const b = await world.join('b', io);
    a.peer.send('41');
    await world.saw('all', 'disconnect "');
    b.peer.destroy();
    await world.saw('all', 'disconnect "', 2);
    world.note('all', 'rooms', io.sockets.adapter.rooms, io.sockets.adapter.sids);
  },

  'emit to a room from inside disconnecting': async (world) => {
    const { members, sockets } = await crowd(world, 3);
    for (const socket of sockets) socket.join('r');
    const [leaver] = sockets;
    leaver.on('disconnecting', () => {
      leaver.to('r').emit('leaving');
      leaver.emit('to myself');
      leaver.join('late');
    });
    leaver.on('disconnect', () => {
      leaver.to('r').emit('left', leaver.rooms.size);
      leaver.broadcast.emit('left, to all');
    });
    leaver.disconnect();
    await fenceAll(world, members.slice(1));
    world.note('server', 'rooms', [...leaver.nsp.adapter.rooms.keys()].length);
  },

  'fetchSockets and allSockets': async (world) => {
    const { io, sockets } = await crowd(world, 3);
    sockets[0].join('a');
    sockets[1].join('a');
    const ids = (list) =>
      [...list].map((each) => sockets.findIndex(({ id }) => id === (each.id ?? each)));
    for (const [name, operator] of Object.entries({
      all: io,
      a: io.to('a'),
      'not a': io.except('a'),
      'a but 0': sockets[0].to('a'),
      none: io.to('none'),
      'by id': io.in(sockets[2].id),
    })) {
      const fetched = await operator.fetchSockets();
      world.note('server', name, ids(fetched), ids(await operator.allSockets()));
      world.note(
        'server',
        'are local',
        fetched.every((each) => sockets.includes(each)),
      );
    }
  },

  'socketsJoin, socketsLeave, disconnectSockets': async (world) => {
    const { io, members, sockets } = await crowd(world, 3);
    sockets.forEach((socket, i) =>
      world.record(`server ${i}`, socket, ['disconnecting', 'disconnect']),
    );
    sockets[0].join('a');
    world.note('server', 'returns', io.to('a').socketsJoin(['b', 'c']), io.socketsJoin('d'));
    world.note(
      'server',
      'returns',
      io.except('a').socketsLeave('d'),
      sockets[1].broadcast.socketsJoin('e'),
    );
    for (const { id, rooms } of sockets)
      world.note(
        'server',
        'rooms',
        [...rooms].filter((r) => r !== id),
      );
    world.note('server', 'returns', io.to('a').disconnectSockets());
    await world.enter(members[0].peer, io, '/other');
    await world.enter(members[1].peer, io, '/other');
    sockets[1].join('f');
    io.to('f').disconnectSockets(true);
    await members[1].peer.ended();
    await world.fence(members[0].peer, '/other');
    world.note('server', 'left', io.sockets.sockets.size, io.of('/other').sockets.size);
  },

  'outgoing listeners': async (world) => {
    const { io, members, sockets } = await crowd(world, 2);
    sockets[0].onAnyOutgoing((...args) => world.note('server', 'outgoing 0', ...args));
    io.emit('all', 1);
    sockets[0].broadcast.emit('others', 2);
    sockets[1].broadcast.emit('others', 3);
    io.to(sockets[0].id).emit('one', 4);
    await fenceAll(world, members);
  },

  'many rooms, many members, leaving in between': async (world) => {
    const { io, members, sockets } = await crowd(world, 5);
    for (let round = 0; round < 20; round++) {
      const socket = sockets[round % 5];
      socket.join([`r${round % 3}`, `s${round % 4}`]);
      io.to(`r${round % 3}`).emit('r', round);
      io.to([`r${(round + 1) % 3}`, `s${round % 4}`])
        .except(`s${(round + 2) % 4}`)
        .emit('rs', round);
      sockets[(round + 2) % 5].leave(`r${round % 3}`);
      io.to(`r${round % 3}`).emit('r again', round);
      if (round === 12) sockets[3].disconnect();
    }
    await fenceAll(
      world,
      members.filter(({ socket }) => socket.connected),
    );
    world.note(
      'server',
      'rooms',
      [...io.sockets.adapter.rooms].map(([, ids]) => ids.size),
    );
  },
});
