/** Adapters: what they are told, what they may do, and those of the application. */
'use strict';

const { crowd, fenceAll } = require('../support/crowd');
const { describeScenarios } = require('../support/scenarios');

/** What an adapter without server sees of a call. */
function spyOn(world, adapter, names) {
  for (const name of names) {
    adapter[name] = (...args) => {
      world.note('adapter', name, ...args);
      return name === 'fetchSockets' || name === 'sockets' ? Promise.resolve([]) : undefined;
    };
  }
}

describeScenarios(__filename, 'adapters', {
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
});
