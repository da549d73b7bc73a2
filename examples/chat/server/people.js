/**
 * Who is here. A person is a secret token in one browser tab; the public id is its hash, so it stays the same
 * when the server restarts. A person whose last connection was lost is "away" and keeps nickname and rooms
 * for a while. One who leaves on purpose is gone after a moment.
 */
'use strict';

const crypto = require('node:crypto');
const { Refusal } = require('./checks');

/** A repeated message is recognised among a person's last ones. */
const NONCES = 64;

/** A page that is reloaded leaves on purpose, and is back within this time. */
const RELOAD_MS = 2_000;

/** @param {string} nick what two nicknames must not share */
const keyOf = (nick) => nick.toLowerCase();

class Person {
  /** @type {Set<string>} ids of the sockets that speak for this person */
  sockets = new Set();
  /** @type {Set<string>} names of the rooms, each with its # */
  rooms = new Set();
  /** @type {NodeJS.Timeout | undefined} */
  awayTimer;
  /** @type {Map<string, import('./history').Message>} */
  #sent = new Map();

  /**
   * @param {string} token
   * @param {string} nick
   */
  constructor(token, nick) {
    this.token = token;
    this.id = crypto.createHash('sha256').update(token).digest('hex').slice(0, 12);
    this.nick = nick;
  }

  get author() {
    return { id: this.id, nick: this.nick };
  }

  get view() {
    return { id: this.id, nick: this.nick, away: this.sockets.size === 0 };
  }

  /**
   * @param {string | undefined} nonce
   * @returns {import('./history').Message | undefined} what this nonce was sent as before
   */
  alreadySent(nonce) {
    return nonce === undefined ? undefined : this.#sent.get(nonce);
  }

  /**
   * @param {string | undefined} nonce
   * @param {import('./history').Message} message
   */
  rememberSent(nonce, message) {
    if (nonce === undefined) return;
    this.#sent.set(nonce, message);
    if (this.#sent.size > NONCES) {
      this.#sent.delete(/** @type {string} */ (this.#sent.keys().next().value));
    }
  }
}

class People {
  /** @type {Map<string, Person>} */
  #byId = new Map();
  /** @type {Map<string, Person>} */
  #byNick = new Map();

  /**
   * @param {number} awayMs how long a lost person stays known
   * @param {(person: Person) => void} onGone
   */
  constructor(awayMs, onGone) {
    this.awayMs = awayMs;
    this.onGone = onGone;
  }

  /** @param {string} id */
  get(id) {
    return this.#byId.get(id);
  }

  /**
   * A returning token finds its person; a new one becomes a person, if the nickname is free.
   * @param {string | undefined} token
   * @param {string} nick
   */
  enter(token, nick) {
    const fresh = new Person(token ?? crypto.randomBytes(16).toString('hex'), nick);
    const person = this.#byId.get(fresh.id) ?? fresh;
    this.rename(person, nick);
    this.#byId.set(person.id, person);
    return person;
  }

  /**
   * @param {Person} person
   * @param {string} nick
   */
  rename(person, nick) {
    const holder = this.#byNick.get(keyOf(nick));
    if (holder && holder !== person) {
      throw new Refusal('nick-taken', `Someone here is already called ${holder.nick}.`);
    }
    this.#byNick.delete(keyOf(person.nick));
    this.#byNick.set(keyOf(nick), person);
    person.nick = nick;
  }

  /**
   * @param {Person} person
   * @param {string} socketId
   */
  attach(person, socketId) {
    clearTimeout(person.awayTimer);
    person.sockets.add(socketId);
  }

  /**
   * @param {Person} person
   * @param {string} socketId
   * @param {boolean} onPurpose
   */
  detach(person, socketId, onPurpose) {
    person.sockets.delete(socketId);
    if (person.sockets.size > 0) return;
    const wait = onPurpose ? RELOAD_MS : this.awayMs;
    person.awayTimer = setTimeout(() => this.#remove(person), wait);
    person.awayTimer.unref();
  }

  /** @param {Person} person */
  #remove(person) {
    this.#byId.delete(person.id);
    this.#byNick.delete(keyOf(person.nick));
    this.onGone(person);
  }

  close() {
    for (const person of this.#byId.values()) clearTimeout(person.awayTimer);
  }
}

module.exports = { People, Person };
