/**
 * Clients that are sent more than they take. A client that reads is not cut off, and one that takes nothing
 * is. All together cannot use up the memory of the server.
 */
'use strict';

const { WebSocket } = require('ws');
const {
  PATH,
  Poller,
  Witnesses,
  cleanUp,
  closers,
  joinByHand,
  openSlowReaders,
  startServer,
  until,
} = require('./support/crowd');

afterEach(cleanUp);

const DOORS = ['http', 'https', 'own port', 'own port with TLS'];
const MB = 1e6;

/**
 * A client that reads, and counts the messages of a megabyte.
 * @param {any} place
 */
async function openReader({ ca, port }) {
  const scheme = ca ? 'wss' : 'ws';
  const ws = new WebSocket(`${scheme}://127.0.0.1:${port}${PATH}websocket`, {
    rejectUnauthorized: false,
  });
  closers.push(() => ws.terminate());
  const reader = { ws, large: 0, isGone: false };
  const joined = new Promise((resolve) => {
    ws.on('message', (/** @type {Buffer} */ data) => {
      if (data.length >= MB) reader.large++;
      else if (String(data).startsWith('40')) resolve(undefined);
    });
  });
  ws.on('close', () => (reader.isGone = true));
  ws.on('open', () => ws.send('40'));
  await joined;
  return reader;
}

/** In one turn. @param {any} io @param {number} count */
function emitMegabytes(io, count) {
  const text = 'x'.repeat(1e6);
  for (let i = 0; i < count; i++) io.emit('large', text);
}

/** What a slow reader reads before it pauses. */
const READ_BYTES = 64 * 1024;

describe.each(DOORS)('%s: 100 MB of one turn', (doorName) => {
  test('arrive on WebSockets that read', async () => {
    const { place, run } = await startServer(doorName);
    const readers = [await openReader(place), await openReader(place)];
    for (const { ws } of readers) ws.pause(); // as a client that is busy itself for a moment
    await run(emitMegabytes, 100);
    for (const { ws } of readers) ws.resume();
    await until(
      () => readers.every(({ large, isGone }) => large === 100 || isGone),
      'all messages',
    );
    expect(readers.map(({ large }) => large)).toEqual([100, 100]);
    expect(await run((io) => io.ends)).toEqual({});
  });

  test('arrive by polls', async () => {
    const { place, run } = await startServer(doorName);
    const poller = await Poller.join(place);
    await run(emitMegabytes, 100);
    let count = 0;
    while (count < 100) {
      const packets = (await poller.ask('GET')).split('\x1e');
      count += packets.filter((packet) => packet.length > MB).length;
      if (packets.includes('2')) await poller.ask('POST', '3');
    }
    expect(count).toBe(100);
    expect(await run((io) => io.ends)).toEqual({});
  });
});

describe.each(DOORS)('%s: beyond maxSendQueueBytes', (doorName) => {
  test('a client that takes nothing is cut after sendTimeout, one that reads is not', async () => {
    const { place, run } = await startServer(doorName, {
      maxSendQueueBytes: MB,
      hardMaxSendQueueBytes: 100 * MB,
      sendTimeout: 3000,
    });
    const witnesses = await Witnesses.join(place);
    const reader = await joinByHand(place);
    let bytes = 0;
    let pauses = 0;
    reader.socket.removeAllListeners('data').on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes < pauses * READ_BYTES) return; // TLS reads less at once
      pauses += 1;
      reader.socket.pause();
      setTimeout(() => reader.socket.resume(), 5);
    });
    await openSlowReaders(place, 1);
    await run((io) => {
      const [, , reading, slow] = [...io.sockets.sockets.values()];
      for (let i = 0; i < 20; i++) {
        for (const socket of [reading, slow]) socket.emit('large', 'x'.repeat(1e6));
      }
    });
    await until(() => run((io) => io.engine.clientsCount <= 3), 'the end of one');
    expect(await run((io) => io.ends)).toEqual({ 'transport error: send timeout': 1 });
    await until(() => bytes >= 20 * MB || reader.socket.destroyed, 'all that the reader gets');
    await witnesses.areAnswered();
    expect(witnesses.lost).toBe(0);
  });

  test('and of hardMaxSendQueueBytes a client is cut at once', async () => {
    const { place, run } = await startServer(doorName, {
      maxSendQueueBytes: MB,
      hardMaxSendQueueBytes: 10 * MB,
      sendTimeout: 100_000,
    });
    await openSlowReaders(place, 1);
    await run(emitMegabytes, 30);
    await until(() => run((io) => io.engine.clientsCount === 0), 'the end');
    expect(await run((io) => io.ends)).toEqual({
      'transport error: send queue limit exceeded': 1,
    });
  });

  test('a client that does not poll is cut after sendTimeout', async () => {
    const { place, run } = await startServer(doorName, {
      maxSendQueueBytes: MB,
      hardMaxSendQueueBytes: 100 * MB,
      sendTimeout: 500,
    });
    await Poller.join(place);
    await run(emitMegabytes, 5);
    await until(() => run((io) => io.engine.clientsCount === 0), 'the end');
    expect(await run((io) => io.ends)).toEqual({ 'transport error: send timeout': 1 });
  });
});

