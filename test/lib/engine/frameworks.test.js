/**
 * Fastify, Koa and Express around the server. Their routes stay alive. Requests and upgrades can be given to
 * the engine by hand from a route.
 */
'use strict';

const http = require('node:http');
const { once } = require('node:events');
const { Socket: EngineClient } = require('engine.io-client');
const express = require('express');
const { fastify: createFastify } = require('fastify');
const { default: Koa } = require('koa');
const { io: connectClient } = require('socket.io-client');
const { ENGINES, ask, cleanUp, closers } = require('../../support/rigs/engine-rig');

afterEach(cleanUp);

/** @type {[string, any][]} */
const SERVERS = [
  ['socket.io', require('socket.io').Server],
  ['beast.io', require('../../../lib').Server],
];

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

/** An event of a client, which is no Node emitter. @param {any} client @param {string} event */
const eventOf = (client, event) =>
  new Promise((resolve) => client.once(event, (/** @type {any[]} */ ...args) => resolve(args)));

/** A client that polls, is upgraded, and gets its messages back before and after. @param {number} port */
async function expectJourney(port, path = '/engine.io/') {
  const client = new EngineClient(`ws://127.0.0.1:${port}`, { path });
  closers.push(() => client.close());
  const upgraded = eventOf(client, 'upgrade');
  await eventOf(client, 'open');
  expect(client.transport.name).toBe('polling');
  let echo = eventOf(client, 'message');
  client.send('by POST');
  expect(await echo).toEqual(['by POST']);
  await upgraded;
  expect(client.transport.name).toBe('websocket');
  echo = eventOf(client, 'message');
  client.send('by WebSocket');
  expect(await echo).toEqual(['by WebSocket']);
  const closed = eventOf(client, 'close');
  client.close();
  await closed;
}

/** An engine that echoes. @param {any} EngineClass */
function createEngine(EngineClass) {
  const engine = new EngineClass();
  engine.on('connection', (/** @type {any} */ session) => {
    // The genuine engine waits 30 seconds for polls that do not come.
    if (session.transport.closeTimeout) session.transport.closeTimeout = 100;
    session.on('message', (/** @type {any} */ data) => session.send(data));
  });
  closers.push(() => engine.close());
  return engine;
}

