/**
 * The engine beside an application on the same HTTP server: what is not below its path goes where it
 * went before.
 */
'use strict';

const http = require('node:http');
const { once } = require('node:events');
const express = require('express');
const {
  ENGINES,
  POLLING,
  ask,
  cleanUp,
  closers,
  eventually,
  openPolling,
  openWebSocket,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** @param {any} server @returns {Promise<number>} the port */
async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address().port;
}

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test('leaves other paths to the application', async () => {
    const { port } = await startEngine(EngineClass);
    for (const target of [
      '/',
      '/other?x=1',
      '/engine.io?EIO=4&transport=polling',
      '/engine.iox/',
    ]) {
      expect((await ask(port, 'GET', target)).body).toContain('application');
    }
    expect((await ask(port, 'GET', '/engine.io/below?EIO=4&transport=polling')).body).toMatch(
      /0\{/,
    );
  });

  test('works beside Express 5, its errors and its own answers', async () => {
    const app = express();
    app.use(express.json());
    app.post('/api', (req, res) => res.json({ got: req.body }));
    app.get('/fail', () => Promise.reject(new Error('application error')));
    app.use(
      (
        /** @type {Error} */ err,
        /** @type {any} */ _req,
        /** @type {any} */ res,
        /** @type {any} */ _next,
      ) => {
        res.status(500).send(err.message);
      },
    );
    const server = http.createServer(app);
    const engine = new EngineClass();
    engine.attach(server, { path: '/chat' });
    const port = await listen(server);
    const post = { 'Content-Type': 'application/json' };
    expect((await ask(port, 'POST', '/api', post, '{"a":1}')).body).toContain('{"got":{"a":1}}');
    expect(await ask(port, 'GET', '/fail')).toMatchObject({
      status: 'HTTP/1.1 500 Internal Server Error',
      body: 'application error',
    });
    const opened = await ask(port, 'GET', POLLING.replace('engine.io', 'chat'));
    expect(opened.body).toMatch(/^0\{/);
    expect(opened.lines.join()).not.toContain('Express');
    expect((await ask(port, 'GET', '/none')).status).toBe('HTTP/1.1 404 Not Found');
    engine.close();
  });

  test.each([
    [{}, '/engine.io/', '/engine.io'],
    [{ path: '/a/b/' }, '/a/b/', '/a/b'],
    [{ path: '/x', addTrailingSlash: false }, '/x', '/y'],
    [{ path: '/x', addTrailingSlash: false }, '/x/', '/y'],
  ])('takes its path from %j', async (opts, ours, theirs) => {
    const { port } = await startEngine(EngineClass, {}, opts);
    const query = '?EIO=4&transport=polling';
    expect((await ask(port, 'GET', ours + query)).body).toMatch(/^0\{/);
    expect((await ask(port, 'GET', theirs + query)).body).toContain('application');
  });

  test('two engines share a server', async () => {
    const { engine, server, port } = await startEngine(EngineClass, {}, { destroyUpgrade: false });
    const second = new EngineClass();
    second.attach(server, { path: '/second', destroyUpgrade: false });
    await openPolling(port);
    await openWebSocket({ engine, port });
    expect((await ask(port, 'GET', POLLING.replace('engine.io', 'second'))).body).toMatch(/^0\{/);
    const wire = await openWire(port);
    wire.write(upgradeText('/second/?EIO=4&transport=websocket'));
    await wire.framesUpTo(1);
    await eventually(() => second.clientsCount === 2);
    expect(engine.clientsCount).toBe(2);
    expect((await ask(port, 'GET', '/')).body).toContain('application');
    second.close();
  });

  test('another upgrade handler keeps its sockets', async () => {
    const { server, port } = await startEngine(EngineClass, {}, { destroyUpgradeTimeout: 1 });
    server.on('upgrade', (/** @type {any} */ req, /** @type {any} */ socket) => {
      if (!req.url.startsWith('/mine')) return;
      socket.write('HTTP/1.1 101 Mine\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
      socket.on('data', (/** @type {Buffer} */ data) => socket.end(`echo ${data}`));
    });
    const mine = await openWire(port);
    mine.write(upgradeText('/mine'));
    await mine.head();
    const nobody = await openWire(port);
    nobody.write(upgradeText('/nobody'));
    await nobody.until(({ ended }) => ended); // after the time out
    expect(nobody.text).toBe('');
    mine.write('hello');
    await mine.until(({ ended }) => ended);
    expect(mine.text).toMatch(/echo hello$/);
  });

  test('destroyUpgrade can be turned off', async () => {
    const opts = { destroyUpgrade: false, destroyUpgradeTimeout: 1 };
    const { server, port } = await startEngine(EngineClass, {}, opts);
    const upgraded = once(server, 'upgrade');
    const wire = await openWire(port);
    wire.write(upgradeText('/nobody'));
    const [, socket] = await upgraded;
    await new Promise((resolve) => setTimeout(resolve, 20)); // nothing happens: no event to await
    expect(socket.destroyed).toBe(false);
    socket.destroy();
  });

  test('without WebSocket no upgrade is taken', async () => {
    const { server, engine } = await startEngine(EngineClass, { transports: ['polling'] });
    expect(server.listenerCount('upgrade')).toBe(0);
    expect(engine.opts.transports).toEqual(['polling']);
  });

  test('the end of the server closes the sessions', async () => {
    const { engine, server, port } = await startEngine(EngineClass);
    const opened = once(engine, 'connection');
    await openPolling(port);
    const [session] = await opened;
    const closed = once(session, 'close');
    server.close();
    expect((await closed)[0]).toBe('forced close');
    expect(engine.clientsCount).toBe(0);
  });
});
