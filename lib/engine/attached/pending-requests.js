/**
 * The requests that wait for an I/O thread, by id. Not a Map: while entries come and go, a Map moves to a new
 * table again and again. Each former table refers to the next one. Once one of them has reached V8's old
 * space, it keeps all that follow, with their requests, until the next full collection.
 * Bound: twice as many slots as there were ever requests at once.
 */
'use strict';

const LARGEST_ID = 0x7fffffff;
const FIRST_CAPACITY = 64;

/** @template {{ id: number }} Pending */
class PendingRequests {
  #lastId = 0;
  #count = 0;
  /** A request stands where the lowest bits of its id say. @type {(Pending | undefined)[]} */
  #slots = new Array(FIRST_CAPACITY).fill(undefined);

  /**
   * An id that no request has, whose slot is free. Ids come round.
   * @param {(id: number) => boolean} [isTaken] whether something has it that is no request any more
   */
  nextId(isTaken = () => false) {
    const mask = this.#slots.length - 1;
    do {
      this.#lastId = (this.#lastId % LARGEST_ID) + 1;
    } while (this.#slots[this.#lastId & mask] !== undefined || isTaken(this.#lastId));
    return this.#lastId;
  }

  /** @param {Pending} pending Order: follows the `nextId` that its id is from. */
  add(pending) {
    this.#slots[pending.id & (this.#slots.length - 1)] = pending;
    if (++this.#count > this.#slots.length / 2) this.#grow();
  }

  /** @param {number} id */
  get(id) {
    const pending = this.#slots[id & (this.#slots.length - 1)];
    return pending?.id === id ? pending : undefined;
  }

  /**
   * Takes a request out.
   * @param {number} id
   * @returns {Pending | undefined} undefined: it has been taken
   */
  take(id) {
    const pending = this.get(id);
    if (pending === undefined) return undefined;
    this.#slots[id & (this.#slots.length - 1)] = undefined;
    this.#count--;
    return pending;
  }

  /** Ids that differ in their lowest bits differ in one more of them, too. */
  #grow() {
    const grown = new Array(2 * this.#slots.length).fill(undefined);
    for (const pending of this.#slots) {
      if (pending !== undefined) grown[pending.id & (grown.length - 1)] = pending;
    }
    this.#slots = grown;
  }
}

module.exports = { PendingRequests };
