/**
 * Applications that keep a list of their server's connections and destroy them when they shut down:
 * by packages, and by hand. What holds for the genuine package holds for ours, on every door.
 */
'use strict';

const { once } = require('node:events');
const net = require('node:net');
const gracefulShutdown = require('http-graceful-shutdown');
const { createHttpTerminator } = require('http-terminator');
const enableDestroy = require('server-destroy');
const { io: connectClient } = require('socket.io-client');
const stoppable = require('stoppable');
const doorRig = require('../../../support/rigs/door-rig');
const { certificate } = require('../../../support/servers/doors');
const { WEBSOCKET, ENGINES, ask, cleanUp } = require('../../../support/rigs/engine-rig');
const {
  eventually,
  openPolling,
  openWebSocket,
  openWire,
} = require('../../../support/rigs/engine-rig');
const { startEngine } = require('../../../support/rigs/engine-rig');
const { frame, upgradeText } = require('../../../support/clients/wire');

afterEach(async () => {
  await cleanUp();
  await doorRig.cleanUp();
});

const GRACE_MS = 50;
/** How long a connection may be idle, where the application says so before the upgrade. */
const IDLE_MS = 200;

/** @param {(callback: (error?: Error) => void) => void} close */
const promised = (close) =>
  new Promise((resolve, reject) => {
    close((error) => (error ? reject(error) : resolve(undefined)));
  });

/**
 * What makes a server closable, as the packages do it. Each returns what closes it.
 * @type {[string, (server: any) => () => Promise<unknown>][]}
 */
const WAYS = [
  [
    'http-terminator',
    (server) => {
      const terminator = createHttpTerminator({ server, gracefulTerminationTimeout: GRACE_MS });
      return () => terminator.terminate();
    },
  ],
  [
    'stoppable',
    (server) => {
      stoppable(server, GRACE_MS);
      return () => promised((callback) => server.stop(callback));
    },
  ],
  [
    'server-destroy',
    (server) => {
      enableDestroy(server);
      return () => promised((callback) => server.destroy(callback));
    },
  ],
  [
    'http-graceful-shutdown',
    (server) => gracefulShutdown(server, { timeout: 300, forceExit: false, signals: '' }),
  ],
  [
    'a Set',
    (server) => {
      const sockets = new Set();
      server.on('connection', (/** @type {any} */ socket) => sockets.add(socket));
      return () => {
        for (const socket of sockets) socket.destroy();
        return promised((callback) => server.close(callback));
      };
    },
  ],
];