describe.each(SERVERS)('%s', (_name, Server) => {
  /** A client of the server that is upgraded, and echoes. @param {any} io @param {number} port */
  async function expectEcho(io, port) {
    io.on('connection', (/** @type {any} */ socket) => {
      socket.on('echo', (/** @type {any} */ data, /** @type {any} */ ack) => ack(data));
    });
    const client = connectClient(`http://127.0.0.1:${port}`, { forceNew: true });
    closers.push(() => client.disconnect());
    const upgraded = eventOf(client.io.engine, 'upgrade');
    await upgraded;
    expect(await client.emitWithAck('echo', { a: 1 })).toEqual({ a: 1 });
    return client;
  }

  test('on the server of Fastify', async () => {
    const fastify = createFastify();
    let hooked = 0;
    fastify.addHook('onRequest', (_request, _reply, done) => {
      hooked++;
      done();
    });
    fastify.post('/api', async (request) => ({ got: request.body }));
    const io = new Server(fastify.server);
    fastify.addHook('preClose', (done) => {
      io.disconnectSockets(true);
      io.engine.close();
      done();
    });
    closers.push(() => fastify.close());
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = /** @type {import('node:net').AddressInfo} */ (fastify.server.address());
    const post = { 'Content-Type': 'application/json' };
    const client = await expectEcho(io, port);
    expect((await ask(port, 'POST', '/api', post, '{"a":1}')).body).toBe('{"got":{"a":1}}');
    expect((await ask(port, 'GET', '/none')).status).toBe('HTTP/1.1 404 Not Found');
    expect(hooked).toBe(2); // never for the engine's requests
    const gone = eventOf(client, 'disconnect');
    await fastify.close();
    expect((await gone)[0]).toBe('io server disconnect');
    expect(io.engine.clientsCount).toBe(0);
  });

  test('on the server of Koa', async () => {
    const app = new Koa();
    /** @type {string[]} */
    const paths = [];
    app.use(async (ctx, next) => {
      paths.push(ctx.path);
      await next();
      if (ctx.path === '/api') ctx.body = { method: ctx.method };
    });
    const server = http.createServer(app.callback());
    const io = new Server(server);
    closers.push(() => io.close());
    const port = await listen(server);
    await expectEcho(io, port);
    expect((await ask(port, 'PUT', '/api')).body).toBe('{"method":"PUT"}');
    expect((await ask(port, 'GET', '/none')).status).toBe('HTTP/1.1 404 Not Found');
    expect(paths).toEqual(['/api', '/none']);
  });
});

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test('by hand from routes of Express', async () => {
    const engine = createEngine(EngineClass);
    const app = express();
    app.disable('x-powered-by');
    app.use('/below/engine', (req, res) => engine.handleRequest(req, res));
    app.get('/', (_req, res) => res.send('application'));
    const server = http.createServer(app);
    server.on('upgrade', (req, socket, head) => engine.handleUpgrade(req, socket, head));
    const port = await listen(server);
    await expectJourney(port, '/below/engine/');
    expect((await ask(port, 'GET', '/')).body).toBe('application');
    expect((await ask(port, 'GET', '/below/engine/?EIO=4&transport=none')).status).toMatch(/ 400 /);
  });

  test('by hand from a route of Fastify', async () => {
    const engine = createEngine(EngineClass);
    const fastify = createFastify();
    fastify.all('/engine.io/', {
      // Before Fastify reads the body.
      onRequest: (request, reply) => {
        reply.hijack();
        engine.handleRequest(request.raw, reply.raw);
      },
      handler: () => 'not reached',
    });
    fastify.get('/', async () => 'application');
    fastify.server.on('upgrade', (req, socket, head) => engine.handleUpgrade(req, socket, head));
    closers.push(() => fastify.close());
    await fastify.listen({ port: 0, host: '127.0.0.1' });
    const { port } = /** @type {import('node:net').AddressInfo} */ (fastify.server.address());
    await expectJourney(port);
    expect((await ask(port, 'GET', '/')).body).toBe('application');
  });

  test('by hand from a middleware of Koa', async () => {
    const engine = createEngine(EngineClass);
    const app = new Koa();
    app.use((ctx, next) => {
      if (!ctx.path.startsWith('/engine.io/')) return next();
      ctx.respond = false;
      engine.handleRequest(ctx.req, ctx.res);
      return undefined;
    });
    app.use((ctx) => {
      ctx.body = 'application';
    });
    const server = http.createServer(app.callback());
    server.on('upgrade', (req, socket, head) => engine.handleUpgrade(req, socket, head));
    const port = await listen(server);
    await expectJourney(port);
    expect((await ask(port, 'GET', '/')).body).toBe('application');
  });

  test('three engines on one server, each with its own path, sessions and middlewares', async () => {
    const server = http.createServer((_req, res) => res.end('application'));
    const paths = ['/a', '/a/b', '/c'];
    // The last one that is attached is asked first: '/a' does not take what is below '/a/b'.
    const engines = paths.map(() => createEngine(EngineClass));
    const seen = paths.map(() => 0);
    for (const [i, engine] of engines.entries()) {
      engine.use((/** @type {any} */ _req, /** @type {any} */ _res, /** @type {any} */ next) => {
        seen[i]++;
        next();
      });
      engine.attach(server, { path: paths[i], destroyUpgrade: false });
    }
    const port = await listen(server);
    await expectJourney(port, '/c/');
    expect(seen[0] + seen[1]).toBe(0);
    expect(seen[2]).toBeGreaterThan(3);
    expect((await ask(port, 'GET', '/a/b/?EIO=4&transport=polling')).body).toMatch(/^0\{/);
    expect(engines.map(({ clientsCount }) => clientsCount)).toEqual([0, 1, 0]);
    expect((await ask(port, 'GET', '/d')).body).toBe('application');
  });
});
