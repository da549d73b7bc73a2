/**
 * Functions of the application that throw, or whose Promise is rejected, when they are asked about a
 * request. The client is answered, the application hears of it, and the process goes on: Jest fails
 * a test whose errors reach the process. In the genuine package the client hangs, and the error ends
 * the process.
 */
'use strict';

const {
  OUR_DOORS,
  cleanUp,
  exchange,
  handshake,
  startOn,
} = require('../../../support/rigs/door-rig');
const { requestText } = require('../../../support/clients/wire');

afterEach(cleanUp);

const ERROR = new Error('out of order');
const throwing = () => {
  throw ERROR;
};
const rejecting = async () => throwing();
const ORIGIN = { Origin: 'https://a.example' };

/** @typedef {{ opts?: any, use?: any }} Case */
/** What fails, and how the context of `connection_error` calls it. @type {[string, string, Case][]} */
const FAILURES = [
  ['allowRequest that throws', 'ALLOW_REQUEST_FAILURE', { opts: { allowRequest: throwing } }],
  ['allowRequest that rejects', 'ALLOW_REQUEST_FAILURE', { opts: { allowRequest: rejecting } }],
  ['cors.origin that throws', 'MIDDLEWARE_FAILURE', { opts: { cors: { origin: throwing } } }],
  ['cors.origin that rejects', 'MIDDLEWARE_FAILURE', { opts: { cors: { origin: rejecting } } }],
  ['cors that throws', 'MIDDLEWARE_FAILURE', { opts: { cors: throwing } }],
  ['cors that rejects', 'MIDDLEWARE_FAILURE', { opts: { cors: rejecting } }],
  [
    'cors that chooses an origin that rejects',
    'MIDDLEWARE_FAILURE',
    {
      opts: {
        cors: (/** @type {any} */ _, /** @type {any} */ done) => done(null, { origin: rejecting }),
      },
    },
  ],
  ['a middleware that throws', 'MIDDLEWARE_FAILURE', { use: throwing }],
  ['a middleware that rejects', 'MIDDLEWARE_FAILURE', { use: rejecting }],
];

/** @type {['polling' | 'websocket', number][]} */
const WAYS_IN = [
  ['polling', 4],
  ['websocket', 4],
  ['polling', 3],
  ['websocket', 3],
];

/** @param {any} io @returns {any[]} */
function errorsOf(io) {
  /** @type {any[]} */
  const errors = [];
  io.engine.on('connection_error', (/** @type {any} */ error) => errors.push(error));
  return errors;
}

describe.each(OUR_DOORS)('%s on %s', (_name, doorName, Server) => {
  test.each(FAILURES)('%s', async (_what, name, { opts, use }) => {
    const { io, place } = await startOn(Server, doorName, { allowEIO3: true, ...opts }, (it) => {
      if (use) it.engine.use(use);
    });
    const errors = errorsOf(io);
    for (const [transport, protocol] of WAYS_IN) {
      const { status, body } = await handshake(place, transport, ORIGIN, protocol);
      expect(status).toBe('HTTP/1.1 500 Internal Server Error');
      if (transport === 'websocket') expect(body).toBe('Internal Server Error');
      else expect(body).toContain('{"code":3,"message":"Internal Server Error"}');
    }
    expect(errors).toHaveLength(WAYS_IN.length);
    for (const { code, context, req } of errors) {
      expect(code).toBe(3);
      expect(context).toEqual({ name, error: ERROR });
      expect(req.headers.origin).toBe(ORIGIN.Origin);
    }
    expect(io.engine.clientsCount).toBe(0);
  });

  test.each([
    ['throws', throwing],
    ['rejects', rejecting],
  ])('a cors.origin that %s is asked about a file of the client', async (_how, origin) => {
    const { place } = await startOn(Server, doorName, { cors: { origin } });
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const headers = { ...ORIGIN, Connection: 'close' };
    const answer = await exchange(place, requestText('GET', '/socket.io/socket.io.js', headers));
    expect(answer.status).toBe('HTTP/1.1 500 Internal Server Error');
    const told = { code: 'BEASTIO_HOOK_FAILURE', detail: ERROR.stack };
    expect(emitWarning.mock.calls).toEqual([[expect.any(String), told]]);
    emitWarning.mockRestore();
  });

  test('an allowRequest that calls back an Error refuses', async () => {
    const allowRequest = (/** @type {any} */ _req, /** @type {any} */ done) => done(ERROR, false);
    const { io, place } = await startOn(Server, doorName, { allowRequest });
    const errors = errorsOf(io);
    expect((await handshake(place, 'polling')).status).toBe('HTTP/1.1 403 Forbidden');
    const refused = await handshake(place, 'websocket');
    expect([refused.status, refused.body]).toEqual(['HTTP/1.1 400 Bad Request', 'Forbidden']);
    expect(errors.map(({ context }) => context)).toEqual([{ message: ERROR }, { message: ERROR }]);
  });

  test.each([
    ['throws', throwing],
    ['rejects', rejecting],
  ])('a generateId that %s', async (_how, generateId) => {
    const { io, place } = await startOn(Server, doorName, { allowEIO3: true }, (it) => {
      it.engine.generateId = generateId;
    });
    const errors = errorsOf(io);
    for (const [transport, protocol] of WAYS_IN) {
      const { status } = await handshake(place, transport, {}, protocol);
      expect(status).toBe('HTTP/1.1 400 Bad Request');
    }
    for (const { context } of errors) {
      expect(context).toEqual({ name: 'ID_GENERATION_ERROR', error: ERROR });
    }
    expect(errors).toHaveLength(WAYS_IN.length);
  });
});

const [[, HTTP, Server]] = OUR_DOORS;

test('where nobody listens to connection_error, a warning tells of the failure', async () => {
  const { place } = await startOn(Server, HTTP, { allowRequest: throwing });
  const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue();
  await handshake(place, 'polling');
  expect(emitWarning.mock.calls).toEqual([
    [
      expect.stringContaining('ALLOW_REQUEST_FAILURE'),
      { code: 'BEASTIO_HOOK_FAILURE', detail: ERROR.stack },
    ],
  ]);
  emitWarning.mockRestore();
});

test('a middleware that fails after it has begun to answer ends the connection', async () => {
  const { io, place } = await startOn(Server, HTTP, {}, (it) => {
    it.engine.use((/** @type {any} */ _req, /** @type {any} */ res) => {
      res.writeHead(200, { 'Content-Length': 10 });
      res.write('half');
      throw ERROR;
    });
  });
  const errors = errorsOf(io);
  for (const transport of /** @type {const} */ (['polling', 'websocket'])) {
    const answer = await handshake(place, transport);
    expect(['half', '']).toContain(answer.body ?? '');
  }
  expect(errors.map(({ context }) => context.error)).toEqual([ERROR, ERROR]);
});

test('a middleware that fails and goes on later is not heard again', async () => {
  /** @type {any} */
  let proceed;
  const { io, place } = await startOn(Server, HTTP, {}, (it) => {
    it.engine.use((/** @type {any} */ _req, /** @type {any} */ _res, /** @type {any} */ next) => {
      proceed = next;
      throw ERROR;
    });
  });
  errorsOf(io);
  const { status } = await handshake(place, 'polling');
  proceed();
  expect(status).toBe('HTTP/1.1 500 Internal Server Error');
  await new Promise(setImmediate);
  expect(io.engine.clientsCount).toBe(0);
});
