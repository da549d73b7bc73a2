/** How connections end, and what is told of it. */
'use strict';

const frames = require('../../conformance/support/frames');
const { describeScenarios } = require('../support/scenarios');

/** A polling client by hand in the main namespace, whose socket's end is noted. @param {any} world */
async function letInByPolling(world) {
  const io = await world.serve();
  let socket;
  io.on('connection', (connected) => {
    socket = connected;
    world.record('server', socket, ['disconnecting', 'disconnect']);
  });
  const target = await world.poll('a', io);
  await world.http('a', io, 'POST', target, { body: '40' });
  await world.http('a', io, 'GET', target);
  return { io, target, socket };
}

/**
 * A client by hand whose end is watched on all levels, and an end to it.
 * @param {(parts: { peer: any, socket: any, io: any, world: any }) => unknown} end
 * @param {any} [opts]
 */
const ending = (end, opts) => async (world) => {
  const io = await world.serve(opts);
  const { peer, socket } = await world.join('a', io);
  const other = await world.enter(peer, io, '/other');
  const note =
    (label) =>
    (...args) => {
      const shown = args.map((arg) =>
        arg instanceof Error ? [arg, arg.type, arg.description] : arg,
      );
      world.note('server', label, ...shown, socket.conn.readyState, socket.connected);
    };
  for (const event of ['disconnecting', 'disconnect', 'error']) {
    socket.on(event, note(event));
    other.on(event, note(`other ${event}`));
  }
  socket.conn.on('close', note('conn close'));
  socket.emit('ask', note('ack'));
  await world.saw('a', '["ask"]');
  await end({ peer, socket, io, world });
  await world.saw('server', 'disconnect');
  await world.quiet();
  world.note(
    'server',
    'left',
    io.engine.clientsCount,
    io.sockets.sockets.size,
    io.of('/other').sockets.size,
  );
  world.note('server', 'client', socket.client.nsps.size, socket.conn.readyState);
};

/** A client by hand that leaves. */
const leaving = (leave, opts) =>
  ending(async ({ peer, ...rest }) => {
    await leave(peer, rest);
    await peer.ended();
  }, opts);

