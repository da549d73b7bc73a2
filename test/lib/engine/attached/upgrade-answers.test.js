/**
 * Middlewares that answer an upgrade by themselves: the client gets that answer, as it would for any
 * other request, and its connection is closed. In the genuine package it is cut off without one.
 */
'use strict';

const cors = require('cors');
const createSession = require('express-session');
const helmet = require('helmet');
const { WebSocket } = require('ws');
const {
  OUR_DOORS,
  cleanUp,
  closers,
  handshake,
  startOn: start,
} = require('../../../support/rigs/door-rig');
const { connectTo } = require('../../../support/servers/doors');
const { Wire, frame, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** @typedef {(req: any, res: any, next: (err?: any) => void) => void} Middleware */

/** A limiter as they are on npm: headers on every answer, and 429 beyond `limit`. */
const limiter = (/** @type {number} */ limit) => {
  const hits = new Map();
  return /** @type {Middleware} */ (
    (req, res, next) => {
      const key = req.socket.remoteAddress;
      const hit = (hits.get(key) ?? 0) + 1;
      hits.set(key, hit);
      res.setHeader('RateLimit-Remaining', Math.max(0, limit - hit));
      if (hit <= limit) {
        next();
        return;
      }
      res.setHeader('Retry-After', '60');
      res.statusCode = 429;
      res.end('Too many requests');
    }
  );
};

const sessions = (/** @type {any} */ opts) =>
  /** @type {any} */ (
    createSession({
      name: 'app',
      secret: 'a secret',
      resave: false,
      saveUninitialized: true,
      ...opts,
    })
  );

/** @type {[string, Middleware, string, string][]} */
const ANSWERS = [
  [
    'writeHead and end',
    (_req, res) => {
      res.writeHead(429);
      res.end();
    },
    '429 Too Many Requests',
    '',
  ],
  [
    'writeHead with headers, and a body',
    (_req, res) => {
      res.writeHead(418, 'Teapot', { 'Content-Length': 5 });
      res.end('short');
    },
    '418 Teapot',
    'short',
  ],
  [
    'statusCode and end',
    (_req, res) => {
      res.statusCode = 401;
      res.setHeader('WWW-Authenticate', 'Bearer');
      res.end('who are you?');
    },
    '401 Unauthorized',
    'who are you?',
  ],
  [
    'an answer that goes on',
    (_req, res, next) => {
      res.statusCode = 403;
      res.end('no');
      next();
    },
    '403 Forbidden',
    'no',
  ],
  [
    'an answer that is followed by an error',
    (_req, res, next) => {
      res.statusCode = 403;
      res.end('no');
      next(new Error('no'));
    },
    '403 Forbidden',
    'no',
  ],
  [
    'an answer that comes later',
    (_req, res) => {
      setImmediate(() => {
        res.statusCode = 503;
        res.end('busy');
      });
    },
    '503 Service Unavailable',
    'busy',
  ],
  [
    'a large body',
    (_req, res) => {
      res.statusCode = 403;
      res.end('x'.repeat(3_000_000));
    },
    '403 Forbidden',
    'x'.repeat(3_000_000),
  ],
];

/**
 * What a WebSocket client gets instead of the 101.
 * @param {import('../../../support/servers/doors').Place} place
 */
function answerTo(place) {
  const { host, port, ca } = /** @type {any} */ (place);
  const scheme = ca === undefined ? 'ws' : 'wss';
  const target = '/socket.io/?EIO=4&transport=websocket';
  const client = new WebSocket(`${scheme}://${host}:${port}${target}`, {
    ca,
    servername: 'localhost',
    headers: { Origin: 'https://a.example' },
  });
  closers.push(() => client.terminate());
  return new Promise((resolve, reject) => {
    client.once('error', reject);
    client.once('open', () => reject(new Error('it was accepted')));
    client.once('unexpected-response', async (_req, res) => {
      const body = await res.setEncoding('utf8').toArray();
      resolve({ status: res.statusCode, headers: res.headers, body: body.join('') });
    });
  });
}

/** @param {any} server @returns {Promise<number>} */
const connectionsOf = (server) =>
  new Promise((resolve) => {
    server.getConnections((/** @type {any} */ _, /** @type {number} */ count) => resolve(count));
  });

/** @param {any} server resolves when nobody is connected */
async function empty(server) {
  while ((await connectionsOf(server)) > 0) await new Promise(setImmediate);
}

describe.each(OUR_DOORS)('%s on %s', (_name, doorName, Server) => {
  /** @param {Middleware[]} middlewares */
  const startWith = (...middlewares) =>
    start(Server, doorName, { allowEIO3: true }, (io) => {
      for (const middleware of middlewares) io.engine.use(middleware);
    });

  test.each(ANSWERS)('%s', async (_what, middleware, status, body) => {
    const { httpServer, place } = await startWith(middleware);
    for (const protocol of [4, 3]) {
      const answer = await handshake(place, 'websocket', {}, protocol);
      expect(answer.status).toBe(`HTTP/1.1 ${status}`);
      expect(answer.lines).toContain('Connection: close');
      const isChunked = answer.lines.includes('Transfer-Encoding: chunked');
      expect(answer.body === (isChunked ? `${body}0\r\n\r\n` : body)).toBe(true);
    }
    await empty(httpServer);
  });

  test('a limiter, helmet, cors and sessions mark the 101 and the refusal', async () => {
    const { httpServer, place, io } = await startWith(
      helmet(),
      /** @type {any} */ (cors({ origin: true })),
      sessions(),
      limiter(1),
    );
    const wire = await Wire.connect(place);
    closers.push(() => wire.socket.destroy());
    wire.write(
      upgradeText('/socket.io/?EIO=4&transport=websocket', { Origin: 'https://a.example' }),
    );
    const accepted = await wire.head();
    expect(accepted).toMatch(/^HTTP\/1\.1 101 /);
    expect(accepted).toContain('RateLimit-Remaining: 0\r\n');
    const refused = await answerTo(place);
    expect(refused).toMatchObject({ status: 429, body: 'Too many requests' });
    expect(refused.headers).toMatchObject({
      'retry-after': '60',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': 'https://a.example',
      'set-cookie': [expect.stringContaining('app=')],
    });
    expect(accepted).toContain('X-Content-Type-Options: nosniff\r\n');
    expect(accepted).toContain('Set-Cookie: app=');
    expect(io.engine.clientsCount).toBe(1);
    wire.socket.destroy();
    await empty(httpServer);
  });

  test.each([
    ['saved', { resave: true }],
    ['new', {}],
    ['rolling', { rolling: true }],
  ])('a session that is %s, in front of a middleware that refuses', async (_kind, opts) => {
    const { place } = await startWith(sessions(opts), (_req, res) => {
      res.writeHead(401);
      res.end();
    });
    const { status, headers } = await answerTo(place);
    expect(status).toBe(401);
    expect(headers['set-cookie']).toHaveLength(1);
  });

  test('what the client sends meanwhile does not cost it the answer', async () => {
    /** @type {any} */
    let response;
    /** @type {() => void} */
    let asked = () => {};
    const isAsked = new Promise((resolve) => (asked = () => resolve(undefined)));
    const { place } = await startWith((_req, res) => {
      response = res;
      asked();
    });
    const { socket, readiness } = connectTo(place);
    await new Promise((resolve) => socket.once(readiness, resolve));
    const wire = new Wire(socket);
    closers.push(() => socket.destroy());
    wire.write(upgradeText('/socket.io/?EIO=4&transport=websocket'));
    await isAsked;
    for (let i = 0; i < 50; i++) wire.write(frame('4'.repeat(1000)));
    await new Promise(setImmediate);
    response.statusCode = 403;
    response.end('no');
    await wire.until(({ text }) => text.endsWith('no'));
  });
});
