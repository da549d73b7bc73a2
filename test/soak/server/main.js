/**
 * The server of a soak: a process with a chat behind each door. The process that started it asks it by messages,
 * and so has it end threads that serve, and collect garbage.
 */
'use strict';

const { once } = require('node:events');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { Chat } = require('./chat');
const { listen } = require('./listen');
const { sabotageOf } = require('./sabotage');

/** @type {Map<number, Worker>} */
const workers = new Map();
let lastWorker = 0;

const OPTIONS = {
  ioThreads: 1,
  pingInterval: 4000,
  pingTimeout: 6000,
  connectTimeout: 5000,
  upgradeTimeout: 5000,
  allowEIO3: true,
  maxSendQueueBytes: 1 << 20,
  hardMaxSendQueueBytes: 8 << 20,
  sendTimeout: 2000,
};

/** @param {any} settings */
async function serve({ doors, identity, windowMs, sabotage, of }) {
  const connectionStateRecovery = { maxDisconnectionDuration: windowMs };
  const handle = sabotageOf(sabotage);
  /** @type {Map<string, { io: any, place: object, chat: Chat }>} */
  const served = new Map();
  for (const name of doors) {
    const { io, place } = await listen(
      { name, identity, of },
      { ...OPTIONS, connectionStateRecovery },
    );
    served.set(name, { io, place, chat: new Chat(io, handle) });
  }
  const all = () => [...served.values()];

  /** @type {Record<string, (value: any) => unknown>} */
  const does = {
    heads: () => Object.assign({}, ...all().map(({ chat }) => chat.heads)),
    counts: () => all().map(({ chat }) => chat.counts),
    clients: () => all().reduce((sum, { io }) => sum + io.engine.clientsCount, 0),
    kick: ({ door, name }) => served.get(door)?.chat.kick(name),
    async memory() {
      // Finalizers run between two collections.
      for (let i = 0; i < 3; i++) {
        /** @type {any} */ (globalThis).gc();
        await new Promise(setImmediate);
      }
      return process.memoryUsage();
    },
    async startWorker(door) {
      const worker = new Worker(path.join(__dirname, 'worker.js'), {
        workerData: { door: { name: door, identity, of }, options: OPTIONS },
      });
      const id = ++lastWorker;
      workers.set(id, worker);
      const [{ place }] = await once(worker, 'message');
      return { id, place };
    },
    async endWorker(id) {
      await workers.get(id)?.terminate();
      workers.delete(id);
    },
  };
  process.on('message', async (/** @type {any} */ { id, what, value }) => {
    try {
      process.send?.({ id, result: (await does[what](value)) ?? null });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
  process.send?.({ places: Object.fromEntries([...served].map(([name, it]) => [name, it.place])) });
}

// From the beginning: who started it may be gone before it serves.
process.on('disconnect', () => process.exit());
serve(JSON.parse(process.argv[2]));