describeScenarios(__filename, 'ends of connections', {
  'the client disconnects from a namespace': ending(({ peer }) => peer.send('41')),
  'the client disconnects from all': ending(async ({ peer, world }) => {
    peer.send('41', '41/other,');
    await world.saw('server', 'other disconnect ');
  }),
  'the client disconnects and goes on': leaving(async (peer, { world }) => {
    peer.send('41');
    await world.saw('server', 'disconnect ');
    peer.send('42["x"]');
  }),
  'the server disconnects a socket': ending(({ socket }) => socket.disconnect()),
  'the server disconnects a client': leaving((_peer, { socket }) => socket.disconnect(true)),
  'the server closes the connection': leaving((_peer, { socket }) => socket.conn.close()),
  'the server closes the connection at once': leaving((_peer, { socket }) =>
    socket.conn.close(true),
  ),
  'the server sends and closes': leaving((_peer, { socket }) => {
    socket.emit('last', 1);
    socket.conn.close();
    socket.emit('too late', 2);
  }),
  'the server sends and disconnects': leaving((_peer, { socket, io }) => {
    socket.emit('last', Buffer.from('b'));
    io.emit('to all');
    socket.disconnect(true);
    socket.emit('too late', 2);
  }),
  'the client object closes': leaving((_peer, { socket }) => socket.client.close()),
  'the engine closes': leaving((_peer, { io }) => {
    io.engine.close();
  }),
  'io.close()': leaving((_peer, { io }) => {
    io.close();
  }),
  'disconnectSockets(true)': leaving((_peer, { io }) => io.disconnectSockets(true)),
  'the client closes the WebSocket': leaving((peer) => peer.write(frames.close(1000, 'bye'))),
  'the client closes it without a code': leaving((peer) => peer.write(frames.close())),
  'the client closes it with a code of its own': leaving((peer) => peer.write(frames.close(4321))),
  'the client ends the stream': leaving((peer) => peer.wire.end()),
  'the client resets the stream': ending(({ peer }) => peer.wire.reset()),
  'the client goes away': ending(({ peer }) => peer.destroy()),
  'a frame without a mask': leaving((peer) =>
    peer.write(frames.text('42["x"]', { masked: false })),
  ),
  'a frame of an unknown kind': leaving((peer) => peer.write(frames.frame(5, 'x'))),
  'a reserved bit': leaving((peer) => peer.write(frames.text('42["x"]', { rsv: 4 }))),
  'text that is no UTF-8': leaving((peer) => peer.write(frames.text(Buffer.from([0x34, 0xff])))),
  'a message over the limit': leaving((peer) => peer.send(`42["${'x'.repeat(2000)}"]`), {
    maxHttpBufferSize: 1000,
  }),
  'an announced message over the limit': leaving(
    (peer) => peer.write(frames.text('', { announce: 2n ** 40n })),
    { maxHttpBufferSize: 1000 },
  ),
  'a close frame of one byte': leaving((peer) => peer.write(frames.frame(8, 'x'))),
  'a close frame with a forbidden code': leaving((peer) => peer.write(frames.close(1005))),
  'a continuation of nothing': leaving((peer) => peer.write(frames.continuation('x'))),
  'a long ping': leaving((peer) => peer.write(frames.ping('x'.repeat(126), { lengthBytes: 2 }))),
  'a packet of an unknown type': leaving((peer) => peer.send('9x')),
  'an empty packet': leaving((peer) => peer.send('')),
  'a ping of the client': leaving((peer) => peer.send('2')),
  'a client that does not answer pings': ending(({ peer }) => peer.ended(), {
    pingInterval: 1000,
    pingTimeout: 1500,
  }),
  'a bad Socket.IO packet': leaving((peer) => peer.send('4x')),
  'a binary message out of place': leaving((peer) => peer.send(Buffer.from('x'))),
  'disconnect in disconnecting': leaving((peer, { socket }) => {
    socket.once('disconnecting', () => socket.disconnect(true));
    socket.on('disconnect', () => socket.disconnect(true));
    peer.write(frames.close(1001));
  }),
  'disconnect(true) in a handler, with more behind': leaving((peer, { socket, world }) => {
    socket.on('x', (n) => {
      world.note('server', 'x', n);
      socket.disconnect(true);
    });
    peer.send('42["x",1]', '42["x",2]', '42/other,["x",3]');
  }),
  'a client that joins nothing': async (world) => {
    const io = await world.serve({ connectTimeout: 20 });
    io.engine.on('connection', (conn) => world.record('server', conn, ['close']));
    const peer = await world.ws('a', io);
    await peer.ended();
  },
  'a client that is refused, and joins nothing': async (world) => {
    const io = await world.serve({ connectTimeout: 1500 });
    io.engine.on('connection', (conn) => world.record('server', conn, ['close']));
    io.use((_socket, next) => next(new Error('no')));
    const peer = await world.ws('a', io);
    peer.send('40', '40/nowhere,');
    await peer.ended();
  },
  'a client that joins and leaves in time': async (world) => {
    const io = await world.serve({ connectTimeout: 1500 });
    io.engine.on('connection', (conn) => world.record('server', conn, ['close']));
    const { peer } = await world.join('a', io);
    peer.send('41');
    await new Promise((resolve) => setTimeout(resolve, 1600));
    world.note('server', 'still there', io.engine.clientsCount);
    await world.enter(peer, io);
  },
  'a polling client that closes': async (world) => {
    const io = await world.serve();
    io.on('connection', (socket) =>
      world.record('server', socket, ['disconnecting', 'disconnect']),
    );
    const target = await world.poll('a', io);
    await world.http('a', io, 'POST', target, { body: '40' });
    await world.http('a', io, 'GET', target);
    const poll = await world.begin('a', io, 'GET', target);
    await world.http('b', io, 'POST', target, { body: '1' });
    await poll.answer();
    await world.saw('server', 'disconnect ');
  },

  'a polling client that is disconnected': async (world) => {
    const { io, target, socket } = await letInByPolling(world);
    const poll = await world.begin('a', io, 'GET', target);
    socket.emit('last');
    await poll.answer();
    socket.disconnect(true);
    await world.http('a', io, 'GET', target);
  },

  'a polling client that is disconnected between polls': async (world) => {
    const { io, target, socket } = await letInByPolling(world);
    socket.emit('last');
    socket.disconnect(true);
    await world.http('a', io, 'GET', target);
    await world.http('a', io, 'GET', target);
  },
});
