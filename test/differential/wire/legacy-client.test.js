/** Clients of Socket.IO 2: by hand, and the official one. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

const V3 = 'EIO=3&transport=websocket';

/** A server that lets them in, whose connections are watched. */
async function start(world, opts) {
  const io = await world.serve({ allowEIO3: true, ...opts });
  const watch = (nsp) =>
    nsp.on('connection', (socket) => {
      const lane = `server ${nsp.name}`;
      world.note(
        lane,
        'connection',
        socket.id,
        socket.id === socket.conn.id,
        socket.handshake.auth,
      );
      world.note(lane, 'query', socket.handshake.query, socket.conn.protocol, socket.pid);
      world.record(lane, socket, ['x', 'error', 'disconnecting', 'disconnect']);
      socket.on('ask', (...args) => args.pop()(...args, 'answer'));
    });
  return { io, watch };
}

describeScenarios(__filename, 'clients of Socket.IO 2', {
  'a connection by hand': async (world) => {
    const { io, watch } = await start(world);
    watch(io.sockets);
    const peer = await world.ws('a', io, { query: `${V3}&token=1` });
    await world.saw('a', '40');
    peer.send(
      '42["x",1]',
      '427["ask","a"]',
      '2',
      '2probe',
      '451-["x",{"_placeholder":true,"num":0}]',
      Buffer.from([4, 1, 2, 3]),
    );
    await world.saw('server /', 'x Buffer');
    io.emit('all', 1, Buffer.from('b'));
    await world.saw('a', 'opcode 2');
    peer.send('41');
    await world.saw('server /', 'disconnect "');
  },
  'namespaces by hand': async (world) => {
    const { io, watch } = await start(world);
    watch(io.of('/chat'));
    watch(io.of('/plain'));
    const peer = await world.ws('a', io, { query: V3 });
    peer.send('40/plain');
    await world.saw('server /plain', 'connection');
    peer.send('40/chat?token=a%20b&token=c&__proto__=1&constructor=2');
    await world.saw('a', '40/chat');
    peer.send(
      '42/chat,["x",1]',
      '42/chat?token=a,["x",2]',
      '42/plain,["x",3]',
      '428["ask"]',
      '40/nowhere',
      '40/nowhere2?x=1',
    );
    await world.saw('a', 'nowhere2');
    io.of('/chat').emit('to chat', { a: 1 });
    await world.saw('a', 'to chat');
    peer.send('41/chat');
    await world.saw('server /chat', 'disconnect "');
  },
  'a refusal': async (world) => {
    const { io } = await start(world);
    const errors = {
      '/plain': new Error('plain'),
      '/data': Object.assign(new Error('x'), { data: { a: 1 } }),
    };
    for (const [name, error] of Object.entries(errors))
      io.of(name).use((_socket, next) => next(error));
    const peer = await world.ws('a', io, { query: V3 });
    await world.saw('a', '40');
    peer.send('40/plain', '40/data');
    await world.saw('a', '44/data');
  },
  'a refusal in the main namespace': async (world) => {
    const { io } = await start(world);
    io.use((_socket, next) => next(new Error('not you')));
    await world.ws('a', io, { query: V3 });
    await world.saw('a', '44');
  },
  'dynamic namespaces': async (world) => {
    const { io } = await start(world);
    io.of((name, auth, next) => {
      world.note('server', 'asked', name, auth, Object.getPrototypeOf(auth) === null);
      next(null, name === '/yes');
    });
    const peer = await world.ws('a', io, { query: V3 });
    peer.send('40/yes?token=1', '40/no?token=2');
    await world.saw('a', '/no');
    await world.saw('a', '40/yes');
  },
  'a heartbeat that stops': async (world) => {
    const { io, watch } = await start(world, { pingInterval: 300, pingTimeout: 1200 });
    watch(io.sockets);
    const peer = await world.ws('a', io, { query: V3 });
    await peer.ended();
    await world.saw('server /', 'disconnect "');
  },
  'a pong, which is the wrong direction': async (world) => {
    const { io, watch } = await start(world);
    watch(io.sockets);
    const peer = await world.ws('a', io, { query: V3 });
    await world.saw('a', '40');
    peer.send('3');
    await peer.ended();
    await world.saw('server /', 'disconnect "');
  },
  'not allowed': async (world) => {
    const io = await world.serve();
    await world.http('polling', io, 'GET', '/socket.io/?EIO=3&transport=polling');
    const client = world.client('a', io, '/', { version: 2, transports: ['polling'] });
    await world.saw('a', 'connect_error');
    client.disconnect();
  },
  'the official one': async (world) => {
    const { io, watch } = await start(world);
    watch(io.sockets);
    watch(io.of('/chat'));
    let count = 0;
    for (const transport of ['websocket', 'polling']) {
      const lane = `client ${transport}`;
      count++;
      const client = world.client(lane, io, '/chat', {
        version: 2,
        transports: [transport],
        query: { token: 'abc' },
      });
      client.on('hello', world.noter(lane, 'hello'));
      await world.saw(lane, 'connect');
      io.of('/chat').emit('hello', 1, Buffer.from('b'), { c: [null] });
      await world.saw(lane, 'hello');
      client.emit('x', 'ü', { a: new Date(0) });
      client.emit('ask', Buffer.from('1'), (...args) => world.note(lane, 'answer', args));
      await world.saw(lane, 'answer');
      client.disconnect();
      for (const nsp of ['/', '/chat']) await world.saw(`server ${nsp}`, 'disconnect "', count);
    }
  },
  'both generations in one room': async (world) => {
    const { io } = await start(world);
    io.on('connection', (socket) => socket.join('room'));
    const { peer } = await world.join('new', io);
    const old = await world.ws('old', io, { query: V3 });
    await world.until(() => io.sockets.sockets.size === 2, 'both');
    io.to('room').emit('text', 'ü');
    io.to('room').emit('binary', Buffer.from([1, 2]), { more: Buffer.from([3]) });
    io.to('room').compress(false).emit('last');
    await world.fence(peer);
    await world.saw('old', 'last');
    old.send('42["x"]');
  },
});
