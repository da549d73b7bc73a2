/** Broadcasts, rooms and what adapters tell of them (PARITY 2.5, 2.7). */
'use strict';

const { describeScenarios } = require('./support/scenarios');

const ROOM_EVENTS = ['create-room', 'join-room', 'leave-room', 'delete-room'];

/** A server with some clients by hand. */
async function crowd(world, count, opts) {
  const io = await world.serve(opts);
  const members = [];
  for (let i = 0; i < count; i++) members.push(await world.join(`client ${i}`, io));
  return { io, members, sockets: members.map(({ socket }) => socket) };
}

async function fenceAll(world, members) {
  for (const { peer } of members) await world.fence(peer);
}

/** What an adapter without server sees of a call. */
function spyOn(world, adapter, names) {
  for (const name of names) {
    adapter[name] = (...args) => {
      world.note('adapter', name, ...args);
      return name === 'fetchSockets' || name === 'sockets' ? Promise.resolve([]) : undefined;
    };
  }
}

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

  'and what the adapter is told': async (world) => {
    const io = world.io();
    const { adapter } = io.sockets;
    spyOn(world, adapter, [
      'broadcast',
      'fetchSockets',
      'sockets',
      'addSockets',
      'delSockets',
      'disconnectSockets',
      'serverSideEmit',
    ]);
    adapter.broadcastWithAck = (packet, opts, onCount, onAck) => {
      world.note('adapter', 'broadcastWithAck', packet, opts, onCount.length, onAck.length);
      onCount(2);
      onAck('a');
      onAck('b');
    };
    adapter.serverCount = async () => 1;
    io.emit('x', 1, Buffer.from('b'));
    io.to('r').except(['s', 't']).volatile.compress(false).local.emit('y');
    io.send('m');
    io.timeout(50).to('r').emit('z', 1, world.noter('server', 'acks'));
    await io.to('r').local.fetchSockets();
    await io.in('r').allSockets();
    io.to('r').socketsJoin('a');
    io.socketsJoin(['a', 'b']);
    io.to('r').socketsLeave('a');
    io.to('r').except('s').disconnectSockets();
    io.disconnectSockets(true);
    io.serverSideEmit('hello', 1);
    await world.saw('server', 'acks');
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

  'sockets that another server holds': async (world) => {
    const io = world.io();
    const { adapter } = io.sockets;
    const remote = {
      id: 'remote',
      handshake: { url: '/' },
      rooms: ['r', 'remote'],
      data: { a: 1 },
    };
    adapter.fetchSockets = async () => [remote];
    spyOn(world, adapter, ['broadcast', 'addSockets', 'delSockets', 'disconnectSockets']);
    const answers = ['only'];
    adapter.broadcastWithAck = (packet, opts, onCount, onAck) => {
      world.note('adapter', 'broadcastWithAck', packet, opts);
      onCount(1);
      for (const answer of answers) onAck(answer);
    };
    adapter.serverCount = async () => 1;
    const [socket] = await io.fetchSockets();
    world.note(
      'server',
      'socket',
      socket.constructor.name,
      Object.keys(socket),
      socket.rooms,
      socket.data,
    );
    world.note('server', 'emit', socket.emit('x', 1), socket.join('a'), socket.leave(['b', 'c']));
    world.note(
      'server',
      'disconnect',
      socket.disconnect() === socket,
      socket.disconnect(true) === socket,
    );
    await world.attempt('server', 'ack', () => socket.timeout(1000).emitWithAck('ask'));
    answers.length = 0;
    await world.attempt('server', 'none', () => socket.timeout(5).emitWithAck('ask'));
    await world.attempt('server', 'reserved', () => socket.emit('connect'));
    world.note('server', 'operator', socket.operator.rooms, socket.operator.flags);
  },

  'an adapter of the application': async (world) => {
    const { Adapter } = require('socket.io-adapter');
    class Own extends Adapter {
      constructor(nsp) {
        super(nsp);
        world.note(
          'adapter',
          'made',
          nsp.name,
          nsp.server.encoder !== undefined,
          this.encoder !== undefined,
        );
      }
      init() {
        world.note('adapter', 'init', this.nsp.name);
      }
      addAll(id, rooms) {
        world.note('adapter', 'addAll', id, rooms);
        return super.addAll(id, rooms);
      }
      del(id, room) {
        world.note('adapter', 'del', id, room);
        return super.del(id, room);
      }
      delAll(id) {
        world.note('adapter', 'delAll', id);
        return super.delAll(id);
      }
      broadcast(packet, opts) {
        world.note('adapter', 'broadcast', packet, opts);
        return super.broadcast(packet, opts);
      }
      close() {
        world.note('adapter', 'close');
      }
    }
    const { io, members, sockets } = await crowd(world, 2, { adapter: Own });
    world.note('server', 'adapter', io.adapter() === Own, io.sockets.adapter instanceof Own);
    world.note('server', 'join', sockets[0].join('a'), sockets[0].leave('b'));
    io.of('/other');
    io.of(/^\/dynamic/);
    io.emit('all', 1, Buffer.from('b'));
    sockets[0].to('a').emit('a', 2);
    await fenceAll(world, members);
    sockets[0].disconnect();
    await world.until(() => !sockets[0].connected, 'a disconnection');
    await io.close();
  },

  'an adapter whose methods are asynchronous': async (world) => {
    const { Adapter } = require('socket.io-adapter');
    class Slow extends Adapter {
      async addAll(id, rooms) {
        await new Promise(setImmediate);
        super.addAll(id, rooms);
        return 'added';
      }
      async del(id, room) {
        super.del(id, room);
        return 'deleted';
      }
      async init() {
        throw new Error('an adapter that does not start');
      }
    }
    const { io, sockets, members } = await crowd(world, 1, { adapter: Slow });
    world.note('server', 'join', await sockets[0].join('x'), await sockets[0].leave('x'));
    io.to(sockets[0].id).emit('to its room');
    await fenceAll(world, members);
  },

  'an adapter that is a function, and one that is set later': async (world) => {
    const { Adapter } = require('socket.io-adapter');
    function Made(nsp) {
      world.note('adapter', 'called', nsp.name, new.target !== undefined);
      return new Adapter(nsp);
    }
    const io = await world.serve({ adapter: Made });
    const { peer, socket } = await world.join('a', io);
    class Later extends Adapter {}
    world.note('server', 'set', io.adapter(Later) === io, io.adapter() === Later);
    world.note(
      'server',
      'adapters',
      io.sockets.adapter instanceof Later,
      socket.adapter instanceof Later,
    );
    io.emit('the new one knows nobody');
    socket.join('now');
    io.to('now').emit('to now');
    await world.fence(peer);
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

  'writeToEngine, as adapters call it': async (world) => {
    const { io, members, sockets } = await crowd(world, 1);
    const encoded = io.encoder.encode({ type: 2, nsp: '/', data: ['by hand', 1] });
    world.note('server', 'encoded', encoded);
    sockets[0].client.writeToEngine(encoded, { preEncoded: true, volatile: false, compress: true });
    const withBinary = io.encoder.encode({
      type: 2,
      nsp: '/',
      id: 7,
      data: ['x', Buffer.from('b')],
    });
    world.note('server', 'encoded', withBinary);
    sockets[0].client.writeToEngine(withBinary, { preEncoded: true });
    sockets[0].packet({ type: 2, data: ['packet', 1] });
    sockets[0].packet({ type: 2, data: ['packet', 2] }, { volatile: true, compress: false });
    await fenceAll(world, members);
  },

  'subclass methods of the genuine Adapter': async (world) => {
    const { io, members, sockets } = await crowd(world, 2);
    const { adapter } = io.sockets;
    sockets[0].join('a');
    const opts = { rooms: new Set(['a']), except: new Set(), flags: {} };
    const packet = { type: 2, data: ['direct', 1] };
    adapter.broadcast(packet, opts);
    world.note('server', 'packet', packet);
    adapter.broadcast({ type: 2, data: ['to all'] }, { rooms: new Set() });
    adapter.addSockets(opts, ['b']);
    adapter.delSockets(opts, ['a']);
    world.note(
      'server',
      'sockets',
      (await adapter.sockets(new Set(['b']))).size,
      await adapter.serverCount(),
    );
    world.note('server', 'fetch', (await adapter.fetchSockets({ rooms: new Set(['b']) })).length);
    await world.attempt('server', 'serverSideEmit', () => adapter.serverSideEmit([1]));
    await world.attempt('server', 'persist', () => adapter.persistSession({}));
    await world.attempt('server', 'restore', () => adapter.restoreSession('p', 'o'));
    await world.attempt('server', 'close', () => adapter.close());
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
