/**
 * Who has heard what. Senders number their messages in each room: 1, 2, 3 and so on. A receiver's *stay* in a
 * room begins with the last number of each sender by then, its *heads*. From there on it must hear each number
 * once, in order. Pure.
 */
'use strict';

/** @typedef {Record<string, number>} Heads the last number of each sender */

/** One sender, as one receiver hears it in one room. */
class Stream {
  /** Numbers below `last` that were not heard. @type {Set<number>} */
  missing = new Set();

  /** @param {number} last */
  constructor(last) {
    this.last = last;
  }
}

class Stay {
  /** By sender. @type {Map<string, Stream>} */
  streams = new Map();

  /** @param {Heads} heads */
  constructor(heads) {
    for (const [sender, last] of Object.entries(heads)) this.streams.set(sender, new Stream(last));
  }

  /** @param {string} sender */
  streamOf(sender) {
    let stream = this.streams.get(sender);
    if (!stream) this.streams.set(sender, (stream = new Stream(0)));
    return stream;
  }

  /** @param {Heads} heads @returns {number} of messages that are still to come */
  behind(heads) {
    let count = 0;
    for (const [sender, head] of Object.entries(heads)) {
      count += Math.max(0, head - this.streamOf(sender).last);
    }
    return count;
  }

  get gaps() {
    let count = 0;
    for (const { missing } of this.streams.values()) count += missing.size;
    return count;
  }
}

/** Faults beyond this many are counted, but not told one by one. */
const MOST_TOLD = 20;

class Ledger {
  heard = 0;
  lost = 0;
  doubled = 0;
  disordered = 0;
  /** Heard in a room where the receiver is not. */
  stray = 0;
  /** What went wrong, in words. @type {string[]} */
  faults = [];
  /** Stays by receiver and room. @type {Map<string, Map<string, Stay>>} */
  #stays = new Map();

  /**
   * A stay begins. One that was not closed before owes all up to the new heads.
   * @param {string} receiver
   * @param {string} room
   * @param {Heads} heads
   */
  open(receiver, room, heads) {
    this.#settle(receiver, room, heads);
    let rooms = this.#stays.get(receiver);
    if (!rooms) this.#stays.set(receiver, (rooms = new Map()));
    rooms.set(room, new Stay(heads));
  }

  /**
   * @param {string} receiver
   * @param {string} room
   * @param {string} sender
   * @param {number} number
   */
  hear(receiver, room, sender, number) {
    const stream = this.#stays.get(receiver)?.get(room)?.streamOf(sender);
    this.heard++;
    if (!stream) {
      this.stray++;
      this.#tell(`${receiver} is not in ${room} and heard ${number} of ${sender}`);
    } else if (number > stream.last) {
      for (let n = stream.last + 1; n < number; n++) stream.missing.add(n);
      stream.last = number;
    } else if (stream.missing.delete(number)) {
      this.disordered++;
      this.#tell(`${receiver} in ${room} heard ${number} of ${sender} after ${stream.last}`);
    } else {
      this.doubled++;
      this.#tell(`${receiver} in ${room} heard ${number} of ${sender} once more`);
    }
  }

  /**
   * The stays of a receiver have ended, and nothing is owed after what it has heard. Gaps before that are losses.
   * @param {string} receiver
   */
  close(receiver) {
    for (const room of this.#stays.get(receiver)?.keys() ?? []) this.#settle(receiver, room, {});
    this.#stays.delete(receiver);
  }

  /**
   * @param {Record<string, Heads>} heads by room
   * @returns {number} how many messages are still to come
   */
  behind(heads) {
    let count = 0;
    for (const rooms of this.#stays.values()) {
      for (const [room, stay] of rooms) count += stay.behind(heads[room] ?? {}) + stay.gaps;
    }
    return count;
  }

  /**
   * The end: what a stay has not heard up to these heads is lost.
   * @param {Record<string, Heads>} heads by room
   */
  settle(heads) {
    for (const [receiver, rooms] of this.#stays) {
      for (const room of rooms.keys()) this.#settle(receiver, room, heads[room] ?? {});
    }
    this.#stays.clear();
  }

  /**
   * @param {string} receiver
   * @param {string} room
   * @param {Heads} heads
   */
  #settle(receiver, room, heads) {
    const stay = this.#stays.get(receiver)?.get(room);
    if (!stay) return;
    for (const [sender, head] of Object.entries(heads)) {
      const stream = stay.streamOf(sender);
      for (let n = stream.last + 1; n <= head; n++) stream.missing.add(n);
    }
    for (const [sender, { missing }] of stay.streams) {
      if (missing.size === 0) continue;
      this.lost += missing.size;
      this.#tell(`${receiver} in ${room} lost of ${sender}: ${rangesOf([...missing])}`);
    }
  }

  /** @param {string} fault */
  #tell(fault) {
    if (this.faults.length < MOST_TOLD) this.faults.push(fault);
  }
}

/**
 * @param {number[]} numbers
 * @returns {string} such as `3–5, 9`
 */
function rangesOf(numbers) {
  /** @type {[number, number][]} */
  const ranges = [];
  for (const n of numbers.sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else ranges.push([n, n]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`)).join(', ');
}

module.exports = { Ledger };
