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
 * @typedef {object} Lists
 * @property {{ nsp: string, id: string, address: string, transport: string, waiting: number, rtt: number | null }[]} slow
 * @property {{ nsp: string, sockets: number, rooms: { name: string, size: number }[] }[]} namespaces the largest first
 * @property {{ at: number, milliseconds: number }} survey when it was complete, and how long its slices were together
 */

class Survey {
  /** What the last complete look has found. @type {Lists | undefined} */
  lists;
  #io;
  #own;
  #top;
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
   * @param {number} top how many are kept of each kind
   */
  constructor(io, own, top) {
    this.#io = io;
    this.#own = own;
    this.#top = top;
  }

  /**
   * Begins a look, or goes on with one that takes longer than an interval.
   * @param {number} interval in milliseconds
   */
  goOn(interval) {
    this.#budget = Math.max(interval * SHARE, SLICE_MS);
    this.#next ??= setImmediate(() => this.#slice());
  }

  /** Forgets what was found, and ends the look. */
  stop() {
    clearImmediate(this.#next);
    this.#next = undefined;
    this.#steps = undefined;
    this.lists = undefined;
  }

  #slice() {
    this.#next = undefined;
    if (this.#steps === undefined) {
      this.#steps = this.#look();
      this.#taken = 0;
    }
    const begin = performance.now();
    let taken;
    let found;
    do {
      for (let i = 0; i < STEPS && !found?.done; i += 1) found = this.#steps.next();
      taken = performance.now() - begin;
    } while (!found?.done && taken < SLICE_MS);
    this.#taken += taken;
    this.#budget -= taken;
    if (found?.done) {
      this.#steps = undefined;
      this.lists = { ...found.value, survey: { at: Date.now(), milliseconds: this.#taken } };
    } else if (this.#budget > 0) {
      this.#next = setImmediate(() => this.#slice());
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

/** @param {unknown} name of a room, which may be any value */
const short = (name) => String(name).slice(0, NAME_LENGTH);

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
    address: socket.handshake.address,
    transport: conn.transport.name,
    waiting,
    rtt,
  }));
}

module.exports = { Survey };
