/**
 * Which rooms there are and who is in them. A few rooms are always there; the others are made by
 * joining and vanish with their last member. Bounds: 60 rooms, 12 per person.
 */
'use strict';

const { Refusal } = require('./checks');

const PERMANENT = ['#lobby', '#photos', '#random'];
const ROOMS = 60;

/** @typedef {import('./people').Person} Person */

class Rooms {
  static PER_PERSON = 12;

  /** @type {Map<string, Set<Person>>} */
  #members = new Map(PERMANENT.map((name) => [name, new Set()]));

  /**
   * @param {Person} person
   * @param {string} name
   */
  join(person, name) {
    if (person.rooms.has(name)) return;
    if (person.rooms.size >= Rooms.PER_PERSON) {
      throw new Refusal('room', `You are in ${Rooms.PER_PERSON} rooms already: leave one first.`);
    }
    if (!this.#members.has(name) && this.#members.size >= ROOMS) {
      throw new Refusal('room', 'There are enough rooms already: join one of them.');
    }
    const members = this.#members.get(name) ?? new Set();
    members.add(person);
    person.rooms.add(name);
    this.#members.set(name, members);
  }

  /**
   * @param {Person} person
   * @param {string} name
   * @returns {boolean} true when the room vanished with this person
   */
  leave(person, name) {
    person.rooms.delete(name);
    const members = this.#members.get(name);
    members?.delete(person);
    if (!members || members.size > 0 || PERMANENT.includes(name)) return false;
    return this.#members.delete(name);
  }

  /** @param {string} name */
  people(name) {
    const members = [...(this.#members.get(name) ?? [])];
    return members.map((person) => person.view).sort((a, b) => a.nick.localeCompare(b.nick));
  }

  /** @returns {{ name: string, people: number }[]} every room, for those who look for one */
  directory() {
    return [...this.#members].map(([name, members]) => ({ name, people: members.size }));
  }
}

module.exports = { Rooms };
