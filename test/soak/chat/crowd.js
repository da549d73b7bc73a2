/** All members of a soak: spread over the doors, the rooms and the transports, each behind its door's network. */
'use strict';

const { Member } = require('./member');
const { Network } = require('./network');
const { OldListener } = require('./old-listener');

const ROOMS_PER_DOOR = 3;
const ROOMS_PER_MEMBER = 2;

/** One of so many has the client of version 2, and only listens. */
const OLD_EACH = 10;

const TRANSPORTS = [['websocket'], ['polling', 'websocket'], ['websocket'], ['polling']];

class Crowd {
  /** By door. @type {Map<string, Network>} */
  networks = new Map();
  /** @type {Member[]} */
  members = [];
  /** @type {OldListener[]} */
  listeners = [];

  /**
   * @param {Record<string, any>} places by door
   * @param {number} count
   * @param {import('./member').Surroundings} around
   * @param {import('../run/random').Random} random
   */
  static async enter(places, count, around, random) {
    const crowd = new Crowd();
    const doors = Object.keys(places);
    for (const door of doors) crowd.networks.set(door, await Network.before(places[door]));
    for (let i = 0; i < count; i++) {
      const door = doors[i % doors.length];
      const { ca } = places[door];
      const port = crowd.networks.get(door)?.port;
      const way = {
        url: `http${ca ? 's' : ''}://127.0.0.1:${port}`,
        trust: ca ? { ca } : {},
        transports: TRANSPORTS[Math.floor(i / doors.length) % TRANSPORTS.length],
      };
      const all = Array.from({ length: ROOMS_PER_DOOR }, (_, n) => `${door} ${n + 1}`);
      const rooms = random.shuffle(all).slice(0, ROOMS_PER_MEMBER);
      const own = random.fork();
      if (i % OLD_EACH === OLD_EACH - 1) {
        crowd.listeners.push(new OldListener(`old ${i}`, rooms, way, around));
      } else {
        crowd.members.push(new Member(`member ${i}`, door, rooms, way, around, own));
      }
    }
    return crowd;
  }

  get everybody() {
    return [...this.members, ...this.listeners];
  }

  get absent() {
    return this.everybody.filter(({ isThere }) => !isThere);
  }

  /** Messages that are not acknowledged yet. */
  get waiting() {
    return this.members.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** @param {import('../run/random').Random} random @returns {Member | undefined} who is there and at leisure */
  someone(random) {
    const free = this.members.filter(({ isThere, isOccupied }) => isThere && !isOccupied);
    return free.length > 0 ? random.pick(free) : undefined;
  }

  /** @param {import('../run/random').Random} random */
  someNetwork(random) {
    return random.pick([...this.networks.values()]);
  }

  talk() {
    for (const member of this.members) member.talk();
  }

  fallSilent() {
    for (const member of this.members) member.fallSilent();
  }

  leave() {
    for (const each of this.everybody) each.leave();
  }

  /** @param {Record<string, import('./ledger').Heads>} heads of all rooms, as the server knows them */
  forgotten(heads) {
    return this.members.reduce((sum, member) => sum + member.forgotten(heads), 0);
  }

  async close() {
    this.leave();
    await Promise.all([...this.networks.values()].map((network) => network.close()));
  }
}

module.exports = { Crowd };
