/**
 * The chat of the server: rooms whose members say numbered messages. It also does what troublemakers ask for: it
 * blocks, and sends too much to those who do not read.
 */
'use strict';

/** @typedef {import('../chat/ledger').Heads} Heads */

const MOST_BLOCKED_MS = 2000;
const MOST_FLOOD = 100;
const FLOOD_BYTES = 100_000;

/** Blocks this thread as a busy handler does, but leaves the processor to others. @param {number} ms */
function block(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(ms, MOST_BLOCKED_MS));
}

class Chat {
  /** Of each room. @type {Record<string, Heads>} */
  heads = {};
  counts = { said: 0, again: 0, skipped: 0, recovered: 0, sessions: 0 };
  #io;
  #handle;

  /**
   * @param {any} io
   * @param {import('./sabotage').Handling} handle what each broadcast goes through
   */
  constructor(io, handle) {
    this.#io = io;
    this.#handle = handle;
    io.on('connection', (/** @type {any} */ socket) => this.#welcome(socket));
  }

  /**
   * Disconnects a member.
   * @param {string} name
   * @returns {number} how many sockets it had
   */
  kick(name) {
    const sockets = [...this.#io.sockets.sockets.values()].filter(({ data }) => data.name === name);
    for (const socket of sockets) socket.disconnect(true);
    return sockets.length;
  }

  /** @param {any} socket */
  #welcome(socket) {
    socket.on('block', block);
    socket.on('flood', (/** @type {unknown} */ count) => this.#flood(socket, Number(count)));
    // Clients of protocol 3 have no `auth`.
    const { name, rooms } = socket.handshake.auth.name
      ? socket.handshake.auth
      : socket.handshake.query;
    if (!name || !rooms) return; // some stranger
    socket.on('say', (/** @type {any[]} */ ...args) => this.#say(socket, args));
    if (socket.recovered) {
      this.counts.recovered++;
      return;
    }
    this.counts.sessions++;
    socket.data.name = name;
    const list = Array.isArray(rooms) ? rooms : String(rooms).split(',');
    socket.join(list);
    socket.emit('welcome', Object.fromEntries(list.map((room) => [room, this.heads[room] ?? {}])));
  }

  /**
   * Clients repeat a message until it is acknowledged: only the first time counts.
   * @param {any} socket
   * @param {any[]} args
   */
  #say(socket, [room, number, at, payload, done]) {
    const { name } = socket.data;
    const heads = (this.heads[room] ??= {});
    const last = heads[name] ?? 0;
    if (number > last) {
      heads[name] = number;
      this.counts.said++;
      if (number > last + 1) this.counts.skipped += number - last - 1;
      this.#handle(() => {
        const packet = [room, name, number, payload, { said: at, sent: Date.now() }];
        this.#io.to(room).emit('heard', ...packet);
      });
    } else {
      this.counts.again++;
    }
    done();
  }

  /**
   * @param {any} socket
   * @param {number} count
   */
  #flood(socket, count) {
    const packet = Buffer.alloc(FLOOD_BYTES, 120);
    for (let i = 0; i < Math.min(count, MOST_FLOOD); i++) socket.emit('flood', packet);
  }
}

module.exports = { Chat };