describe.each(doorRig.EVERYWHERE)('%s on %s', (_name, doorName, Server) => {
  /** @param {(server: any) => () => Promise<unknown>} makeClosable */
  async function start(makeClosable) {
    let close = async () => {};
    const { io, httpServer, door } = await doorRig.startOn(Server, doorName, {}, (it) => {
      close = /** @type {any} */ (makeClosable(it.httpServer));
    });
    return { io, httpServer, close, hasTls: door.hasTls };
  }

  /** @param {{ httpServer: any, hasTls: boolean }} rig @param {string[]} transports */
  async function connect({ httpServer, hasTls }, transports) {
    const { port } = httpServer.address();
    const client = connectClient(`http${hasTls ? 's' : ''}://localhost:${port}`, {
      forceNew: true,
      reconnection: false,
      transports,
      ...(hasTls ? { ca: certificate().ca } : {}),
    });
    doorRig.closers.push(() => client.disconnect());
    const gone = new Promise((resolve) => client.once('disconnect', resolve));
    await new Promise((resolve, reject) => {
      client.once('connect', () => resolve(undefined));
      client.once('connect_error', reject);
    });
    return { client, gone };
  }

  test.each(WAYS)('%s closes a server that has clients', async (_way, makeClosable) => {
    const rig = await start(makeClosable);
    const { io, close } = rig;
    const reasons = new Set();
    io.on('connection', (/** @type {any} */ socket) => {
      socket.on('disconnect', (/** @type {string} */ reason) => reasons.add(reason));
    });
    const clients = [
      await connect(rig, ['websocket']),
      await connect(rig, ['polling']),
      await connect(rig, ['polling', 'websocket']),
    ];
    const { engine } = clients[2].client.io;
    if (engine.transport.name !== 'websocket') {
      await new Promise((resolve) => engine.once('upgrade', () => resolve(undefined)));
    }

    await close();
    expect(await Promise.all(clients.map(({ gone }) => gone))).toEqual([
      'transport close',
      'transport error',
      'transport close',
    ]);
    await eventually(() => io.engine.clientsCount === 0);
    for (const reason of reasons) expect(['transport close', 'forced close']).toContain(reason);
  });

  test('destroying what it was given ends a client, and nobody else', async () => {
    /** @type {any[]} */
    const tracked = [];
    const rig = await start((server) => {
      server.on('connection', (/** @type {any} */ socket) => tracked.push(socket));
      return async () => {};
    });
    const { io, httpServer } = rig;
    const connected = once(io, 'connection');
    const { gone } = await connect(rig, ['websocket']);
    const [socket] = await connected;
    const { client: other } = await connect(rig, ['websocket']);

    const left = once(socket, 'disconnect');
    tracked[0].destroy();
    expect((await left)[0]).toBe('transport close');
    expect(await gone).toBe('transport close');
    io.emit('still here');
    await new Promise((resolve) => other.once('still here', () => resolve(undefined)));
    expect(await connectionsOf(httpServer)).toBe(1);
  });
});

