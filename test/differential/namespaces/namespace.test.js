/** Namespaces, their middlewares, and namespaces made on demand. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

/** A WebSocket that asks for a namespace, whatever the answer. */
async function knock(world, io, lane, packet) {
  const peer = await world.ws(lane, io);
  peer.send(packet);
  return peer;
}

describeScenarios(__filename, 'Namespace', {
  'connect, then connection, after the CONNECT packet is written': async (world) => {
    const io = await world.serve();
    const nsp = io.of('/chat');
    for (const event of ['connection', 'connect']) {
      nsp.on(event, (socket) => {
        world.note('server', event, socket.connected, nsp.sockets.size, socket.rooms.size);
        process.nextTick(world.noter('server', `tick of ${event}`));
        Promise.resolve().then(world.noter('server', `microtask of ${event}`));
        socket.emit(`in ${event}`);
      });
    }
    const { peer } = await world.join('a', io, '/chat');
    await world.fence(peer, '/chat');
  },

  'the order of middlewares': async (world) => {
    const io = await world.serve();
    for (const name of ['one', 'two', 'three']) {
      io.use((socket, next) => {
        world.note('server', name, socket.connected, socket.id !== undefined, socket.rooms);
        process.nextTick(world.noter('server', `tick of ${name}`));
        if (name === 'two') setImmediate(next);
        else next();
      });
    }
    io.on('connection', world.noter('server', 'connection'));
    await world.join('a', io);
    world.note('server', 'use', io.use(() => {}) === io, io.of('/x').use(() => {}).name);
  },

  'errors of middlewares': async (world) => {
    const io = await world.serve();
    const errors = {
      plain: new Error('plain'),
      data: Object.assign(new Error('with data'), { data: { code: 1, list: [null] } }),
      empty: new Error(''),
      falsy: Object.assign(new Error('falsy data'), { data: 0 }),
      object: { message: 'not an error', data: 'text' },
      text: 'a text',
      number: 7,
      true: true,
      binary: Object.assign(new Error('binary'), { data: Buffer.from([1, 2]) }),
    };
    io.use((socket, next) => next(errors[socket.handshake.auth.key]));
    io.on('connection', world.noter('server', 'connection'));
    for (const key of Object.keys(errors)) {
      const peer = await knock(world, io, key, `40{"key":"${key}"}`);
      await world.saw(key, '44');
      world.note('server', key, io.sockets.sockets.size, io.sockets._preConnectSockets.size);
      peer.send('40{"key":"none"}');
      await world.saw(key, '40{"sid');
    }
  },

  'falsy errors are none': async (world) => {
    const io = await world.serve();
    const values = [undefined, null, false, 0, ''];
    io.use((socket, next) => next(values[socket.handshake.auth.at]));
    for (const at of values.keys()) {
      await knock(world, io, `a${at}`, `40{"at":${at}}`);
      await world.saw(`a${at}`, '40{');
    }
  },

  'a middleware that throws': async (world) => {
    const io = await world.serve();
    io.use(() => {
      throw new Error('thrown by a middleware');
    });
    const peer = await knock(world, io, 'a', '40');
    await world.saw('process', 'thrown');
    world.note('server', 'sockets', io.sockets.sockets.size, io.sockets._preConnectSockets.size);
    peer.send('40/nowhere,');
    await world.saw('a', '44/nowhere');
  },

  'a middleware that rejects': async (world) => {
    const io = await world.serve();
    io.use(async () => {
      throw new Error('rejected by a middleware');
    });
    await knock(world, io, 'a', '40');
    await world.saw('process', 'rejected');
  },

  'next called twice': async (world) => {
    const io = await world.serve();
    io.use((_socket, next) => {
      next();
      next();
    });
    io.use((_socket, next) => {
      world.note('server', 'second');
      next();
    });
    io.on('connection', world.noter('server', 'connection'));
    await knock(world, io, 'a', '40');
    await world.saw('a', '40{', 2);
    await world.quiet();
    world.note('server', 'sockets', io.sockets.sockets.size);
  },

  'next called with an error, then without': async (world) => {
    const io = await world.serve();
    io.use((_socket, next) => {
      next(new Error('no'));
      next();
    });
    io.on('connection', world.noter('server', 'connection'));
    await knock(world, io, 'a', '40');
    await world.saw('a', '40{');
    world.note('server', 'sockets', io.sockets.sockets.size);
  },

  'a client that leaves while a middleware thinks': async (world) => {
    const io = await world.serve();
    let goOn;
    io.use((socket, next) => {
      socket.join('early');
      world.note('server', 'thinking', io.sockets._preConnectSockets.size);
      goOn = next;
    });
    io.on('connection', world.noter('server', 'connection'));
    const peer = await knock(world, io, 'a', '40');
    await world.saw('server', 'thinking');
    world.note('server', 'rooms', io.sockets.adapter.rooms, io.sockets.adapter.sids.size);
    peer.destroy();
    await world.until(() => io.engine.clientsCount === 0, 'the client to be gone');
    goOn();
    await world.quiet();
    const { sockets, _preConnectSockets, adapter } = io.sockets;
    world.note('server', 'left', sockets.size, _preConnectSockets.size, adapter.rooms);
  },

  'a middleware that disconnects its socket': async (world) => {
    const io = await world.serve();
    io.use((socket, next) => {
      world.note('server', 'returns', socket.disconnect() === socket, socket.connected);
      next();
    });
    io.of('/hard').use((socket, next) => {
      socket.disconnect(true);
      next();
    });
    await knock(world, io, 'a', '40');
    await world.saw('a', '40{');
    const peer = await knock(world, io, 'b', '40/hard,');
    await world.saw('b', '40/hard');
    peer.send('42/hard,["x"]');
  },

  'a middleware that emits, joins and asks': async (world) => {
    const io = await world.serve();
    io.use((socket, next) => {
      socket.emit('early', 1);
      socket.emit('ask', world.noter('server', 'answer'));
      socket.join(['one', 'two']);
      socket.to('one').emit('to one');
      io.emit('to all');
      io.to('one').emit('to one from io');
      world.note('server', 'rooms', socket.rooms.size, socket.connected, socket.disconnected);
      socket.data.seen = 'by the middleware';
      next();
    });
    io.on('connection', (socket) =>
      world.note('server', 'connection', socket.data, socket.rooms.size),
    );
    const peer = await knock(world, io, 'a', '40');
    await world.saw('a', '40{');
    peer.send('430["yes"]');
    await world.saw('server', 'answer');
    io.to('one').emit('now');
    await world.saw('a', 'now');
  },

  'a middleware added while one runs': async (world) => {
    const io = await world.serve();
    let isFirst = true;
    io.use((_socket, next) => {
      if (isFirst) {
        isFirst = false;
        io.use((_again, goOn) => {
          world.note('server', 'late middleware');
          goOn();
        });
      }
      world.note('server', 'first middleware');
      next();
    });
    await world.join('a', io);
    await world.join('b', io);
  },

  'what a namespace is made of': async (world) => {
    const io = world.io();
    const nsp = io.of('/chat');
    world.note('server', 'fields', nsp.name, nsp.sockets, nsp.server === io, nsp._ids, nsp._fns);
    world.note('server', 'pre', nsp._preConnectSockets, nsp.adapter.nsp === nsp);
    for (const name of [
      'to',
      'in',
      'except',
      'socketsJoin',
      'socketsLeave',
      'compress',
      'timeout',
    ]) {
      const result = nsp[name](name === 'timeout' ? 5 : 'value');
      world.note('server', name, nsp[name].length, result && [...result.rooms], result?.flags);
      world.note('server', 'except', result && [...result.exceptRooms]);
    }
    for (const name of ['volatile', 'local']) world.note('server', name, nsp[name].flags);
    const [one, other] = [nsp.to('a'), nsp.to('a')];
    world.note('server', 'fresh', one !== other, one.adapter === nsp.adapter);
    world.note('server', 'disconnect', nsp.disconnectSockets(), nsp.disconnectSockets(true));
    world.note('server', 'emit', nsp.emit('x'), nsp.send('x') === nsp, nsp.write('x') === nsp);
  },

  'reserved names': async (world) => {
    const io = world.io();
    const names = ['connect', 'connect_error', 'connection', 'disconnect', 'disconnecting'];
    names.push('newListener', 'removeListener', 'new_namespace', 'error', 'message', '__proto__');
    for (const name of names) {
      await world.attempt('emit', name, () => io.emit(name, 1));
      await world.attempt('to', name, () => io.to('room').emit(name, 1));
      await world.attempt('serverSideEmit', name, () => io.serverSideEmit(name, 1));
    }
  },

  'serverSideEmit without a cluster': {
    deviates: {
      row: '`serverSideEmit` with an acknowledgement, `serverSideEmitWithAck`, without a cluster',
      differences: [
        [['server: with ack "never"'], ['server: callback null, []', 'server: with ack ""']],
      ],
    },
    run: async (world) => {
      const io = world.io();
      io.on('ask', world.noter('server', 'ask'));
      await world.attempt('server', 'emit', () => io.serverSideEmit('ask', 1));
      await world.attempt('server', 'emit with a callback', () =>
        io.serverSideEmit('ask', 1, world.noter('server', 'callback')),
      );
      io.sockets._onServerSideEmit(['ask', 'from elsewhere']);
      io._nsps.get('/').emit('ask');
      const never = await Promise.race([
        io.serverSideEmitWithAck('ask').then(String, String),
        world.quiet().then(() => 'never'),
      ]);
      world.note('server', 'with ack', never);
    },
  },

  'serverSideEmit of an adapter that answers': async (world) => {
    const io = world.io();
    io.sockets.adapter.serverSideEmit = (packet) => {
      world.note('adapter', 'packet', packet.slice(0, 2), packet.length);
      packet[packet.length - 1](packet[1] === 'bad' ? new Error('failed') : null, ['one', 'two']);
    };
    await world.attempt('server', 'good', () => io.serverSideEmitWithAck('ask', 'good'));
    await world.attempt('server', 'bad', () => io.serverSideEmitWithAck('ask', 'bad'));
  },

  'one client in many namespaces': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    const b = await world.enter(peer, io, '/b');
    const c = await world.enter(peer, io, '/c/d');
    world.note('server', 'ids', socket.id !== b.id, b.id !== c.id, b.conn === c.conn);
    world.note('server', 'client', socket.client === c.client, [...c.client.nsps.keys()]);
    world.record('b', b, ['disconnecting', 'disconnect', 'event']);
    peer.send('42/b,["event",1]', '41/b,', '42["fence"]');
    await world.saw('b', 'disconnect ');
    peer.send('40/b,{"again":true}');
    await world.saw('a', '40/b', 2);
    io.of('/b').emit('to b');
    io.of('/c/d').emit('to c/d', Buffer.from('x'));
    socket.emit('to main');
    await world.fence(peer, '/c/d');
    peer.send('42/b,["event",2]', '41/b,');
    await world.until(() => io.of('/b').sockets.size === 0, 'b to be empty');
    world.note('server', 'nsps', [...socket.client.nsps.keys()], socket.client.sockets.size);
  },
});