describe.each(DOORS)('%s: beyond maxTotalSendQueueBytes', (doorName) => {
  const SLOW = 40;
  const TOTAL = 40 * MB;
  /** What the server may need besides: sockets' buffers in Node, garbage, code. */
  const SLACK = 150 * MB;

  /**
   * Emits to the slow ones until so much was emitted to each, other work in between.
   * @param {any} io
   * @param {number} bytesEach
   */
  async function emitToSlow(io, bytesEach) {
    const text = 'x'.repeat(1e5);
    for (let sent = 0; sent < bytesEach; sent += text.length) {
      for (const socket of io.sockets.sockets.values()) {
        if (!socket.data.isWitness) socket.emit('each', sent + text);
      }
      await new Promise(setImmediate);
    }
  }

  test.each([1, 2])('slow readers are cut, %d I/O threads', async (ioThreads) => {
    const { place, run, residentBytes } = await startServer(doorName, {
      ioThreads,
      maxTotalSendQueueBytes: TOTAL,
    });
    const witnesses = await Witnesses.join(place);
    await witnesses.areAnswered();
    await openSlowReaders(place, SLOW);
    const before = residentBytes();
    await run(emitToSlow, 12 * MB); // 480 MB for all of them
    await witnesses.areAnswered();
    expect(residentBytes() - before).toBeLessThan(TOTAL + SLACK);
    expect(witnesses.lost).toBe(0);
    const { 'transport error: total send queue limit exceeded': cut, ...others } = await run(
      (io) => io.ends,
    );
    expect(others).toEqual({});
    expect(cut).toBeGreaterThan(SLOW / 2);
    expect(cut).toBeLessThanOrEqual(SLOW);
  });

  test('those who do not poll are cut', async () => {
    const { place, run, residentBytes } = await startServer(doorName, {
      maxTotalSendQueueBytes: TOTAL,
    });
    const witnesses = await Witnesses.join(place);
    await witnesses.areAnswered();
    await Promise.all(Array.from({ length: SLOW }, () => Poller.join(place)));
    const before = residentBytes();
    await run(emitToSlow, 5 * MB); // 200 MB for all of them
    await witnesses.areAnswered();
    expect(residentBytes() - before).toBeLessThan(TOTAL + SLACK);
    expect(witnesses.lost).toBe(0);
    const ends = await run((io) => io.ends);
    expect(Object.keys(ends)).toEqual(['transport error: total send queue limit exceeded']);
  });

  test('a broadcast that all of them share counts once', async () => {
    const { place, run } = await startServer(doorName, { maxTotalSendQueueBytes: TOTAL });
    const witnesses = await Witnesses.join(place);
    await openSlowReaders(place, SLOW);
    await run(emitMegabytes, 10); // 400 MB if each had a copy
    await witnesses.areAnswered();
    expect(await run((io) => io.ends)).toEqual({});
    expect(witnesses.lost).toBe(0);
  });
});
