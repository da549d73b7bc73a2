/**
 * Limits of who may come: sessions in all and of one address, and handshakes in a second. The I/O threads turn
 * clients away. Those who are there notice nothing, and the application is told now and then.
 */
'use strict';

const { once } = require('node:events');
const { io: connect } = require('socket.io-client');
const { Server } = require('../../../../lib');
const { Engine } = require('../../../../lib/engine');
const {
  OUR_DOORS,
  cleanUp,
  closers,
  handshake,
  startOn,
} = require('../../../support/rigs/door-rig');
const { Wire, frame, upgradeText } = require('../../../support/clients/wire');

const SECOND_MS = 1000;
const TARGET = '/socket.io/?transport=websocket&EIO=';

afterEach(cleanUp);

/** As a proxy says whom it speaks for. @param {string} address */
const from = (address) => ({ 'X-Forwarded-For': address });

/**
 * A WebSocket, and the status of its answer.
 * @param {import('../../../support/servers/doors').Place} place
 * @param {Record<string, string>} [headers]
 * @param {number} [protocol]
 */
async function openWebSocket(place, headers, protocol = 4) {
  const wire = await Wire.connect(place);
  closers.push(() => wire.socket.destroy());
  wire.write(upgradeText(`${TARGET}${protocol}`, headers));
  await wire.until(({ text }) => text.includes('\r\n\r\n'));
  return { wire, status: statusOf(wire.text) };
}

/** @param {string} text */
const statusOf = (text) => Number(/^HTTP\/1.1 (\d+)/.exec(text)?.[1]);

/**
 * The statuses of so many handshakes by polling, one after the other.
 * @param {any} place
 * @param {number} count
 * @param {Record<string, string>} [headers]
 */
async function knock(place, count, headers) {
  const statuses = [];
  for (let i = 0; i < count; i += 1) {
    statuses.push(statusOf((await handshake(place, 'polling', headers)).status));
  }
  return statuses;
}

/**
 * What the application hears: of limits, and of errors. @param {any} io
 */
function listenTo(io) {
  /** @type {any[]} */
  const limits = [];
  /** @type {any[]} */
  const errors = [];
  io.engine.on('limit', (/** @type {any} */ told) => limits.push(told));
  io.engine.on('connection_error', (/** @type {any} */ error) => errors.push(error));
  return { limits, errors };
}