/** @param {any} server @returns {Promise<number>} */
const connectionsOf = (server) =>
  new Promise((resolve) => {
    server.getConnections((/** @type {any} */ _, /** @type {number} */ count) => resolve(count));
  });

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  /** A server whose connections are tracked. @param {any} [opts] */
  async function startTracked(opts) {
    const rig = await startEngine(EngineClass, opts);
    /** @type {any[]} */
    const tracked = [];
    rig.server.on('connection', (socket) => tracked.push(socket));
    return { ...rig, tracked };
  }

  /** A WebSocket client and the socket that was tracked for it. @param {any} [opts] */
  async function connect(opts) {
    const rig = await startTracked(opts);
    const client = await openWebSocket(rig);
    return { ...rig, ...client, socket: rig.tracked[0] };
  }

  test('the socket stays what it was while the client is there', async () => {
    const { server, session, socket, wire } = await connect();
    expect(session.request.socket).toBe(socket);
    expect(socket).toBeInstanceOf(net.Socket);
    expect(socket).toMatchObject({
      destroyed: false,
      pending: false,
      connecting: false,
      readable: true,
      writable: true,
      readyState: 'open',
      remoteAddress: '127.0.0.1',
      remoteFamily: 'IPv4',
      remotePort: wire.socket.localPort,
      localAddress: '127.0.0.1',
      localPort: wire.socket.remotePort,
    });
    expect(socket.address()).toEqual({
      address: '127.0.0.1',
      family: 'IPv4',
      port: wire.socket.remotePort,
    });
    expect(socket.bytesRead).toBeGreaterThan(0);
    expect(await connectionsOf(server)).toBe(1);
  });

  test('it closes when the client goes, once', async () => {
    const { server, socket, wire, session } = await connect();
    let count = 0;
    socket.on('close', () => count++);
    const over = Promise.all([once(socket, 'close'), once(session, 'close')]);
    wire.socket.destroy();
    const [[hadError]] = await over;
    expect(hadError).toBe(false);
    expect(socket.destroyed).toBe(true);
    expect(await connectionsOf(server)).toBe(0);
    await new Promise(setImmediate);
    expect(count).toBe(1);
  });

  test.each(['destroy', 'end', 'resetAndDestroy', 'destroySoon'])(
    '%s() ends the client',
    async (method) => {
      const { server, socket, session, wire } = await connect();
      const over = Promise.all([once(socket, 'close'), once(session, 'close')]);
      socket[method]();
      await wire.until(({ ended, socket: { destroyed } }) => ended || destroyed);
      wire.socket.end();
      expect((await over)[1][0]).toBe('transport close');
      expect(await connectionsOf(server)).toBe(0);
    },
  );

  test('settings and time-outs do not disturb the client', async () => {
    const rig = await startTracked();
    rig.server.on('connection', (socket) => {
      socket.setTimeout(IDLE_MS, () => socket.destroy());
      socket.setNoDelay(true).setKeepAlive(true).unref();
    });
    const { session, say, wire } = await openWebSocket(rig);
    const [socket] = rig.tracked;
    expect(socket.setNoDelay(false).setKeepAlive(false).ref()).toBe(socket);
    await new Promise((resolve) => setTimeout(resolve, 2 * IDLE_MS));
    session.on('message', (/** @type {string} */ text) => session.send(text));
    say('4still here');
    expect((await wire.framesUpTo(2))[1].payload).toBe('4still here');
  });

  test('an upgrade that is cut off leaves the session with polling', async () => {
    const { engine, port, tracked, server } = await startTracked();
    const sid = await openPolling(port);
    await eventually(async () => (await connectionsOf(server)) === 0);
    const wire = await openWire(port);
    wire.write(upgradeText(`${WEBSOCKET}&sid=${sid}`));
    wire.write(frame('2probe'));
    await wire.framesUpTo(1);
    tracked[tracked.length - 1].destroy();
    await wire.until(({ ended }) => ended);
    wire.socket.end();
    expect(await connectionsOf(server)).toBe(0);
    engine.clients[sid].send('by polling');
    const { body } = await ask(port, 'GET', `/engine.io/?EIO=4&transport=polling&sid=${sid}`);
    expect(body).toContain('4by polling');
  });

  test('a client that does not answer the close frame can be cut off', async () => {
    const { engine, session, socket, wire } = await connect();
    session.close();
    await wire.framesUpTo(2);
    await eventually(() => engine.clientsCount <= 1);
    socket.destroy();
    await wire.until(({ ended }) => ended);
  });

  test.each(['close', 'upgrade'])('who listens to `%s` alone tracks as well', async (event) => {
    const rig = await startEngine(EngineClass);
    /** @type {any} */
    let socket;
    if (event === 'upgrade') rig.server.on('upgrade', (_req, stream) => (socket = stream));
    else {
      rig.engine.use((/** @type {any} */ req, /** @type {any} */ _, /** @type {any} */ next) => {
        socket = req.socket.on('close', () => {});
        next();
      });
    }
    const { session, wire } = await openWebSocket(rig);
    expect(socket.destroyed).toBe(false);
    const closed = once(session, 'close');
    socket.destroy();
    expect((await closed)[0]).toBe('transport close');
    await wire.until(({ ended }) => ended);
  });
});

const [, [, Engine]] = ENGINES;

test('a server that lists nothing keeps no socket of Node', async () => {
  const rig = await startEngine(Engine);
  const { session } = await openWebSocket(rig);
  expect(session.request.socket).not.toBeInstanceOf(net.Socket);
  expect(await connectionsOf(rig.server)).toBe(1);
});

test('what is read from or written to a tracked socket passes by the session', async () => {
  const rig = await startEngine(Engine);
  /** @type {any[]} */
  const tracked = [];
  rig.server.on('connection', (socket) => tracked.push(socket));
  const { session, say, wire } = await openWebSocket(rig);
  const [socket] = tracked;
  let isHeard = false;
  socket.on('data', () => (isHeard = true));
  await new Promise((resolve) => socket.write('not a frame', resolve));
  socket.cork();
  socket.write('neither');
  socket.write('this');
  socket.uncork();
  socket.pause().resume();
  session.on('message', (/** @type {string} */ text) => session.send(text));
  say('4hello');
  expect((await wire.framesUpTo(2))[1].payload).toBe('4hello');
  expect(isHeard).toBe(false);
});
