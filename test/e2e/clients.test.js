/**
 * The official client by the hundred, over every transport. Ordered messages with acknowledgements go both
 * ways, text and binary. Nothing is lost and nothing comes twice, in bounded time and memory.
 */
'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const { io: connect } = require('socket.io-client');
const { Server } = require('../../lib');
const { settledMemoryOutsideHeap } = require('../support/resources/memory');

const CLIENTS = 200;
const MESSAGES = 15;
const TEXTS = ['plain', 'Grüße ÿ', 'emoji 😀🚀', '€ and \u0000', 'x'.repeat(3000)];

/** @type {any} */
let io;
/** @type {any[]} */
let clients;

afterEach(async () => {
  for (const client of clients) client.close();
  await io.close();
});

/**
 * The n-th message of somebody: every third has attachments.
 * @param {string} who
 * @param {number} n
 */
function messageOf(who, n) {
  const text = `${who} ${n} ${TEXTS[n % TEXTS.length]}`;
  if (n % 3) return { n, text };
  return { n, text, first: Buffer.from(text), list: [{ second: Buffer.alloc(200 * n, n) }] };
}

/** Checks that `other` sends its messages once and in order, and acknowledges each. */
function expectMessages(/** @type {any} */ socket, /** @type {string} */ other) {
  let next = 0;
  return new Promise((resolve, reject) => {
    socket.on('message', (/** @type {any} */ message, /** @type {any} */ acknowledge) => {
      try {
        assert.deepStrictEqual(message, messageOf(other, next)); // ten times as fast as expect
      } catch (error) {
        reject(error);
      }
      acknowledge(message.n, Buffer.from([message.n]));
      if (++next === MESSAGES) resolve(undefined);
    });
  });
}

/** Sends all messages at once, and checks that each is acknowledged once, in order. */
function sendMessages(/** @type {any} */ socket, /** @type {string} */ who) {
  let acknowledged = 0;
  return new Promise((resolve, reject) => {
    for (let n = 0; n < MESSAGES; n++) {
      socket.emit('message', messageOf(who, n), (/** @type {any} */ ...answer) => {
        try {
          assert.deepStrictEqual(answer, [acknowledged, Buffer.from([acknowledged])]);
        } catch (error) {
          reject(error);
        }
        if (++acknowledged === MESSAGES) resolve(undefined);
      });
    }
  });
}

describe.each([1, 3])('with %d I/O threads', (ioThreads) => {
  test.each([
    ['polling', ['polling']],
    ['WebSocket', ['websocket']],
    ['polling, then WebSocket', ['polling', 'websocket']],
  ])('over %s', async (_how, transports) => {
    io = new Server(0, { ioThreads });
    const url = `http://localhost:${io.httpServer.address().port}`;
    clients = [];
    /** @type {Promise<any>[]} */
    const work = [];
    io.on('connection', (/** @type {any} */ socket) => {
      const { name } = socket.handshake.auth;
      work.push(expectMessages(socket, name), sendMessages(socket, `server to ${name}`));
    });
    const before = await settledMemoryOutsideHeap();
    const connected = Array.from({ length: CLIENTS }, (_, i) => {
      const name = `client ${i}`;
      const client = connect(url, {
        transports,
        forceNew: true,
        reconnection: false,
        auth: { name },
      });
      clients.push(client);
      work.push(expectMessages(client, `server to ${name}`), sendMessages(client, name));
      return new Promise((resolve, reject) => {
        client.on('connect', () => resolve(undefined));
        client.on('connect_error', reject);
      });
    });
    await Promise.all(connected);
    await Promise.all(work);
    expect(work).toHaveLength(4 * CLIENTS);
    expect(io.engine.clientsCount).toBe(CLIENTS);
    expect((await settledMemoryOutsideHeap()) - before).toBeLessThan(100e6);

    if (transports.length === 2) {
      await Promise.all(
        clients.map(({ io: { engine } }) =>
          engine.transport.name === 'websocket' ? undefined : onUpgrade(engine),
        ),
      );
    }
    const last = transports.at(-1);
    const sockets = await io.fetchSockets();
    await Promise.all(
      [...io.sockets.sockets.values()].map(({ conn }) =>
        conn.transport.name === last ? undefined : once(conn, 'upgrade'),
      ),
    );
    expect(sockets).toHaveLength(CLIENTS);

    const everyone = Promise.all(
      clients.map((client) => new Promise((resolve) => client.once('all', resolve))),
    );
    io.emit('all', Buffer.from('at once'), 'é');
    const expected = Buffer.from('at once');
    expect((await everyone).every((data) => expected.equals(/** @type {any} */ (data)))).toBe(true);

    const gone = Promise.all(
      [...io.sockets.sockets.values()].map((socket) => once(socket, 'disconnect')),
    );
    for (const client of clients) client.close();
    await gone;
    expect(io.sockets.sockets.size).toBe(0);
    while (io.engine.clientsCount > 0) await new Promise(setImmediate);
    expect(io.engine.clients).toEqual({});
  });
});

/** @param {any} engine of a client */
const onUpgrade = (engine) => new Promise((resolve) => engine.once('upgrade', resolve));
