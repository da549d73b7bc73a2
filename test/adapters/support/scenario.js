/**
 * A scenario for two servers, "A" and "B", joined by an adapter, with two clients each. It logs as plain data
 * what every operation that reaches across does. The same on the genuine package and on ours, whatever the
 * adapter.
 */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { io: connect } = require('socket.io-client');

const ASK_TIMEOUT_MS = 1500;

/**
 * @typedef {object} Cluster
 * @property {(member: 'A' | 'B', action: string, ...args: any[]) => Promise<any>} run
 * @property {Record<'A' | 'B', string>} urls The same where a balancer decides. Then nobody polls, because a
 *   primary may see the second request of a session before it hears whose it is.
 */

/** @param {any} client @param {string} event @returns {Promise<any[]>} */
const eventOf = (client, event) =>
  new Promise((resolve) => client.once(event, (/** @type {any[]} */ ...args) => resolve(args)));

/**
 * A client in "/n" that has ended at the given server.
 * @param {Cluster} cluster
 * @param {'A' | 'B'} home
 * @param {string} as
 * @param {string} transport
 */
async function openClient(cluster, home, as, transport) {
  for (;;) {
    const client = connect(`${cluster.urls[home]}/n`, {
      auth: { as },
      forceNew: true,
      reconnection: false,
      transports: [transport],
    });
    const isOpen = await Promise.race([
      eventOf(client, 'connect').then(() => true),
      eventOf(client, 'connect_error').then(() => false),
      delay(2000, false, { ref: false }), // a genuine worker behind sticky may lose the first message
    ]);
    if (isOpen && (await client.emitWithAck('who')) === home) return client;
    client.disconnect(); // a balancer has chosen the other one
  }
}

/**
 * Waits for the timers that socket.io-adapter sets for each broadcast for acknowledgements and never clears.
 * Jest kills a worker that does not end by itself within half a second.
 */
const untilTimersEnd = () => delay(ASK_TIMEOUT_MS);

/** Waits until something is as it should be. @param {() => Promise<boolean>} check */
async function until(check) {
  while (!(await check())) await delay(20);
}

/**
 * Waits until a broadcast of either server reaches all clients. An adapter over a stream begins at the
 * stream's end, each time that it asks, until its first message has come. Some of what is sent before is
 * lost.
 * @param {Cluster} cluster
 * @param {any[]} clients
 */
async function greet({ run }, clients) {
  const missing = clients.map((client) => {
    const from = new Set(['A', 'B']);
    client.on('settle', (/** @type {number} */ _number, /** @type {string} */ member) =>
      from.delete(member),
    );
    return from;
  });
  await until(async () => {
    await run('A', 'emit', {}, 'settle', 0, 'A');
    await run('B', 'emit', {}, 'settle', 0, 'B');
    return missing.every((from) => from.size === 0);
  });
  for (const client of clients) client.off('settle');
}

/**
 * Runs the scenario.
 * @param {Cluster} cluster
 */
