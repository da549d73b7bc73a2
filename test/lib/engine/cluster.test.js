/**
 * Two worker processes behind one port (node:cluster with @socket.io/sticky): every connection was
 * accepted by another process than the one that serves it.
 */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { setTimeout: delay } = require('node:timers/promises');
const { io: connectClient } = require('socket.io-client');

/** @type {(() => unknown)[]} */
const closers = [];

afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

/** @param {string} module with the server */
async function startCluster(module) {
  const primary = fork(path.join(__dirname, 'sticky-cluster.js'), [module]);
  closers.push(async () => {
    const exited = once(primary, 'exit');
    primary.disconnect();
    await exited;
  });
  const [{ port }] = await once(primary, 'message');
  return { primary, port };
}

/** An event of a client, which is no Node emitter. @param {any} client @param {string} event */
const eventOf = (client, event) =>
  new Promise((resolve) => client.once(event, (/** @type {any[]} */ ...args) => resolve(args)));

/** @param {number} port @param {object} [opts] */
function openClient(port, opts) {
  const client = connectClient(`http://127.0.0.1:${port}`, {
    forceNew: true,
    reconnection: false,
    ...opts,
  });
  closers.push(() => client.disconnect());
  return client;
}

/**
 * A client once a step of its engine is done, and the worker that serves it. Sticky's primary may see
 * the second request of a session before it hears whose the session is: then the client tries again.
 * It does so, too, where a server may lose a first message that comes along with the upgrade.
 * @param {{ port: number, losesMessages: boolean }} cluster
 * @param {string[]} transports
 */
async function openServed({ port, losesMessages }, transports) {
  const step = transports.length === 1 ? 'connect' : 'upgrade';
  for (let attempt = 0; attempt < 10; attempt++) {
    const client = openClient(port, { transports });
    const { engine } = client.io;
    const isDone = await Promise.race([
      eventOf(step === 'connect' ? client : engine, step).then(() => true),
      ...['upgradeError', 'close'].map((event) => eventOf(engine, event).then(() => false)),
      ...(losesMessages ? [delay(2000, false, { ref: false })] : []),
    ]);
    if (isDone) {
      const { pid, transport } = await client.emitWithAck('who', '');
      expect(transport).toBe(transports.at(-1));
      return { client, pid };
    }
    client.disconnect();
  }
  throw new Error('no client was served');
}

/**
 * A client that begins with polling and is upgraded.
 * @param {{ port: number, losesMessages: boolean }} cluster
 */
const openUpgraded = (cluster) => openServed(cluster, ['polling', 'websocket']);

test.each([
  ['socket.io', 'socket.io', true],
  ['beast.io', path.join(__dirname, '../../../lib'), false],
])(
  '%s: clients stay with their worker, and only its death ends them',
  async (_name, module, losesMessages) => {
    const { primary, port } = await startCluster(module);
    const cluster = { port, losesMessages };
    const upgraded = [];
    for (let i = 0; i < 4; i++) upgraded.push(await openUpgraded(cluster));
    const others = [
      await openServed(cluster, ['websocket']),
      await openServed(cluster, ['polling']),
    ];
    // Too large for one segment: @socket.io/sticky then passes the request on in pieces.
    const large = 'x'.repeat(300_000);
    for (const { client } of others) {
      expect((await client.emitWithAck('who', large)).data).toBe(large);
    }

    const all = [...upgraded, ...others];
    const pids = new Set(all.map(({ pid }) => pid));
    expect(pids.size).toBe(2);
    const [victim] = pids;
    const lost = all.filter(({ pid }) => pid === victim);
    const kept = all.filter(({ pid }) => pid !== victim);
    const gone = Promise.all(lost.map(({ client }) => eventOf(client, 'disconnect')));
    const exited = once(primary, 'message');
    primary.send({ kill: victim });
    await Promise.all([exited, gone]);
    for (const { client, pid } of kept) {
      expect((await client.emitWithAck('who', 'still')).pid).toBe(pid);
    }
    // New clients come to the worker that is left.
    const late = await openUpgraded(cluster);
    expect(late.pid).toBe(kept[0].pid);
    for (const { client } of [...kept, late]) {
      const ended = eventOf(client, 'disconnect');
      client.emit('bye');
      expect((await ended)[0]).toBe('io server disconnect');
    }
  },
);
