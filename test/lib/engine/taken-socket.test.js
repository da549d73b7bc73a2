'use strict';

/** `request.socket` of a WebSocket client, whose connection is an I/O thread's. */

const { once } = require('node:events');
const { ENGINES, cleanUp, openWebSocket, startEngine } = require('../../support/engine-rig');

afterEach(cleanUp);

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
