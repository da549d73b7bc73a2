/**
 * Bodies of POSTs that are for nobody, that never end, or that come drop by drop. Nothing is kept for the
 * first, and the others have a time limit.
 */
'use strict';

const { once } = require('node:events');
const { setTimeout: delay } = require('node:timers/promises');
const { cleanUp, startServer } = require('./support/abused-server');
const { Neighbours } = require('./support/neighbours');
const { POLLING, ask, connect, openPolling, postHead } = require('./support/requests');

afterEach(cleanUp);

const DOORS = ['http', 'https', 'own port', 'own port with TLS'];
const MiB = 1 << 20;
/** Generous: this process, which has all clients in it, is what takes time. */
const MOST_MS = 8000;

/** How a connection ends that is not read from its other end. @param {any} wire */
const ended = (wire) => wire.until((/** @type {any} */ it) => it.ended || it.socket.destroyed);

describe.each(DOORS)('%s', (door) => {
  test('100 bodies for a session that nobody has', async () => {
    const server = await startServer(door);
    const neighbours = await Neighbours.beside(server, { websocket: 3, polling: 2 });
    const before = await server.ask('memory');
    const wires = await Promise.all(Array.from({ length: 100 }, () => connect(server)));
    const rest = Buffer.alloc(900_000, 'x');
    for (const wire of wires) {
      wire.write(postHead(`${POLLING}&sid=nobody`, rest.length + 1));
      wire.write(rest); // all but the last byte
    }
    for (const wire of wires) {
      await wire.head();
      expect(wire.text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      await wire.until(({ text }) => text.includes('"code":1'));
    }
    expect((await server.ask('memory')) - before).toBeLessThan(65 * MiB); // of 86
    await neighbours.allAnswered();
    expect(neighbours.losses).toEqual([]);
    expect(neighbours.worstLatency).toBeLessThan(MOST_MS);
  });

  test('bodies that come drop by drop, beside one that is only slow', async () => {
    const server = await startServer(door, { bodyTimeout: 1000, minBodyBytesPerSecond: 1024 });
    const neighbours = await Neighbours.beside(server, { websocket: 3, polling: 2 });
    const slow = await connect(server);
    slow.write(postHead(await openPolling(server), 30_000));
    const wires = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const wire = await connect(server);
        wire.write(postHead(await openPolling(server), 900_000));
        return wire;
      }),
    );
    const isOver = Promise.all(wires.map(ended));
    const drops = setInterval(() => wires.forEach((wire) => wire.write('x')), 100);
    for (let i = 0; i < 15; i++) {
      slow.write(`${i === 0 ? '4' : ''}${'x'.repeat(i === 0 ? 1999 : 2000)}`);
      await delay(200);
    }
    await slow.until(({ text }) => text.endsWith('ok'));
    await isOver;
    clearInterval(drops);
    for (const wire of wires) expect(wire.text).toMatch(/^HTTP\/1\.1 408 /);
    // As if their clients had gone.
    while ((await server.ask('ends'))['transport error'] !== 10) await delay(50);
    await neighbours.allAnswered();
    expect(neighbours.losses).toEqual([]);
    expect(neighbours.worstLatency).toBeLessThan(MOST_MS);
  });

  test('a second body of a session, and one whose client leaves', async () => {
    const server = await startServer(door);
    const twice = await openPolling(server);
    const first = await connect(server);
    first.write(postHead(twice, 900_000));
    first.write('4'.repeat(100_000));
    await delay(100);
    expect((await ask(server, 'POST', twice, '4x')).text).toMatch(/^HTTP\/1\.1 400 /);
    while ((await server.ask('ends'))['transport error'] !== 1) await delay(20);
    const left = await connect(server);
    left.write(postHead(await openPolling(server), 900_000));
    left.write('4'.repeat(100_000));
    await delay(100);
    left.socket.destroy();
    await once(left.socket, 'close');
    while ((await server.ask('ends'))['transport error'] !== 2) await delay(20);
  });
});

describe.each(['own port', 'own port with TLS'])('%s', (door) => {
  test('bodies for other paths, and of requests that have none', async () => {
    const server = await startServer(door);
    const get = await connect(server);
    get.write(postHead(POLLING, 900_000).replace('POST', 'GET'));
    expect(await get.head()).toMatch(/^HTTP\/1\.1 413 /);
    await ended(get);
    const post = await connect(server);
    post.write(postHead(POLLING, 900_000));
    expect(await post.head()).toMatch(/^HTTP\/1\.1 400 /);
    await ended(post);
  });
});
