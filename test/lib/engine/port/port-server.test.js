/**
 * The engine's own port as applications see it. It is an http.Server that listens on the I/O threads. It
 * serves what is not the engine's through Node, and lets hooks in as soon as they are installed.
 */
'use strict';

const { createHash } = require('node:crypto');
const { once } = require('node:events');
const http = require('node:http');
const net = require('node:net');
const debug = require('debug');
const express = require('express');
const { Server: GenuineServer } = require('socket.io');
const { io: connect } = require('socket.io-client');
const { Server } = require('../../../../lib');
const { eventually } = require('../../../support/rigs/engine-rig');
const { Wire, requestText } = require('../../../support/clients/wire');

const POLLING = '/socket.io/?EIO=4&transport=polling';

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

/** @param {any} [address] @param {any} [opts] */
async function start(address = 0, opts = {}) {
  const io = new Server(address, opts);
  closers.push(() => io.close());
  await once(io.httpServer, 'listening');
  return io;
}

/** @param {any} io @param {string} path @param {object} [options] */
async function get(io, path, options) {
  const { port } = io.httpServer.address();
  const request = http.get({ port, path, agent: false, ...options });
  const [res] = await once(request, 'response');
  let body = '';
  for await (const chunk of res) body += chunk;
  return { status: res.statusCode, headers: res.headers, body };
}

describe('listening', () => {
  test('on any address, or on one', async () => {
    const any = await start();
    expect(any.httpServer).toBeInstanceOf(http.Server);
    expect(any.httpServer.address()).toMatchObject({ address: '::', family: 'IPv6' });
    const one = await start({ port: '0', host: 'localhost', backlog: 5 }, {});
    expect(net.isIP(one.httpServer.address().address)).toBeGreaterThan(0);
    expect((await get(one, POLLING, { host: one.httpServer.address().address })).status).toBe(200);
  });

  test('on a port that is taken: the error of Node', async () => {
    const { port } = (await start()).httpServer.address();
    const errors = [];
    const listens = [() => http.createServer().listen(port), () => new Server(port).httpServer];
    for (const listen of listens) {
      const [error] = await once(listen(), 'error');
      const { code, errno, syscall, address, message } = error;
      errors.push({ code, errno, syscall, address, message, port: error.port });
    }
    expect(errors[1]).toEqual(errors[0]);
  });

  test('on a name that there is not', async () => {
    const io = new Server().listen({ port: 0, host: 'no.such.name.invalid' });
    const [error] = await once(io.httpServer, 'error');
    expect(error.syscall).toBe('getaddrinfo');
  });

  test('twice is refused, and again after closing it goes on', async () => {
    const io = await start();
    expect(() => io.httpServer.listen(0)).toThrow(/more than once/);
    await new Promise((resolve) => io.httpServer.close(resolve));
    expect(io.httpServer.address()).toBeNull();
    io.httpServer.listen(0);
    await once(io.httpServer, 'listening');
    expect((await get(io, POLLING)).status).toBe(200);
  });

  test('an impossible port is refused as by Node', () => {
    expect(() => new Server().listen({ port: 65536 })).toThrow(/options.port should be/);
  });
});

