/**
 * What a server has needed in a storm comes back to the system when it is over.
 */
'use strict';

const { cleanUp, openSlowReaders, startServer, until } = require('./support/crowd');

afterEach(cleanUp);

const MB = 1e6;
const SLOW = 100;

/** The allocator of other C libraries gives free memory back by itself, or not at all. */
const describeOnGlibc = /** @type {any} */ (process.report.getReport()).header.glibcVersionRuntime
  ? describe
  : describe.skip;

describeOnGlibc.each(['http', 'https', 'own port', 'own port with TLS'])('%s', (doorName) => {
  test.each([
    ['large', 100_000],
    ['small', 1000],
  ])('slow readers of %s packets that leave', async (_size, bytes) => {
    const { place, run, residentBytes } = await startServer(doorName);
    const readers = await openSlowReaders(place, SLOW);
    const before = residentBytes();
    await run(
      async (io, { length, count }) => {
        const text = 'x'.repeat(length);
        for (let i = 0; i < count; i++) {
          for (const socket of io.sockets.sockets.values()) socket.emit('each', i + text);
          if (i % Math.ceil(1e5 / length) === 0) await new Promise(setImmediate);
        }
      },
      { length: bytes, count: (6 * MB) / bytes },
    );
    expect(residentBytes() - before).toBeGreaterThan(200 * MB);
    for (const { socket } of readers) socket.destroy();
    const isBack = async () => {
      await run(() => /** @type {any} */ (globalThis).gc());
      return residentBytes() - before < 100 * MB;
    };
    await until(isBack, 'the memory');
    expect(await run((io) => Object.keys(io.ends))).toEqual(['transport close']);
  });
});
