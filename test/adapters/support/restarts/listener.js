/**
 * An official client that keeps account of the numbered messages that it gets, and of its connections.
 */
'use strict';

const { io: connect } = require('socket.io-client');
const { eventOf, until } = require('../scenario');

class Listener {
  /** Numbers by publisher and target. @type {Map<string, Map<string, number[]>>} */
  received = new Map();
  /** Publishers that have stopped. @type {Set<string>} */
  ended = new Set();
  /** Of each connection, whether it went on with the session of the one before. @type {boolean[]} */
  connections = [];
  /** What came out of order. @type {string[]} */
  disorder = [];
  /** The count of the last message of each publisher. @type {Map<string, number>} */
  #last = new Map();

  /**
   * @param {string} url
   * @param {string} as
   * @param {string[]} rooms
   * @param {string} transport
   */
  constructor(url, as, rooms, transport) {
    this.as = as;
    this.rooms = rooms;
    this.client = connect(url, {
      auth: { as, rooms },
      query: { key: as },
      forceNew: true,
      transports: [transport],
      reconnectionDelay: 20,
      reconnectionDelayMax: 200,
    });
    this.client.on('connect', () => this.connections.push(this.client.recovered));
    this.client.on('message', this.#take.bind(this));
    this.client.on('end', (publisher) => this.ended.add(publisher));
    this.greeted = eventOf(this.client, 'hello');
  }

  /** @param {string} publisher @param {string} target @param {number} number @param {number} count */
  #take(publisher, target, number, count) {
    const last = this.#last.get(publisher) ?? -1;
    if (count <= last) this.disorder.push(`${publisher}: ${count} after ${last}`);
    this.#last.set(publisher, count);
    this.numbersOf(publisher, target).push(number);
  }

  /** @param {string} publisher @param {string} target */
  numbersOf(publisher, target) {
    const targets = this.received.get(publisher) ?? new Map();
    this.received.set(publisher, targets);
    if (!targets.has(target)) targets.set(target, []);
    return targets.get(target);
  }

  /** The targets that it hears. */
  get targets() {
    return ['all', ...this.rooms];
  }

  /** What its socket is now. */
  async who() {
    await until(async () => this.client.connected);
    return this.client.emitWithAck('who');
  }

  close() {
    this.client.disconnect();
  }
}

module.exports = { Listener };