async function play(cluster) {
  const { run } = cluster;
  await until(
    async () => (await run('A', 'serverCount')) === 2 && (await run('B', 'serverCount')) === 2,
  );

  /** @type {Record<string, any>} */
  const clients = {};
  /** @type {any[]} */
  const log = [];
  /** @type {Record<string, any[]>} */
  let received = {};
  for (const [as, home] of /** @type {const} */ ([
    ['a1', 'A'],
    ['a2', 'A'],
    ['b1', 'B'],
    ['b2', 'B'],
  ])) {
    const canPoll = cluster.urls.A !== cluster.urls.B;
    const transport = canPoll && as.endsWith('2') ? 'polling' : 'websocket';
    const client = await openClient(cluster, home, as, transport);
    clients[as] = client;
    client.onAny((/** @type {string} */ event, /** @type {any[]} */ ...args) => {
      if (event === 'settle') return;
      const ack = args.at(-1);
      if (typeof ack !== 'function') (received[as] ??= []).push([event, ...args]);
      else if (event === 'ask' || args[0] !== as) ack(`${as} says ${args[0]}`);
    });
    client.on('disconnect', (/** @type {string} */ reason) =>
      (received[as] ??= []).push(`left: ${reason}`),
    );
  }
  await until(
    async () =>
      (await run('A', 'fetch', {})).length === 4 && (await run('B', 'fetch', {})).length === 4,
  );

  await greet(cluster, Object.values(clients));

  let settled = 0;
  /** What the clients have got by the time that a broadcast of either server has come through. */
  const settle = async () => {
    const number = ++settled;
    const open = Object.values(clients).filter((client) => client.connected);
    const got = open.map(
      (client) =>
        new Promise((/** @type {any} */ resolve) => {
          const marks = new Set();
          client.on('settle', (/** @type {number} */ n, /** @type {string} */ from) => {
            if (n === number) marks.add(from);
            if (marks.size === 2) resolve();
          });
          client.once('disconnect', resolve);
        }),
    );
    await run('A', 'emit', {}, 'settle', number, 'A');
    await run('B', 'emit', {}, 'settle', number, 'B');
    await Promise.all(got);
    for (const client of open) client.off('settle');
    const result = received;
    received = {};
    return Object.fromEntries(Object.entries(result).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  const step = async (
    /** @type {'A' | 'B'} */ member,
    /** @type {string} */ action,
    /** @type {any[]} */ ...args
  ) => {
    const result = await run(member, action, ...args);
    const got = await settle();
    log.push({ [`${member} ${action} ${JSON.stringify(args)}`]: result ?? null, got });
  };

  // Rooms, by the members themselves and from afar.
  await step('A', 'join', { to: ['@a1', '@b1'] }, 'red');
  await step('B', 'join', { to: ['@a2', '@b1'] }, ['blue', 'green']);
  await until(async () => {
    const { answers } = await run('A', 'ask', { to: ['blue'], timeout: 1000 }, 'ask', 0);
    return answers.length === 2;
  });
  await step('A', 'fetch', {});
  await step('B', 'fetch', { to: ['blue'] });
  await step('B', 'ids');
  await step('A', 'rooms');
  await step('B', 'rooms');

  // Broadcasts of all kinds from both servers.
  for (const member of /** @type {const} */ (['A', 'B'])) {
    const own = member === 'A' ? 'a1' : 'b1';
    await step(member, 'emit', {}, 'all', { deep: [1, null, 'é😀'] });
    await step(member, 'emit', { to: ['red'] }, 'red');
    await step(member, 'emit', { to: ['red', 'blue'] }, 'once each');
    await step(member, 'emit', { to: ['red'], except: ['blue'] }, 'red, not blue');
    await step(member, 'emit', { except: ['@a1', '@b2'] }, 'not a1, b2');
    await step(member, 'emit', { to: ['@a2'] }, 'for a2 alone');
    await step(member, 'emit', { local: true }, 'local');
    await step(member, 'emit', { to: ['blue'], local: true }, 'local blue');
    await step(member, 'emit', { compress: false }, 'uncompressed');
    await step(member, 'emit', {}, 'binary', { bytes: 'abc' }, { bytes: 'd' });
    await step(member, 'emit', { from: own, to: ['red'] }, 'to red but the sender');
    await step(member, 'emit', { from: own, broadcast: true }, 'to all but the sender');
    await step(member, 'emit', { from: own, local: true }, 'to local ones but the sender');
    await step(member, 'emit', { to: ['nobody'] }, 'to nobody');
  }
  // Whether a volatile packet arrives is a matter of chance; whom it is for is not.
  const reached = new Set();
  await until(async () => {
    await run('A', 'emit', { volatile: true, to: ['red'] }, 'volatile');
    for (const as of Object.keys(await settle())) reached.add(as);
    return reached.size === 2;
  });
  log.push({ volatile: [...reached].sort() });

  // Acknowledgements.
  await step('A', 'ask', { timeout: ASK_TIMEOUT_MS }, 'ask', 1);
  await step('B', 'ask', { to: ['red'], timeout: ASK_TIMEOUT_MS }, 'ask', 2);
  await step('B', 'ask', { to: ['blue'], except: ['red'], timeout: ASK_TIMEOUT_MS }, 'ask', 3);
  await step('A', 'ask', { local: true, timeout: ASK_TIMEOUT_MS }, 'ask', 4);
  await step('A', 'ask', { to: ['nobody'], timeout: ASK_TIMEOUT_MS }, 'ask', 5);
  await step('A', 'ask', { timeout: 1000 }, 'not for all', 'b1');

  // A socket of the other server.
  await step('A', 'remote', 'b2', 'emit', 'direct', 1);
  await step('A', 'remoteAsk', 'b2', 1500, 'ask', 6);
  await step('A', 'remoteAsk', 'b2', 200, 'not for all', 'b2');
  await step('A', 'remote', 'b2', 'join', 'far');
  await step('B', 'fetch', { to: ['far'] });
  await step('A', 'remote', 'b2', 'leave', 'far');
  await step('B', 'fetch', { to: ['far'] });

  // Server to server.
  await step('A', 'serverSideEmit', 'hello', 'world', { n: 1 });
  log.push(await run('A', 'heard'), await run('B', 'heard'));
  await step('B', 'serverSideAsk', 'hello', 'B');

  // Leaving and ending.
  await step('A', 'leave', { to: ['blue'] }, ['blue', 'green']);
  await step('A', 'fetch', {});
  await step('B', 'disconnect', { to: ['@a2'] });
  await step('A', 'remote', 'b1', 'disconnect');
  await step('A', 'disconnect', { to: ['red'] }, true);
  await step('A', 'ids');
  await step('A', 'serverCount');
  await step('A', 'options');
  await step('A', 'rooms');
  await run('B', 'disconnect', {}, true);
  for (const client of Object.values(clients)) client.io._close();
  await until(async () => (await run('A', 'count')) + (await run('B', 'count')) === 0);
  return log;
}

module.exports = { eventOf, openClient, play, until, untilTimersEnd };
