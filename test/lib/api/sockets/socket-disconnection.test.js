'use strict';

const { once } = require('node:events');
const {
  cleanUp,
  connectPair,
  connectRaw,
  eventOf,
  startServer,
} = require('../../../support/rigs/rig');

afterEach(cleanUp);

describe('disconnection', () => {
  test('by the client', async () => {
    const { socket, client } = await connectPair(startServer());
    const events = [];
    socket.on('disconnecting', (...args) =>
      events.push(['disconnecting', socket.rooms.size, ...args]),
    );
    const left = once(socket, 'disconnect');
    client.disconnect();
    expect(await left).toEqual(['client namespace disconnect', undefined]);
    expect(events).toEqual([['disconnecting', 1, 'client namespace disconnect', undefined]]);
  });

  test('by the server, the connection staying open', async () => {
    const { socket, client } = await connectPair(startServer());
    const left = once(socket, 'disconnect');
    const told = eventOf(client, 'disconnect');
    expect(socket.disconnect()).toBe(socket);
    expect((await left)[0]).toBe('server namespace disconnect');
    expect((await told)[0]).toBe('io server disconnect');
    expect(socket.disconnect()).toBe(socket);
  });

  test('by the server, with the connection', async () => {
    const io = startServer();
    const { raw, socket } = await connectRaw(io);
    const reason = once(socket, 'disconnect');
    socket.disconnect(true);
    expect((await reason)[0]).toBe('server namespace disconnect');
    expect(await raw.next()).toBe('41');
    await raw.closed;
  });

  test('when the transport is lost, with details', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const left = once(socket, 'disconnect');
    raw.ws.terminate();
    expect((await left)[0]).toBe('transport close');
  });

  test('when the client stops answering', async () => {
    const { socket } = await connectRaw(startServer({ pingInterval: 10, pingTimeout: 2000 }));
    expect((await once(socket, 'disconnect'))[0]).toBe('ping timeout');
  });

  test('when the server closes', async () => {
    const io = startServer();
    const { socket } = await connectPair(io);
    const left = once(socket, 'disconnect');
    await io.close();
    expect((await left)[0]).toBe('server shutting down');
  });

  test('when the connection is closed below', async () => {
    const { socket } = await connectPair(startServer());
    const left = once(socket, 'disconnect');
    socket.conn.close();
    expect((await left)[0]).toBe('forced close');
  });

  test('leaves nothing behind', async () => {
    const io = startServer();
    const { socket, client } = await connectPair(io);
    socket.join('room');
    const left = once(socket, 'disconnect');
    client.disconnect();
    await left;
    expect(io.sockets.sockets.size).toBe(0);
    expect(io.sockets.adapter.rooms.size).toBe(0);
    expect(io.sockets.adapter.sids.size).toBe(0);
  });
});