describe.each(OUR_DOORS)('%s on %s', (_name, doorName, Class) => {
  test.each([1, 3])('no more than maxClients are let in (%d threads)', async (ioThreads) => {
    const { io, place } = await startOn(Class, doorName, { maxClients: 4, ioThreads });
    const heard = listenTo(io);
    const told = once(io.engine, 'limit');
    const witness = connect(urlOf(place), { ...clientOptions(place), transports: ['websocket'] });
    closers.push(() => witness.close());
    io.on('connection', (/** @type {any} */ socket) =>
      socket.on('well?', (/** @type {any} */ answer) => answer('yes')),
    );
    await once(/** @type {any} */ (witness), 'connect');
    expect(await knock(place, 2)).toEqual([200, 200]);
    const { wire, status } = await openWebSocket(place);
    expect(status).toBe(101);

    const refused = await handshake(place, 'polling');
    expect(refused.status).toBe('HTTP/1.1 503 Service Unavailable');
    expect(refused.body).toContain('{"code":4,"message":"Too many clients"}');
    expect((await openWebSocket(place)).status).toBe(503);
    expect(await told).toEqual([{ limit: 'maxClients', count: 1, address: undefined }]);
    expect(io.engine.clientsCount).toBe(4);
    expect(await witness.emitWithAck('well?')).toBe('yes');

    const gone = once(io.engine.clients[sidOf(wire)], 'close');
    wire.socket.destroy();
    await gone;
    expect((await openWebSocket(place)).status).toBe(101);
    expect(statusOf((await handshake(place, 'polling')).status)).toBe(503);
    expect(heard.errors).toEqual([]);
  });

  test('no more than maxClientsPerAddress of one address, as a trusted proxy tells it', async () => {
    const { io, place } = await startOn(Class, doorName, {
      maxClientsPerAddress: 2,
      trustedProxies: ['loopback', '198.51.100.0/24'],
    });
    const told = once(io.engine, 'limit');
    expect(await knock(place, 3, from('192.0.2.1'))).toEqual([200, 200, 429]);
    expect(await told).toEqual([
      { limit: 'maxClientsPerAddress', count: 1, address: '::ffff:192.0.2.1' },
    ]);
    expect(await knock(place, 1, from('192.0.2.2'))).toEqual([200]);
    // Behind a second proxy that is trusted, and what its client says of itself, which is not.
    expect(await knock(place, 1, from('192.0.2.9, 192.0.2.1, 198.51.100.7'))).toEqual([429]);
    expect((await openWebSocket(place, from('192.0.2.1'))).status).toBe(429);
    expect((await openWebSocket(place, from('192.0.2.2'), 4)).status).toBe(101);
    // 64 bits of IPv6 are one address.
    expect(await knock(place, 1, from('2001:db8:0:1::1'))).toEqual([200]);
    expect(await knock(place, 1, from('2001:db8:0:1:ffff::2'))).toEqual([200]);
    expect(await knock(place, 1, from('2001:db8:0:1::3'))).toEqual([429]);
    expect(await knock(place, 1, from('2001:db8:0:2::1'))).toEqual([200]);
  });

  test('what a client says of itself counts for nothing', async () => {
    const { place } = await startOn(Class, doorName, { maxClientsPerAddress: 1 });
    expect(await knock(place, 1, from('192.0.2.1'))).toEqual([200]);
    expect(await knock(place, 1, from('192.0.2.2'))).toEqual([429]);
  });

  test('no more than maxHandshakesPerSecond at once, and then so many each second', async () => {
    const { io, place } = await startOn(Class, doorName, {
      maxHandshakesPerSecond: 20,
      trustedProxies: ['loopback'],
      allowEIO3: true,
    });
    const { limits } = listenTo(io);
    const first = process.hrtime.bigint();
    const flood = from('192.0.2.1');
    let letIn = 0;
    let refused = 0;
    let seconds = 0;
    while (refused < 20) {
      const { status, body } = await handshake(place, 'polling', flood, refused % 2 ? 3 : 4);
      seconds = Number(process.hrtime.bigint() - first) / 1e9;
      if (statusOf(status) === 200) letIn += 1;
      else {
        expect(status).toBe('HTTP/1.1 429 Too Many Requests');
        expect(body).toContain('"message":"Too many handshakes"');
        refused += 1;
      }
    }
    expect(letIn).toBeGreaterThanOrEqual(20);
    expect(letIn).toBeLessThanOrEqual(20 + Math.ceil(20 * seconds));
    expect(await knock(place, 3, from('192.0.2.2'))).toEqual([200, 200, 200]);
    while (sum(limits) < refused) await once(io.engine, 'limit');
    expect(sum(limits)).toBe(refused);
    expect(new Set(limits.map(({ limit, address }) => limit + address))).toEqual(
      new Set(['maxHandshakesPerSecond::ffff:192.0.2.1']),
    );
  });

  test('a handshake that a hook is asked about counts once, and a refused one asks no hook', async () => {
    let asked = 0;
    const { io, place } = await startOn(Class, doorName, {
      maxHandshakesPerSecond: 1_000,
      trustedProxies: ['loopback'],
      allowRequest: (/** @type {any} */ _req, /** @type {any} */ done) => done(null, ++asked > 0),
    });
    io.engine.opts.maxHandshakesPerSecond = 3;
    const started = Date.now();
    const statuses = await knock(place, 4, from('192.0.2.1'));
    if (Date.now() - started < SECOND_MS / 3) expect(statuses).toEqual([200, 200, 200, 429]);
    expect(asked).toBe(statuses.filter((status) => status === 200).length);
    expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);

    io.engine.opts.maxClientsPerAddress = asked;
    io.engine.opts.maxHandshakesPerSecond = undefined;
    const { status } = await openWebSocket(place, from('192.0.2.1'));
    expect([status, asked]).toEqual([429, statuses.filter((each) => each === 200).length]);
  });

  test('an upgrade is no new client', async () => {
    const { io, place } = await startOn(Class, doorName, {
      maxClients: 1,
      maxClientsPerAddress: 1,
      maxHandshakesPerSecond: 1,
    });
    const client = connect(urlOf(place), clientOptions(place));
    closers.push(() => client.close());
    await once(/** @type {any} */ (client), 'connect');
    if (client.io.engine.transport.name !== 'websocket') await onUpgrade(client.io.engine);
    expect(io.engine.clientsCount).toBe(1);
  });
});

