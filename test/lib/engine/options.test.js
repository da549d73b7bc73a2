/**
 * Options: wrong ones are refused by name wherever they enter, and changes at run time count.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const { Server } = require('../../../lib');
const { OPTIONS } = require('../../../lib/options/table');
const {
  Engine,
  POLLING,
  ask,
  cleanUp,
  openPolling,
  openWebSocket,
  startEngine,
} = require('../../support/rigs/engine-rig');

afterEach(cleanUp);

const WRONG = [
  ...['pingInterval', 'pingTimeout', 'upgradeTimeout', 'maxHttpBufferSize'].flatMap((name) => [
    [name, '25', TypeError],
    [name, true, TypeError],
    [name, {}, TypeError],
    [name, 0, RangeError],
    [name, -1, RangeError],
    [name, NaN, RangeError],
  ]),
  ['pingInterval', 2 ** 31, RangeError],
  ['pingTimeout', Infinity, RangeError],
  ['ioDriver', 'nobody', RangeError],
  ['ioDriver', 1, RangeError],
  ['ioThreads', '2', TypeError],
  ['ioThreads', 0, RangeError],
  ['ioThreads', 65, RangeError],
  ['ioThreads', 1.5, RangeError],
  ['maxSendQueueBytes', 'much', TypeError],
  ['maxSendQueueBytes', 0, RangeError],
  ['sendTimeout', '1s', TypeError],
  ['sendTimeout', 0, RangeError],
  ['sendTimeout', 2 ** 31, RangeError],
  ['hardMaxSendQueueBytes', true, TypeError],
  ['hardMaxSendQueueBytes', NaN, RangeError],
  ['maxTotalSendQueueBytes', 'all', TypeError],
  ['maxTotalSendQueueBytes', -1, RangeError],
  ['sendHighWaterMark', 0, RangeError],
  ['sendHighWaterMark', '1', TypeError],
  ['trimMemory', 1, TypeError],
  ['maxInboxBytes', [], TypeError],
  ['maxInboxBytes', -5, RangeError],
  ['maxInboxBytesPerClient', 0, RangeError],
  ['maxInboxBytesPerClient', '1', TypeError],
  ['bodyTimeout', 0, RangeError],
  ['bodyTimeout', 2 ** 31, RangeError],
  ['minBodyBytesPerSecond', 0, RangeError],
  ['minBodyBytesPerSecond', 'slow', TypeError],
  ['transports', 'websocket', TypeError],
  ['transports', ['websockets'], RangeError],
  ['allowRequest', true, TypeError],
  ['cookie', { name: 'a;b' }, TypeError],
  ['initialPacket', Symbol('q'), TypeError],
  ['cookie', { path: '/\r\nSet-Cookie: x=y' }, TypeError],
];

describe.each(WRONG)('%s: %p', (name, value, ErrorClass) => {
  const named = new RegExp(`option "${name}"`);

  test('is refused by the engine and by the server', () => {
    const httpServer = http.createServer();
    for (const create of [
      () => new Engine({ [String(name)]: value }),
      () => new Server(httpServer, { [String(name)]: value }),
      () => new Server({ [String(name)]: value }).attach(httpServer),
    ]) {
      expect(create).toThrow(named);
      expect(create).toThrow(/** @type {any} */ (ErrorClass));
    }
    expect(httpServer.listenerCount('upgrade')).toBe(0);
  });
});

test('what engine.io takes is taken', () => {
  const taken = [
    { maxHttpBufferSize: Infinity },
    { maxHttpBufferSize: 1e10 },
    { pingInterval: undefined, transports: undefined, cookie: false },
    { allowRequest: null },
    { transports: [] },
    { transports: ['websocket', 'webtransport'] },
    { unknown: 'option' },
  ];
  for (const opts of taken) expect(() => new Engine(opts)).not.toThrow();
});

test('the options are completed in a copy', () => {
  const opts = { pingInterval: 123, cookie: { name: 'c' } };
  const engine = new Engine(opts);
  expect(opts).toEqual({ pingInterval: 123, cookie: { name: 'c' } });
  expect(engine.opts).toMatchObject({
    pingInterval: 123,
    pingTimeout: 20000,
    upgradeTimeout: 10000,
    maxHttpBufferSize: 1e6,
    transports: ['polling', 'websocket'],
    allowUpgrades: true,
    httpCompression: { threshold: 1024 },
    cors: false,
    allowEIO3: false,
    cookie: { name: 'c', path: '/', httpOnly: true, sameSite: 'lax' },
  });
});

describe('a change at run time', () => {
  const handshake = async (/** @type {number} */ port) =>
    JSON.parse((await ask(port, 'GET', POLLING)).body.slice(1));

  test('counts for the next handshake', async () => {
    const { engine, port } = await startEngine(Engine);
    expect(await handshake(port)).toMatchObject({ pingInterval: 25000, maxPayload: 1e6 });
    Object.assign(engine.opts, { pingInterval: 777, pingTimeout: 888, maxHttpBufferSize: 999 });
    engine.opts.allowUpgrades = false;
    const expected = { pingInterval: 777, pingTimeout: 888, maxPayload: 999, upgrades: [] };
    expect(await handshake(port)).toMatchObject(expected);
    engine.opts.cookie = { name: 'later' };
    expect((await ask(port, 'GET', POLLING)).lines.join()).toContain('Set-Cookie: later=');
    engine.opts.transports.splice(0, 1);
    expect((await ask(port, 'GET', POLLING)).body).toContain('Transport unknown');
    engine.opts.transports.push('polling');
    engine.opts.allowRequest = (/** @type {any} */ _req, /** @type {any} */ done) =>
      done('no', false);
    expect((await ask(port, 'GET', POLLING)).status).toBe('HTTP/1.1 403 Forbidden');
  });

  test('is looked for in passing: without one, nothing is told anew', async () => {
    const { engine, port } = await startEngine(Engine);
    const { ioThreads } = engine.opts;
    let reads = 0; // this one cannot change: it is read when all are told
    Object.defineProperty(engine.opts, 'ioThreads', { get: () => ((reads += 1), ioThreads) });
    await handshake(port);
    await handshake(port);
    expect(reads).toBe(0);
    engine.opts.pingInterval = 777;
    await handshake(port);
    const afterChange = reads;
    expect(afterChange).toBeGreaterThan(0);
    await handshake(port);
    expect(reads).toBe(afterChange);
  });

  test('of the size limit counts for the next body and connection', async () => {
    const { engine, port } = await startEngine(Engine);
    const target = `${POLLING}&sid=${await openPolling(port)}`;
    engine.opts.maxHttpBufferSize = 5;
    expect((await ask(port, 'POST', target, {}, '412345')).status).toMatch(/ 413 /);
    const { session, say } = await openWebSocket({ engine, port });
    const closed = once(session, 'close');
    say('412345');
    expect((await closed)[0]).toBe('transport error');
  });

  test.each(
    OPTIONS.filter(
      ({ level, changes, kind }) => level === 'engine' && changes === 'live' && kind !== 'other',
    ),
  )('of $name is checked at the next request', async ({ name, kind, max = Infinity, choices }) => {
    const { engine, port } = await startEngine(Engine);
    engine.opts[name] = kind === 'boolean' ? false : (choices?.at(-1) ?? Math.min(12345, max));
    expect((await ask(port, 'GET', POLLING)).status).toMatch(/ 200 /);
    engine.opts[name] = 'wrong';
    const req = { url: POLLING, method: 'GET', headers: {} };
    expect(() => engine.handleRequest(req, {})).toThrow(`option "${name}" must be`);
  });
});
