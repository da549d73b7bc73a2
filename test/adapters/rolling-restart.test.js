/**
 * Three processes over a Redis stream, which all publish all the time, and clients with recovery. The
 * processes are restarted one after the other, as docs/restarts.md says: no client misses a message, gets one
 * twice or in another order. What is promised when a process is killed is held as well.
 */
'use strict';

const { startRedis } = require('../support/servers/redis');
const { Listener } = require('./support/restarts/listener');
const { createMembers } = require('./support/restarts/members');
const { until } = require('./support/scenario');

const ROOMS = [[], ['red'], ['blue'], ['blue', 'red']];
const CLIENTS = 12;

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** @param {string} door */
async function startCluster(door) {
  const redis = await startRedis();
  closers.push(redis.stop);
  const members = await createMembers(door, redis.port);
  closers.push(() => members.close());
  await Promise.all([1, 2, 3].map(() => members.start()));
  const listeners = Array.from({ length: CLIENTS }, (_, i) => {
    const transport = i % 3 === 0 ? 'polling' : 'websocket';
    return new Listener(members.front.url, `client ${i}`, ROOMS[i % ROOMS.length], transport);
  });
  closers.push(() => listeners.forEach((listener) => listener.close()));
  await Promise.all(listeners.map(({ greeted }) => greeted));
  for (const member of members.running) members.publish(member);
  return { members, listeners };
}

/** @typedef {Awaited<ReturnType<typeof startCluster>>} Cluster */

/** Until everybody has got something of a process, wherever it is now. @param {Cluster} cluster */
const heardOf = ({ listeners }, /** @type {string} */ name) =>
  until(async () =>
    listeners.every(({ client, received }) => client.connected && received.has(name)),
  );

/** @param {Cluster} cluster */
async function settle({ members, listeners }) {
  await members.stopPublishing();
  await until(async () =>
    listeners.every(({ ended }) => members.running.every(({ name }) => ended.has(name))),
  );
}

/** What is missing, doubled or out of order. @param {Listener} listener @param {Map<string, any>} sent */
function faultsOf(listener, sent) {
  const faults = [...listener.disorder];
  for (const [name, counts] of sent) {
    for (const target of listener.targets) {
      const got = new Set(listener.numbersOf(name, target));
      const missing = Array.from({ length: counts[target] }, (_, n) => n).filter(
        (n) => !got.has(n),
      );
      if (missing.length !== 0) faults.push(`${name} to ${target}: without ${missing}`);
    }
  }
  return faults;
}

test.each(['own port', 'http'])('%s: a rolling restart loses nothing', async (door) => {
  const cluster = await startCluster(door);
  const { members, listeners } = cluster;
  for (const member of members.running.slice()) {
    await members.end(member);
    const next = await members.start();
    members.publish(next);
    await heardOf(cluster, next.name);
  }
  await settle(cluster);
  expect(members.sent.size).toBe(6);
  for (const listener of listeners) {
    const { as, rooms, connections } = listener;
    expect({ as, faults: faultsOf(listener, members.sent) }).toEqual({ as, faults: [] });
    expect(connections.length).toBeGreaterThan(1); // all processes are new
    expect(connections).toEqual([false, ...connections.slice(1).map(() => true)]);
    expect(await listener.who()).toMatchObject({ recovered: true, data: { as }, rooms });
  }
});

test('a killed process: its clients start anew, and nobody else misses anything', async () => {
  const cluster = await startCluster('own port');
  const { members, listeners } = cluster;
  const [killed] = members.running;
  const homes = await Promise.all(listeners.map((listener) => listener.who()));
  const isHit = (/** @type {any} */ _, /** @type {number} */ i) => homes[i].member === killed.name;
  const [hit, others] = [listeners.filter(isHit), listeners.filter((each, i) => !isHit(each, i))];
  expect(Math.min(hit.length, others.length)).toBeGreaterThan(0);
  await heardOf(cluster, killed.name);
  await members.kill(killed);
  await until(async () => hit.every(({ connections }) => connections.length === 2));
  const next = await members.start();
  members.publish(next);
  await heardOf(cluster, next.name);
  await settle(cluster);

  // Of its own messages, the last ones may not have left it. All hear the same of them.
  const counts = ['all', 'red', 'blue'].map((target) => {
    const lists = others.filter(({ targets }) => targets.includes(target));
    return [target, lists[0].numbersOf(killed.name, target).length];
  });
  members.sent.set(killed.name, Object.fromEntries(counts));
  for (const listener of others) {
    const { as, connections } = listener;
    expect({ as, faults: faultsOf(listener, members.sent) }).toEqual({ as, faults: [] });
    expect(connections).toEqual([false]);
  }
  for (const listener of hit) {
    const { as, rooms, connections, disorder } = listener;
    expect([connections, disorder]).toEqual([[false, false], []]);
    expect(await listener.who()).toMatchObject({ recovered: false, data: { as }, rooms });
    const { length } = listener.numbersOf(next.name, 'all');
    expect(length).toBe(members.sent.get(next.name).all); // it was back before that began
  }
});