test('a thousand that are turned away are told in a few words', async () => {
  const { io, place } = await startOn(Server, 'own port', { maxClients: 1, ioThreads: 1 });
  const { limits } = listenTo(io);
  const { wire } = await openWebSocket(place);
  const started = Date.now();
  for (let i = 0; i < 20; i += 1) {
    const fifty = Array.from({ length: 50 }, () => handshake(place, 'polling'));
    for (const { status } of await Promise.all(fifty)) expect(statusOf(status)).toBe(503);
  }
  while (sum(limits) < 1000) await once(io.engine, 'limit');
  expect(sum(limits)).toBe(1000);
  expect(limits.length).toBeLessThanOrEqual(2 + (Date.now() - started) / SECOND_MS);
  wire.write(frame('40'));
  expect((await wire.framesUpTo(2)).at(-1)?.payload).toMatch(/^40/);
});

test('a limit that is set later counts those who are there, one that is lowered sends nobody away', async () => {
  const { io, place } = await startOn(Server, 'own port');
  expect(await knock(place, 3)).toEqual([200, 200, 200]);
  io.engine.opts.maxClients = 4;
  expect(await knock(place, 2)).toEqual([200, 503]);
  io.engine.opts.maxClients = 2;
  expect(await knock(place, 1)).toEqual([503]);
  expect(io.engine.clientsCount).toBe(4);
  io.engine.opts.maxClients = undefined;
  expect(await knock(place, 1)).toEqual([200]);
});

test.each([
  ['maxClients', [-1, 0, 1.5, NaN], ['5', {}]],
  ['maxClientsPerAddress', [-1, 0, 0.5], [true]],
  ['maxHandshakesPerSecond', [-1, 0, 2.5], ['1']],
  ['ipv6PrefixBits', [-1, 0, 129, 1.5], ['64']],
  ['trustedProxies', [['10.0.0.0/33'], ['::1/129'], ['nowhere'], ['10.0.0']], ['loopback', [1]]],
])('%s must make sense', (name, outOfRange, ofWrongType) => {
  for (const value of outOfRange) {
    expect(() => new Engine({ [name]: value })).toThrow(RangeError);
    expect(() => new Engine({ [name]: value })).toThrow(name);
  }
  for (const value of ofWrongType) {
    expect(() => new Engine({ [name]: value })).toThrow(TypeError);
    expect(() => new Engine({ [name]: value })).toThrow(name);
  }
});

/** @param {any[]} limits */
const sum = (limits) => limits.reduce((total, { count }) => total + count, 0);

/** @param {any} wire */
const sidOf = (wire) => JSON.parse(wire.frames[0].payload.slice(1)).sid;

/** @param {any} place */
const urlOf = ({ ca, port }) => `http${ca ? 's' : ''}://127.0.0.1:${port}`;

/** @param {any} place */
const clientOptions = ({ ca }) => ({
  ca,
  forceNew: true,
  reconnection: false,
  rejectUnauthorized: false,
});

/** @param {any} engine of an official client */
const onUpgrade = (engine) => new Promise((resolve) => engine.once('upgrade', resolve));
