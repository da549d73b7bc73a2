/**
 * Looks at every client and every room, and keeps the slowest and the largest. It works in slices, between which
 * the event loop turns, and takes a small part of each interval. So a large server has older lists, not a slower loop.
 */
'use strict';

const { Ranking } = require('./ranking');

/** How long a slice holds the event loop up, and how many steps go between two looks at the clock. */
const SLICE_MS = 2;
const STEPS = 8;
/** Which part of an interval the slices may take together. */
const SHARE = 0.04;
/** Waiting bytes decide who is slower, then the round trip: a client has less than a million milliseconds. */
const MOST_MS = 1e6;
/** Longer names are told in part. */
const NAME_LENGTH = 100;

/**
 * @typedef {object} Failure
 * @property {true} hasLookFailed
 *
 * @typedef {object} Lists
 * @property {{ nsp: string, id: string, address: string, transport: string, waiting: number, rtt: number | null }[]} slow
 * @property {{ nsp: string, sockets: number, rooms: { name: string, size: number }[] }[]} namespaces the largest first
 * @property {{ at: number, milliseconds: number }} survey when it was complete, and how long its slices were together
 */

class Survey {
  /** What the last look has found. @type {Lists | Failure | undefined} */
  lists;
  #io;
  #own;
  #top;
  #onFailure;
  #now;
  /** @type {Generator<undefined, Omit<Lists, 'survey'>> | undefined} */
  #steps;
  /** What the present look has taken, and what it may take until the next call of `goOn`. */
  #taken = 0;
  #budget = 0;
  /** @type {NodeJS.Immediate | undefined} */
  #next;

  /**
   * @param {any} io
   * @param {any} own the namespace that is not looked at: that of the dashboard
   * @param {{ top: number, onFailure: (error: unknown) => void, now?: () => number }} options `top`: how many are kept
   *   of each kind; `onFailure`: called if a look has failed; `now`: a clock in milliseconds
   */
  constructor(io, own, { top, onFailure, now = () => performance.now() }) {
    this.#io = io;
    this.#own = own;
    this.#top = top;
    this.#onFailure = onFailure;
    this.#now = now;
  }

  /**
   * Begins a look, or goes on with one that takes longer than an interval.
   * @param {number} interval in milliseconds
   */
  goOn(interval) {
    this.#budget = Math.max(interval * SHARE, SLICE_MS);
    this.#next ??= setImmediate(() => this.#trySlice());
  }

  /** Forgets what was found, and ends the look. */
  stop() {
    clearImmediate(this.#next);
    this.#next = undefined;
    this.#steps = undefined;
    this.lists = undefined;
  }

  /** Adapters, rooms and sockets are the application's, and may be anything. None of them may end the process. */
  #trySlice() {
    this.#next = undefined;
    try {
      this.#slice();
    } catch (error) {
      this.#steps = undefined;
      this.lists = { hasLookFailed: true };
      this.#onFailure(error);
    }
  }

  #slice() {
    if (this.#steps === undefined) {
      this.#steps = this.#look();
      this.#taken = 0;
    }
    const begin = this.#now();
    let taken;
    let found;
    do {
      for (let i = 0; i < STEPS && !found?.done; i += 1) found = this.#steps.next();
      taken = this.#now() - begin;
    } while (!found?.done && taken < SLICE_MS);
    this.#taken += taken;
    this.#budget -= taken;
    if (found?.done) {
      this.#steps = undefined;
      this.lists = { ...found.value, survey: { at: Date.now(), milliseconds: this.#taken } };
    } else if (this.#budget > 0) {
      this.#next = setImmediate(() => this.#trySlice());
    }
  }

  /** A step for each client and each room. */
  *#look() {
    const slow = new Ranking(this.#top);
    const namespaces = new Ranking(this.#top);
    // To ask a client the first time means to wait for its I/O thread. So nobody is asked if nothing waits at all.
    const waits = this.#io.engine.stats().sendQueueBytes > 0;
    for (const nsp of this.#io._nsps.values()) {
      if (nsp === this.#own) continue;
      namespaces.offer(nsp.sockets.size, nsp, () => nsp);
      yield;
      for (const socket of nsp.sockets.values()) {
        offerClient(slow, socket, waits);
        yield;
      }
    }
    const found = [];
    for (const nsp of namespaces.items) {
      const { rooms, sids } = nsp.adapter;
      const largest = new Ranking(this.#top);
      for (const name of rooms.keys()) {
        yield;
        if (sids.has(name)) continue; // the room that a socket has for itself
        const size = rooms.get(name)?.size ?? 0;
        largest.offer(size, name, () => ({ name: short(name), size }));
      }
      found.push({ nsp: short(nsp.name), sockets: nsp.sockets.size, rooms: largest.items });
    }
    return { slow: slow.items, namespaces: found };
  }
}

/**
 * @param {unknown} name of a room, which may be any value. Clients may have chosen it, and one that is no text may
 *   throw when it is made to be one
 */
const short = (name) =>
  typeof name === 'string' ? name.slice(0, NAME_LENGTH) : `(${typeof name})`;

/**
 * @param {Ranking<any>} slow
 * @param {any} socket
 * @param {boolean} waits whether bytes wait for anybody
 */
function offerClient(slow, socket, waits) {
  const { conn } = socket;
  const waiting = waits ? (conn.bufferedAmount ?? 0) : 0;
  const rtt = conn.rtt ?? null;
  slow.offer(waiting + Math.min(rtt ?? 0, MOST_MS - 1) / MOST_MS, conn, () => ({
    nsp: short(socket.nsp.name),
    id: socket.id,
    address: socket.handshake.address ?? '', // unix sockets have none
    transport: conn.transport.name,
    waiting,
    rtt,
  }));
}

module.exports = { Survey };