describe('what is not the engine’s', () => {
  test('goes on as on any server of Node’s, on the same connection', async () => {
    const io = await start();
    io.httpServer.removeAllListeners('request');
    io.httpServer.on('request', (req, res) => req.pipe(res));
    const wire = await Wire.connect(io.httpServer.address().port);
    closers.push(() => wire.socket.destroy());
    wire.write(requestText('GET', POLLING));
    await wire.until(({ text }) => text.includes('"sid"'));
    wire.write(requestText('POST', '/echo', {}, 'one') + requestText('POST', '/echo', {}, 'two'));
    await wire.until(({ text }) => text.includes('two'));
    expect(wire.text.indexOf('one')).toBeLessThan(wire.text.indexOf('two'));
    const [count] = await countOf(io);
    expect(count).toBe(1);
    wire.socket.end();
    await wire.closed;
    while ((await countOf(io))[0] > 0) await new Promise(setImmediate);
  });

  test('the browser’s client, as the genuine server serves it, on a connection that stays open', async () => {
    const FILE = '/socket.io/socket.io.min.js';
    /** @type {[string, string, Record<string, string>][]} */
    const requests = [
      ['GET', FILE, {}],
      ['GET', FILE, { 'Accept-Encoding': 'br;q=0.5, gzip' }],
      ['GET', `${FILE}.map?v=1`, { 'Accept-Encoding': 'br' }],
      ['HEAD', FILE, {}],
      ['GET', '/socket.io/socket.io.esm.min.js', { 'If-None-Match': '"0"' }],
      ['GET', '/socket.io/nothing.js', {}],
    ];
    const answers = [];
    for (const io of [new GenuineServer(0), await start()]) {
      if (io instanceof GenuineServer) closers.push(() => io.close());
      if (!io.httpServer.listening) await once(io.httpServer, 'listening');
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      closers.push(() => agent.destroy());
      const { port } = io.httpServer.address();
      const seen = [];
      const ports = new Set();
      const ask = async (method, path, headers) => {
        const request = http.request({ port, path, method, headers, agent }).end();
        const [res] = await once(request, 'response');
        const body = Buffer.concat(await res.toArray());
        // Each package gives its version as the ETag.
        const rest = { ...res.headers, date: undefined, etag: typeof res.headers.etag };
        seen.push([res.statusCode, rest, createHash('sha256').update(body).digest('hex')]);
        ports.add(request.socket?.localPort);
        return res.headers.etag;
      };
      const etag = await ask(...requests[0]);
      for (const request of requests.slice(1)) await ask(...request);
      await ask('GET', FILE, { 'If-None-Match': etag });
      answers.push({ seen, connections: ports.size });
      const last = await get(io, POLLING, { agent });
      expect(last.body).toContain('"sid"');
    }
    expect(answers[1]).toEqual(answers[0]);
    const statuses = answers[1].seen.map(([status]) => status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 400, 304]);
  });
});

describe('the option requestListener', () => {
  /** Counts connections that come to JavaScript. @param {any} io */
  function countHandOvers({ httpServer }) {
    const hand = jest.spyOn(httpServer, 'onConnection');
    return () => hand.mock.calls.length;
  }

  test('an Express application has the other paths, and the engine its own without JavaScript', async () => {
    const app = express();
    app.get('/page', (_req, res) => void res.send('page'));
    /** @type {string[]} */
    const urls = [];
    app.use((req, _res, next) => (urls.push(req.url), next()));
    const io = await start(0, { requestListener: app });
    const handOvers = countHandOvers(io);
    const client = connect(`http://localhost:${io.httpServer.address().port}`, {
      reconnection: false,
    });
    closers.push(() => client.close());
    await new Promise((resolve) => client.io.engine.once('upgrade', resolve));
    expect(handOvers()).toBe(0);
    expect((await get(io, '/page')).body).toBe('page');
    expect((await get(io, '/none')).status).toBe(404);
    expect((await get(io, '/socket.io/socket.io.js')).status).toBe(200);
    expect(handOvers()).toBe(3);
    expect(urls).toEqual(['/none']);
    // A connection of the application's that goes on with a request of the engine's.
    const wire = await Wire.connect(io.httpServer.address().port);
    closers.push(() => wire.socket.destroy());
    wire.write(requestText('GET', '/page') + requestText('GET', POLLING));
    await wire.until(({ text }) => text.includes('"sid"'));
    expect(urls).toEqual(['/none']);
  });

  test('listeners that come later see all requests, as with any server', async () => {
    const io = await start(0, { requestListener: (_req, res) => res.end('mine') });
    /** @type {string[]} */
    const urls = [];
    io.httpServer.on('request', (req) => urls.push(req.url));
    expect((await get(io, POLLING)).body).toContain('"sid"');
    expect((await get(io, '/other')).body).toBe('mine');
    expect(urls).toEqual([POLLING, '/other']);
  });

  test('is refused where it cannot be', () => {
    const refused = (srv, requestListener) => () => new Server(srv, { requestListener });
    expect(refused(0, 'app')).toThrow(
      new TypeError('option "requestListener" must be a function (req, res)'),
    );
    expect(refused(http.createServer(), () => {})).toThrow('give it to the HTTP server');
  });
});

