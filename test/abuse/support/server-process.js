/**
 * A server in a separate process, behind any door. So its memory can be measured, and the clients of a test
 * do not share its thread. A test runs functions in it by their source text.
 */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const {
  addressOf,
  certificate,
  createNodeServer,
  doorOf,
  ownPortOptions,
  placeOf,
} = require('../../support/servers/doors');

/**
 * @typedef {object} ServerProcess
 * @property {any} place where it is reached: see `Place` of doors.js
 * @property {<T>(program: (io: any, data: any) => T, data?: unknown) => Promise<Awaited<T>>} run calls a
 *   function there; it sees nothing of its surroundings
 * @property {() => number} residentBytes
 * @property {() => void} stop
 */

/**
 * @param {string} doorName
 * @param {object} [opts] of the server
 * @returns {Promise<ServerProcess>}
 */
async function startServerProcess(doorName, opts = {}) {
  const child = fork(__filename, [doorName, JSON.stringify(opts)], {
    execArgv: ['--expose-gc'], // garbage is no memory that the engine keeps
  });
  const [{ place }] = await once(child, 'message');
  /** @type {Map<number, (answer: any) => void>} */
  const waiting = new Map();
  let lastId = 0;
  child.on('message', (/** @type {any} */ answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  return {
    place,
    run: async (program, data) => {
      const id = ++lastId;
      const answered = new Promise((resolve) => waiting.set(id, resolve));
      child.send({ id, program: String(program), data });
      const { result, error } = await answered;
      if (error) throw new Error(error);
      return result;
    },
    residentBytes: () => {
      const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** The process: its sockets answer `echo` and join rooms, and it counts the reasons of their ends. */
async function serve() {
  const { Server } = require('../../../lib');
  const door = doorOf(process.argv[2]);
  const opts = JSON.parse(process.argv[3]);
  let httpServer;
  let io;
  if (door.isOwnPort) {
    io = new Server(opts);
    io.listen(addressOf(door), ownPortOptions(door));
    httpServer = io.httpServer;
  } else {
    httpServer = createNodeServer(door, {}, (_req, res) => void res.writeHead(404).end());
    io = new Server(httpServer.listen(addressOf(door)), opts);
  }
  await once(httpServer, 'listening');
  /** @type {Record<string, number>} */
  const ends = {};
  io.on('connection', (/** @type {any} */ socket) => {
    socket.on('echo', (/** @type {any} */ value, /** @type {any} */ answer) => {
      socket.data.isWitness = true;
      answer(value);
    });
    socket.on('join', (/** @type {any} */ room, /** @type {any} */ answer) => {
      socket.join(room);
      answer?.();
    });
    socket.conn.on('close', (/** @type {string} */ reason, /** @type {any} */ description) => {
      const why = description?.message ?? description;
      const end = why ? `${reason}: ${why}` : reason;
      ends[end] = (ends[end] ?? 0) + 1;
    });
  });
  Object.assign(io, { ends });
  process.on('message', async (/** @type {any} */ { id, program, data }) => {
    try {
      const result = await eval(`(${program})`)(io, data);
      process.send?.({ id, result });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
  const place = placeOf(door, httpServer);
  process.send?.({ place: door.hasTls ? { ...place, ca: certificate().ca } : place });
}

if (require.main === module) serve();

module.exports = { startServerProcess };
