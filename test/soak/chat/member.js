/**
 * A member of the chat: an official client that says numbered messages, and repeats each until it is acknowledged.
 * What it hears is entered into the ledger.
 */
'use strict';

const { io: connectClient } = require('socket.io-client');
const { isWhole, payloadOf } = require('./payload');

/** It says nothing new while so many wait for their acknowledgement. */
const MOST_WAITING = 20;

/** One that was disconnected by the server comes back by itself after such a pause. */
const MOST_PAUSE_MS = 1000;

const CLIENT_OPTIONS = {
  forceNew: true,
  retries: Infinity,
  ackTimeout: 10_000,
  timeout: 10_000,
  reconnectionDelay: 100,
  reconnectionDelayMax: 1000,
};

/**
 * @typedef {object} Surroundings what all members share
 * @property {import('./ledger').Ledger} ledger
 * @property {import('../report/latency').Latency} latency
 * @property {import('./tally').Tally} tally
 * @property {number} windowMs how long one may be away and find its session
 * @property {number} rate messages a second of each
 *
 * @typedef {object} Way
 * @property {string} url
 * @property {object} trust
 * @property {string[]} transports
 */

class Member {
  /** By room, the last number that was said, and the last that was acknowledged. */
  #said = /** @type {Record<string, number>} */ ({});
  #acknowledged = /** @type {Record<string, number>} */ ({});
  #waiting = 0;
  #timer = setTimeout(() => {}, 0);
  #isIn = false;
  #mayBeNew = false;
  #lastSent = 0;
  #socket;

  /** Whether something is done to it on purpose. */
  isOccupied = false;

  /**
   * @param {string} name
   * @param {string} door
   * @param {string[]} rooms
   * @param {Way} way
   * @param {Surroundings} around
   * @param {import('../run/random').Random} random
   */
  constructor(name, door, rooms, { url, trust, transports }, around, random) {
    this.name = name;
    this.door = door;
    this.rooms = rooms;
    this.around = around;
    this.random = random;
    const auth = { name, rooms };
    this.#socket = connectClient(url, { ...CLIENT_OPTIONS, ...trust, transports, auth });
    this.#socket.on('connect', () => this.#connected());
    this.#socket.on('disconnect', (reason) => this.#disconnected(reason));
    this.#socket.on('welcome', (heads) => this.#welcomed(heads));
    this.#socket.on('heard', (...args) => this.#heard(...args));
  }

  get isThere() {
    return this.#isIn && this.#socket.connected;
  }

  /** How much of what it has said is not acknowledged yet. */
  get waiting() {
    return this.#waiting;
  }

  /** Says something now and then. */
  talk() {
    const pauseMs = (2 * this.random.next() * 1000) / this.around.rate;
    this.#timer = setTimeout(() => {
      this.talk();
      if (this.#waiting < MOST_WAITING) this.#say();
    }, pauseMs);
  }

  fallSilent() {
    clearTimeout(this.#timer);
  }

  leave() {
    this.fallSilent();
    this.around.ledger.close(this.name);
    this.#socket.off().disconnect();
  }

  /**
   * Ends its session on purpose, and begins a new one later. If its connection is dead, the server hears nothing of
   * the end, and the session goes on.
   * @param {number} ms
   */
  quit(ms) {
    this.#mayBeNew = true;
    this.#socket.disconnect();
    this.#backIn(ms);
  }

  /** Loses its connection, and comes back later. @param {number} ms */
  goAway(ms) {
    this.#socket.io.reconnection(false);
    this.#socket.io.engine.close();
    this.#backIn(ms);
  }

  /** Has the server end its session. @param {() => Promise<number>} kick how many sockets were ended */
  async isKickedBy(kick) {
    this.#mayBeNew = true;
    if ((await kick()) === 0) this.#mayBeNew = false;
  }

  /**
   * @param {Record<string, import('./ledger').Heads>} heads
   * @returns {number} of messages that were acknowledged and that the server does not know
   */
  forgotten(heads) {
    return this.rooms.reduce((sum, room) => {
      const head = heads[room]?.[this.name] ?? 0;
      return sum + Math.max(0, (this.#acknowledged[room] ?? 0) - head);
    }, 0);
  }

  /** @param {number} ms */
  #backIn(ms) {
    this.isOccupied = true;
    setTimeout(() => {
      this.isOccupied = false;
      this.#socket.io.reconnection(true);
      this.#socket.connect();
    }, ms);
  }

  #say() {
    const room = this.random.pick(this.rooms);
    const number = (this.#said[room] = (this.#said[room] ?? 0) + 1);
    const payload = payloadOf(this.name, number);
    this.#waiting++;
    this.#socket.emit('say', room, number, performance.now(), payload, () => {
      this.#waiting--;
      this.#acknowledged[room] = number;
    });
  }

  #connected() {
    const { tally, windowMs } = this.around;
    tally.connections++;
    const mayBeNew = this.#mayBeNew;
    this.#mayBeNew = false;
    if (this.#socket.recovered) {
      tally.recovered++;
    } else if (this.#isIn) {
      const awayMs = Date.now() - this.#lastSent;
      if (mayBeNew) this.#sessionEnded('on purpose');
      else if (awayMs > windowMs) this.#sessionEnded('too long away');
      else tally.unrecovered(`${this.name} was away for ${awayMs} ms and found no session`);
    }
  }

  /** @param {string} reason */
  #disconnected(reason) {
    this.around.tally.disconnected(reason);
    if (reason !== 'io server disconnect') return;
    this.#mayBeNew = true;
    this.#backIn(this.random.integer(50, MOST_PAUSE_MS));
  }

  /** @param {'on purpose' | 'too long away'} why */
  #sessionEnded(why) {
    this.around.tally.sessionsEnded[why]++;
    this.#isIn = false;
    this.around.ledger.close(this.name);
  }

  /** @param {Record<string, import('./ledger').Heads>} heads */
  #welcomed(heads) {
    for (const room of this.rooms) this.around.ledger.open(this.name, room, heads[room]);
    this.#isIn = true;
    this.#lastSent = Date.now();
  }

  /**
   * @param {string} room
   * @param {string} sender
   * @param {number} number
   * @param {unknown} payload
   * @param {{ said: number, sent: number }} times
   */
  #heard(room, sender, number, payload, { said, sent }) {
    const { ledger, latency, tally } = this.around;
    ledger.hear(this.name, room, sender, number);
    latency.add(performance.now() - said);
    this.#lastSent = sent;
    if (!isWhole(payload, sender, number)) tally.damaged++;
  }
}

module.exports = { Member };
