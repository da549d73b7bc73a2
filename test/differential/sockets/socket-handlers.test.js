/** Middlewares and handlers of sockets: their order, what they throw, and what ends in their middle. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

describeScenarios(__filename, 'handlers of a Socket', {
  'middlewares for events': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const log = world.noter.bind(world, 'server');
    socket.onAny(log('any'));
    socket.use((event, next) => {
      log('first')(event.slice(0, 2), event.length);
      if (event[0] === 'stop') return;
      if (event[0] === 'bad') next(Object.assign(new Error('bad'), { data: 1 }));
      else if (event[0] === 'text') next('a text');
      else if (event[0] === 'later') setImmediate(next);
      else if (event[0] === 'twice') next(next());
      else next();
      process.nextTick(log('tick of first'), event[0]);
    });
    socket.use((event, next) => {
      if (event[0] === 'change') event[1] = 'changed';
      if (event[0] === 'rename') event[0] = 'renamed';
      if (event[0] === 'throw') throw new Error('thrown by a middleware');
      next();
    });
    for (const name of [
      'plain',
      'stop',
      'bad',
      'text',
      'change',
      'renamed',
      'later',
      'twice',
      'throw',
      'error',
    ]) {
      socket.on(name, log(`on ${name}`));
    }
    const sent = ['stop', 'bad', 'text', 'change', 'rename', 'twice', 'throw', 'later'];
    peer.send('425["plain",1]', ...sent.map((name) => `42["${name}",1]`));
    await world.saw('server', 'on later');
    await world.fence(peer);
  },

  'an error without a listener': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    socket.use((event, next) => next(event[0] === 'fence' ? null : new Error('nobody listens')));
    peer.send('42["x"]');
    await world.fence(peer);
    socket.removeAllListeners('error');
    peer.send('42["x"]');
    await world.fence(peer);
  },

  'handlers that throw': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    socket.on('throw', (n) => {
      world.note('server', 'throw', n);
      throw new Error(`thrown ${n}`);
    });
    socket.on('throw', world.noter('server', 'the second listener'));
    socket.on('reject', async (n) => {
      throw new Error(`rejected ${n}`);
    });
    socket.on('event', world.noter('server', 'event'));
    peer.send('42["throw",1]', '42["event",1]', '42["reject",2]', '42["throw",3]', '42["event",2]');
    await world.fence(peer);
    await world.fence(peer);
    world.note('server', 'connected', socket.connected);
  },

  'handlers that throw at every point of a life': async (world) => {
    const io = await world.serve();
    const boom = (what) => () => {
      world.note('server', what);
      throw new Error(`thrown by ${what}`);
    };
    io.on('connect', boom('connect'));
    io.on('connection', (socket) => {
      world.note('server', 'connection');
      socket.on('disconnecting', boom('disconnecting'));
      socket.on('disconnect', boom('disconnect'));
    });
    const peer = await world.ws('a', io);
    peer.send('40');
    await world.saw('process', 'thrown by connect');
    await world.saw('a', '40{');
    peer.destroy();
    await world.until(() => io.engine.clientsCount === 0, 'the client to be gone');
    await world.quiet();
    world.note('server', 'sockets', io.sockets.sockets.size, io.sockets.adapter.rooms);
  },

  'ticks and microtasks between events': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    socket.on('e', async (n) => {
      world.note('server', 'event', n);
      process.nextTick(world.noter('server', 'tick'), n);
      queueMicrotask(() => world.note('server', 'microtask', n));
      await null;
      world.note('server', 'after an await', n);
      await null;
      world.note('server', 'after another', n);
    });
    peer.send('42["e",1]', '42["e",2]', '421["fence"]', '42["e",3]');
    await world.fence(peer);
  },

  'a disconnection among events of one read': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    await world.enter(peer, io, '/other');
    world.record('server', socket, ['e', 'disconnecting', 'disconnect']);
    socket.onAny(world.noter('server', 'any'));
    socket.emit('ask', world.noter('server', 'answer'));
    peer.send('42["e",1]', '430[]', '41', '42["e",2]', '430[]');
    await world.saw('server', 'disconnect ');
    await world.fence(peer, '/other');
    peer.send('42["e",3]');
    await peer.ended();
  },

  'an event emitted in a handler, and answers in order': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    socket.on('ping', (n, ack) => {
      socket.emit('before', n);
      ack(n);
      socket.emit('after', n);
      io.emit('to all', n);
      socket.compress(false).emit('binary', Buffer.from([n]));
    });
    peer.send('421["ping",1]', '422["ping",2]', '423["ping",3]');
    await world.fence(peer);
  },

  'nothing is sent after a disconnection': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const other = await world.enter(peer, io, '/other');
    socket.disconnect();
    await world.attempt('server', 'emit', () => socket.emit('late', 1));
    await world.attempt('server', 'emit', () =>
      socket.emit('late', 1, world.noter('server', 'ack')),
    );
    await world.attempt('server', 'join', () => socket.join('x'));
    await world.attempt('server', 'leave', () => socket.leave('x'));
    await world.attempt('server', 'to', () => socket.to('x').emit('y'));
    await world.attempt('server', 'broadcast', () => socket.broadcast.emit('y'));
    world.note('server', 'rooms', socket.rooms, socket.acks.size, io.sockets.adapter.rooms);
    world.note(
      'server',
      'again',
      socket.disconnect() === socket,
      socket.disconnect(true) === socket,
    );
    await world.fence(peer, other.nsp.name);
  },

  'a second connection of the same namespace': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    world.record('server', socket, ['error', 'disconnecting', 'disconnect']);
    peer.send('40');
    await peer.ended();
  },
});
