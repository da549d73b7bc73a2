/**
 * A member with the official client of version 2, which only listens. Its protocol has no recovery: each connection
 * is a session, in which nothing may be missing between what it hears.
 */
'use strict';

const connectOldClient = /** @type {any} */ (require('socket.io-client-2'));
const { isWhole } = require('./payload');

const CLIENT_OPTIONS = { forceNew: true, reconnectionDelay: 100, reconnectionDelayMax: 1000 };

class OldListener {
  #socket;
  #isIn = false;

  /**
   * @param {string} name
   * @param {string[]} rooms
   * @param {import('./member').Way} way
   * @param {import('./member').Surroundings} around
   */
  constructor(name, rooms, { url, trust, transports }, { ledger, tally }) {
    this.ledger = ledger;
    this.name = name;
    const query = { name, rooms: rooms.join(',') };
    this.#socket = connectOldClient(url, { ...CLIENT_OPTIONS, ...trust, transports, query });
    this.#socket.on('disconnect', (/** @type {string} */ reason) => {
      tally.disconnected(reason);
      this.#isIn = false;
      ledger.close(name);
    });
    this.#socket.on('welcome', (/** @type {any} */ heads) => {
      this.#isIn = true;
      for (const room of rooms) ledger.open(name, room, heads[room]);
    });
    this.#socket.on('heard', (/** @type {any[]} */ ...[room, sender, number, payload]) => {
      ledger.hear(name, room, sender, number);
      if (!isWhole(payload, sender, number)) tally.damaged++;
    });
  }

  get isThere() {
    return this.#isIn && this.#socket.connected;
  }

  leave() {
    this.ledger.close(this.name);
    this.#socket.off();
    this.#socket.disconnect();
  }
}

module.exports = { OldListener };
