'use strict';

/** `request.socket` of a WebSocket client, whose connection is an I/O thread's. */

const { once } = require('node:events');
const {
  ENGINES,
  cleanUp,
  openWebSocket,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { cleanUp: closePorts, join, startPort } = require('../../../support/rigs/port-rig');

afterEach(async () => {
  await cleanUp();
  await closePorts();
});

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  /** A WebSocket client, its session, and what the session's request calls its socket. */
  async function connect() {
    const { wire, session } = await openWebSocket(await startEngine(EngineClass));
    return { wire, session, socket: session.request.socket };
  }

  test('it tells who is at the two ends', async () => {
    const { wire, session, socket } = await connect();
    expect(socket.remoteAddress).toBe('127.0.0.1');
    expect(socket.remoteFamily).toBe('IPv4');
    expect(socket.remotePort).toBe(wire.socket.localPort);
    expect(socket.localAddress).toBe('127.0.0.1');
    expect(socket.localPort).toBe(wire.socket.remotePort);
    expect(socket.encrypted).toBeUndefined();
    expect(session.request.connection).toBe(socket);
  });

  test('it looks like a socket that is open', async () => {
    const { wire, socket } = await connect();
    expect(socket.address()).toEqual({
      address: '127.0.0.1',
      family: 'IPv4',
      port: wire.socket.remotePort,
    });
    expect(socket).toMatchObject({
      readable: true,
      writable: true,
      closed: false,
      connecting: false,
      pending: false,
      readableLength: 0,
      writableLength: 0,
      bytesRead: expect.any(Number),
      bytesWritten: expect.any(Number),
    });
    const closed = once(socket, 'close');
    wire.socket.destroy();
    await closed;
    expect(socket).toMatchObject({ readable: false, writable: false, closed: true });
  });

  test.each(['destroySoon', 'resetAndDestroy', 'end'])('%s() ends the session', async (method) => {
    const { wire, session, socket } = await connect();
    const closed = once(session, 'close');
    socket[method]();
    await wire.until((it) => it.ended || it.socket.destroyed);
    wire.socket.end();
    expect((await closed)[0]).toBe('transport close');
  });

  test('it takes settings and goes on', async () => {
    const { socket } = await connect();
    expect(socket.setTimeout(0)).toBe(socket);
    expect(socket.setNoDelay(true).setKeepAlive(true).ref()).toBe(socket);
    expect(socket.destroyed).toBe(false);
    expect(socket.readyState).toBe('open');
  });

  test('it closes with the connection', async () => {
    const { wire, socket } = await connect();
    const closed = once(socket, 'close');
    wire.socket.destroy();
    expect(await closed).toEqual([expect.any(Boolean)]);
    expect(socket.destroyed).toBe(true);
  });

  test('destroying it ends the session', async () => {
    const { wire, session, socket } = await connect();
    const closed = once(session, 'close');
    expect(socket.destroy()).toBe(socket);
    expect((await closed)[0]).toBe('transport close');
    await wire.until(({ ended }) => ended);
  });
});

test('what is written to it does not reach the client', async () => {
  const [, [, Engine]] = ENGINES;
  const { wire, session, say } = await openWebSocket(await startEngine(Engine));
  const { socket } = session.request;
  const taken = new Promise((resolve) => socket.write('not a frame', 'utf8', resolve));
  expect(socket.write('nor this')).toBe(true);
  socket.cork();
  socket.uncork();
  expect(socket.pause().resume()).toBe(socket);
  await taken;
  session.on('message', (/** @type {string} */ text) => session.send(text));
  say('4hello');
  expect((await wire.framesUpTo(2))[1].payload).toBe('4hello');
});

test('on the own port its local end is not known', async () => {
  const { io, place } = await startPort('own port');
  const { socket } = await join({ io, place });
  expect(socket.request.socket.address()).toEqual({});
  expect(socket.request.socket.readable).toBe(true);
});