test('requests are logged without a restart, and go without JavaScript again afterwards', async () => {
  const io = await start();
  const handed = jest.spyOn(io.httpServer, 'onConnection');
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  debug.enable('engine');
  try {
    await get(io, POLLING);
    await eventually(() => io.engine.clientsCount === 1); // it shows JavaScript that the log is on
    await get(io, POLLING);
    expect(handed).toHaveBeenCalledTimes(1);
    expect(write.mock.calls.join()).toContain('intercepting request');
  } finally {
    debug.disable();
    write.mockRestore();
  }
  await get(io, POLLING);
  expect(handed).toHaveBeenCalledTimes(2);
  await get(io, POLLING);
  await get(io, POLLING);
  expect(handed).toHaveBeenCalledTimes(2);
});

/** @param {any} io @returns {Promise<[number]>} */
function countOf(io) {
  return new Promise((resolve) => {
    io.httpServer.getConnections((_, count) => resolve([count]));
  });
}

describe('hooks', () => {
  /** Each installs one and returns what a handshake shows of it. */
  test.each([
    ['use', (io) => io.engine.use((req, res, next) => (res.setHeader('x-hook', '1'), next()))],
    ['headers', (io) => io.engine.on('headers', (headers) => (headers['x-hook'] = '1'))],
    ['initial_headers', (io) => io.engine.once('initial_headers', (it) => (it['x-hook'] = '1'))],
    [
      'request',
      (io) => io.httpServer.prependListener('request', (_, res) => res.setHeader('x-hook', '1')),
    ],
    [
      'allowRequest',
      (io) =>
        (io.engine.opts.allowRequest = (req, fn) => (
          req.res.setHeader('x-hook', '1'),
          fn(null, true)
        )),
    ],
  ])('%s holds for the next request', async (_name, install) => {
    const io = await start();
    expect((await get(io, POLLING)).headers['x-hook']).toBeUndefined();
    install(io);
    expect((await get(io, POLLING)).headers['x-hook']).toBe('1');
  });

  test('a listener of the engine’s own “connection” is none', async () => {
    const io = await start();
    // By one listener: `once` of node:events would add another, for errors, behind it.
    const opened = new Promise((resolve) => io.engine.on('connection', resolve));
    await get(io, POLLING);
    // Of a connection that JavaScript has served it would be the socket itself.
    expect((await opened).request.socket).not.toBeInstanceOf(net.Socket);
  });

  test('generateId, also one that is installed in the tick of listening', async () => {
    const io = new Server(0);
    closers.push(() => io.close());
    io.engine.generateId = () => 'mine';
    expect((await get(io, POLLING)).body).toContain('"sid":"mine"');
  });

  test('connection_error hears of refusals with their request', async () => {
    const io = await start();
    const told = once(io.engine, 'connection_error');
    expect((await get(io, '/socket.io/?EIO=4&transport=x')).status).toBe(400);
    const [{ req, code, context }] = await told;
    expect({ code, context, url: req.url }).toEqual({
      code: 0,
      context: { transport: 'x' },
      url: '/socket.io/?EIO=4&transport=x',
    });
  });
});

test('the request of a session is one of Node’s', async () => {
  const io = await start();
  const opened = once(io.engine, 'connection');
  await get(io, `${POLLING}&a=b`, { headers: { 'X-A': ['1', '2'], 'User-Agent': 'me' } });
  const [{ request }] = await opened;
  expect(request).toBeInstanceOf(http.IncomingMessage);
  expect(request).toMatchObject({ method: 'GET', url: `${POLLING}&a=b`, httpVersion: '1.1' });
  expect(request.headers).toMatchObject({ 'x-a': '1, 2', 'user-agent': 'me' });
  expect(request.rawHeaders).toContain('X-A');
  expect(request._query).toEqual({ EIO: '4', transport: 'polling', a: 'b' });
  expect(request.socket.remoteAddress).toMatch(/127\.0\.0\.1|::1/);
  expect(request.socket.remotePort).toBeGreaterThan(0);
});

test('times of Node’s server hold', async () => {
  const io = await start();
  io.httpServer.headersTimeout = 1000;
  const wire = await Wire.connect(io.httpServer.address().port);
  wire.write('GET /socket.io/?EIO=4 HTTP/1.1\r\nHo');
  await wire.until(({ ended }) => ended);
  wire.socket.destroy();
  expect(wire.text).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
});
