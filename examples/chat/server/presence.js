/**
 * Tells rooms who is in them. Changes are gathered for a moment, so that a hundred people who
 * reconnect at once cause one list per room and not a hundred.
 */
'use strict';

const GATHER_MS = 40;

class Presence {
  #io;
  #rooms;
  /** @type {Set<string>} */
  #changed = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /**
   * @param {any} io the server
   * @param {import('./rooms').Rooms} rooms
   */
  constructor(io, rooms) {
    this.#io = io;
    this.#rooms = rooms;
  }

  /** @param {Iterable<string>} names of the rooms whose people changed */
  changed(names) {
    for (const name of names) this.#changed.add(name);
    this.#timer ??= setTimeout(() => this.#publish(), GATHER_MS);
  }

  #publish() {
    this.#timer = undefined;
    for (const name of this.#changed) {
      this.#io.to(name).emit('people', { room: name, people: this.#rooms.people(name) });
    }
    this.#changed.clear();
    this.#io.emit('directory', this.#rooms.directory());
  }

  close() {
    clearTimeout(this.#timer);
  }
}

module.exports = { Presence };
