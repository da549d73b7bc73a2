/**
 * One client floods while the JavaScript thread is blocked for longer than any heartbeat may take. Its
 * share of what waits for JavaScript pauses that client only; what the others send is read, and their PINGs
 * go out. Not on https: there the bytes of all clients pass through the blocked thread.
 */
'use strict';

const { frame } = require('../support/clients/wire');
const { cleanUp, startServer } = require('./support/abused-server');
const { startFlooder } = require('./support/attacker');
const { Neighbours } = require('./support/neighbours');

afterEach(cleanUp);

/** A client is lost 3.5 s after its last PING, which is long enough for a busy machine. */
const PATIENCE = { pingInterval: 1000, pingTimeout: 2500 };
const BLOCKED_MS = 6000;
const MiB = 1 << 20;

/** Who is served without the JavaScript thread, by transport. */
const COUNTS = {
  http: { websocket: 10 },
  'own port': { websocket: 8, polling: 4 },
  'own port with TLS': { websocket: 8, polling: 4 },
};

const LARGE = frame(`42["data","${'x'.repeat(64_000)}"]`);
const SMALL = Buffer.concat(Array(8192).fill(frame('430[]')));

describe.each(Object.entries(COUNTS))('%s', (door, counts) => {
  test('two flood, one with large messages and one with the smallest', async () => {
    const server = await startServer(door, PATIENCE);
    const neighbours = await Neighbours.beside(server, counts);
    const flooders = [await startFlooder(server), await startFlooder(server)];
    const before = await server.ask('memory');
    const blocked = server.ask('block', BLOCKED_MS);
    flooders[0].flood(LARGE, Math.ceil((50 * MiB) / LARGE.length));
    flooders[1].flood(SMALL, Math.ceil((50 * MiB) / SMALL.length));
    await blocked;
    expect((await server.ask('memory')) - before).toBeLessThan(60 * MiB);
    await neighbours.allAnswered();
    expect(neighbours.losses).toEqual([]);
  });
});

test('many flood the own port, so that the whole inbox is full', async () => {
  const server = await startServer('own port', { ...PATIENCE, maxInboxBytes: 2 * MiB });
  const neighbours = await Neighbours.beside(server, { websocket: 8, polling: 4 });
  const flooders = await Promise.all(Array.from({ length: 4 }, () => startFlooder(server)));
  const blocked = server.ask('block', BLOCKED_MS);
  for (const flooder of flooders) flooder.flood(LARGE, Math.ceil((10 * MiB) / LARGE.length));
  await blocked;
  await neighbours.allAnswered();
  expect(neighbours.losses).toEqual([]);
});
