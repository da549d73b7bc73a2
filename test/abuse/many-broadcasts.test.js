/**
 * More broadcasts than can be sent at once. Other clients are answered meanwhile, because no more broadcasts
 * wait for the I/O threads than are done in a moment. The sockets have their turn in between.
 */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { WebSocket } = require('ws');
const { PATH, Witnesses, cleanUp, closers, startServer } = require('./support/crowd');

afterEach(cleanUp);

const LAST = '"the last one"';
const BROADCASTS = 40_000;
/** The share of the whole time for which somebody may have to wait. */
const MOST_OF_IT = 0.6;

/**
 * Clients of another process, in the room `readers`.
 * @param {any} place
 * @param {number} count
 */
async function openReaders(place, count) {
  const program = path.join(__dirname, 'support/readers.js');
  const child = fork(program, [JSON.stringify(place), String(count), LAST]);
  closers.push(() => child.kill('SIGKILL'));
  await once(child, 'message');
  return { done: once(child, 'message') };
}

/**
 * Emits to the readers, so many packets in each turn.
 * @param {any} io
 * @param {{ count: number, perTurn: number }} plan
 */
async function broadcast(io, { count, perTurn }) {
  const readers = io.to('readers');
  for (let i = 1; i < count; i++) {
    readers.emit('news', i, 'some text of a usual length');
    if (i % perTurn === 0) await new Promise(setImmediate);
  }
  readers.emit('news', 'the last one');
}

describe.each(['http', 'https', 'own port', 'own port with TLS'])('%s', (doorName) => {
  test('clients are answered between the turns of a storm', async () => {
    const { place, run } = await startServer(doorName, { ioThreads: 1 });
    const { done } = await openReaders(place, doorName === 'https' ? 40 : 200);
    const witnesses = await Witnesses.join(place);
    await witnesses.areAnswered();
    witnesses.slowestMs = 0;
    const start = performance.now();
    await run(broadcast, { count: BROADCASTS, perTurn: 500 });
    await done;
    const wholeMs = performance.now() - start;
    await witnesses.areAnswered();
    expect(witnesses.lost).toBe(0);
    expect(witnesses.slowestMs).toBeLessThan(Math.max(200, MOST_OF_IT * wholeMs));
  });
});

test.each(['http', 'own port', 'own port with TLS'])(
  '%s: pings are answered while one turn emits a storm',
  async (doorName) => {
    const { place, run } = await startServer(doorName, { ioThreads: 1 });
    const { done } = await openReaders(place, 200);
    const url = `ws${place.ca ? 's' : ''}://127.0.0.1:${place.port}${PATH}websocket`;
    const ws = new WebSocket(url, { rejectUnauthorized: false });
    closers.push(() => ws.terminate());
    await once(ws, 'open');
    const storm = { isOver: false };
    let slowestMs = 0;
    const pings = (async () => {
      while (!storm.isOver) {
        const asked = performance.now();
        ws.ping();
        await once(ws, 'pong');
        slowestMs = Math.max(slowestMs, performance.now() - asked);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const start = performance.now();
    await run(broadcast, { count: BROADCASTS, perTurn: Infinity });
    await done;
    const wholeMs = performance.now() - start;
    storm.isOver = true;
    await pings;
    expect(slowestMs).toBeLessThan(Math.max(200, MOST_OF_IT * wholeMs));
  },
);
