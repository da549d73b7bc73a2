/**
 * The rules of the chat: what each event of a page does, and who hears of it.
 * Every request is answered through its acknowledgement: `{ ok: true, … }`, or `{ ok: false, code,
 * error }` with a sentence for the person. All state is in memory and bounded (see history.js).
 */
'use strict';

const crypto = require('node:crypto');
const checks = require('./checks');
const { History } = require('./history');
const { People } = require('./people');
const { Presence } = require('./presence');
const { RateLimiter } = require('./rate-limiter');
const { Rooms } = require('./rooms');

const { Refusal } = checks;

/** Roughly: twelve messages at once, then three every two seconds; an image counts as four. */
const LIMITS = { burst: 12, perSecond: 1.5 };
const IMAGE_COST = 4;

/**
 * @typedef {import('./people').Person} Person
 * @typedef {import('./history').Message} Message
 * @typedef {(socket: any, request: Record<string, unknown>) => object | void} Handler
 */

/**
 * @param {string} a
 * @param {string} b
 * @returns {string} the name of the conversation that only these two have
 */
const directOf = (a, b) => `direct:${[a, b].sort().join(':')}`;

/** @param {Person} person @returns {string} the Socket.IO room of this person's connections */
const doorOf = (person) => `person:${person.id}`;

/**
 * What goes over the wire is a copy: the recovery buffer may keep it longer than the history does.
 * @param {Message} message
 */
const copyOf = (message) =>
  message.image ? { ...message, image: { ...message.image } } : { ...message };

class Chat {
  #io;
  #history = new History();
  #rooms = new Rooms();
  #people;
  #presence;
  /** Ids of an earlier run of the server must never meet ours in a page that stayed open. */
  #run = crypto.randomBytes(4).toString('hex');
  #count = 0;

  /**
   * @param {any} io the server
   * @param {{ awayMs: number }} options
   */
  constructor(io, { awayMs }) {
    this.#io = io;
    this.#people = new People(awayMs, (person) => this.#forget(person));
    this.#presence = new Presence(io, this.#rooms);
    io.on('connection', (/** @type {any} */ socket) => this.#welcome(socket));
  }

  close() {
    this.#presence.close();
    this.#people.close();
  }

  /** @param {any} socket */
  #welcome(socket) {
    const limiter = new RateLimiter(LIMITS, Date.now());
    /**
     * @param {string} event
     * @param {number} cost
     * @param {Handler} handler
     */
    const answer = (event, cost, handler) => {
      socket.on(event, (/** @type {unknown} */ payload, /** @type {unknown} */ ack) => {
        const reply = typeof ack === 'function' ? ack : () => {};
        try {
          const request = checks.record(payload);
          const seconds = limiter.take(request.image ? IMAGE_COST : cost, Date.now());
          if (seconds > 0) throw new Refusal('slow-down', `A little slower: wait ${seconds} s.`);
          reply({ ok: true, ...handler(socket, request) });
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
          reply({ ok: false, code: error.code, error: error.message });
        }
      });
    };
    answer('hello', 1, (_, request) => this.#hello(socket, request));
    answer('rename', 1, (_, request) => this.#rename(socket, request));
    answer('join', 1, (_, request) => this.#join(socket, request));
    answer('leave', 1, (_, request) => this.#leave(socket, request));
    answer('message', 1, (_, request) => this.#message(socket, request));
    answer('image', 0.1, (_, request) => this.#image(socket, request));
    answer('typing', 0.1, (_, request) => this.#typing(socket, request));
    socket.on('disconnect', (/** @type {string} */ reason) => this.#gone(socket, reason));

    // A recovered connection carries its data: the person is back before the page says hello.
    const person = this.#people.get(socket.data.personId);
    if (socket.recovered && person) this.#attach(socket, person);
  }

  /**
   * @param {any} socket
   * @returns {Person}
   */
  #personOf(socket) {
    const person = this.#people.get(socket.data.personId);
    if (!person) throw new Refusal('hello', 'Choose a nickname first.');
    return person;
  }

  /**
   * @param {any} socket
   * @param {Person} person
   */
  #attach(socket, person) {
    socket.data.personId = person.id;
    this.#people.attach(person, socket.id);
    socket.join([doorOf(person), ...person.rooms]);
    this.#tell(person);
  }

  /**
   * The first words of every connection, new or recovered: who I am and which rooms I was in.
   * The answer brings the page up to date. After a recovery it has no messages: those that were
   * missed came with the connection itself.
   * @type {Handler}
   */
  #hello(socket, request) {
    const token = checks.token(request.token);
    const known = this.#people.get(socket.data.personId);
    if (known && known.token !== token) {
      throw new Refusal('hello', 'This connection belongs to someone else.');
    }
    const nick = checks.nick(request.nick);
    const wanted = checks.roomNames(request.rooms, Rooms.PER_PERSON);
    const person = this.#people.enter(token, nick);
    try {
      for (const name of wanted) this.#rooms.join(person, name);
    } catch (error) {
      // Nobody stays behind who was not welcomed.
      if (person.sockets.size === 0) this.#people.detach(person, socket.id, true);
      throw error;
    }
    this.#attach(socket, person);
    const rooms = [...person.rooms];
    return {
      me: person.author,
      token: person.token,
      rooms: socket.recovered
        ? rooms.map((name) => ({ name, people: this.#rooms.people(name), messages: [] }))
        : rooms.map((name) => this.#roomView(name)),
      directs: socket.recovered ? [] : this.#directsOf(person),
      directory: this.#rooms.directory(),
    };
  }

  /** @type {Handler} */
  #rename(socket, request) {
    const person = this.#personOf(socket);
    this.#people.rename(person, checks.nick(request.nick));
    this.#tell(person);
    return { me: person.author };
  }

  /** @type {Handler} */
  #join(socket, request) {
    const person = this.#personOf(socket);
    const name = checks.roomName(request.room);
    this.#rooms.join(person, name);
    this.#io.in(doorOf(person)).socketsJoin(name);
    this.#presence.changed([name]);
    return { room: this.#roomView(name) };
  }

  /** @type {Handler} */
  #leave(socket, request) {
    const person = this.#personOf(socket);
    const name = checks.roomName(request.room);
    this.#io.in(doorOf(person)).socketsLeave(name);
    this.#leaveRoom(person, name);
  }

  /** @type {Handler} */
  #message(socket, request) {
    const person = this.#personOf(socket);
    const nonce = checks.nonce(request.nonce);
    const before = person.alreadySent(nonce);
    if (before) return { id: before.id, at: before.at };

    const text = checks.text(request.text);
    const image = checks.image(request.image);
    if (text === '' && !image) throw new Refusal('text', 'There is nothing to send.');
    const { to, conversation, peer } = this.#addressOf(person, request.to);
    const id = `${this.#run}-${++this.#count}`;
    const message = { id, to, from: person.author, at: Date.now(), text, image };
    this.#history.add(conversation, message);
    person.rememberSent(nonce, message);
    // The sender's other tabs hear it too; this one has it already.
    const listeners = peer ? socket.to(doorOf(person)).to(doorOf(peer)) : socket.to(to);
    listeners.emit('message', copyOf(message));
    return { id, at: message.at };
  }

  /** @type {Handler} */
  #image(socket, request) {
    const { conversation } = this.#addressOf(this.#personOf(socket), request.to);
    const image = this.#history.image(conversation, String(request.id));
    if (!image) throw new Refusal('image', 'This image is no longer kept.');
    return { type: image.type, data: image.data };
  }

  /** @type {Handler} */
  #typing(socket, request) {
    const person = this.#personOf(socket);
    const { to, peer } = this.#addressOf(person, request.to);
    const notice = { to, from: person.author, on: request.on === true };
    socket.to(peer ? doorOf(peer) : to).volatile.emit('typing', notice);
  }

  /**
   * @param {Person} person
   * @param {unknown} to `#room` or `@person`
   * @returns {{ to: string, conversation: string, peer?: Person }}
   */
  #addressOf(person, to) {
    if (typeof to === 'string' && to.startsWith('@')) {
      const peer = this.#people.get(to.slice(1));
      if (!peer || peer === person) throw new Refusal('gone', 'This person has left the chat.');
      return { to, conversation: directOf(person.id, peer.id), peer };
    }
    const name = checks.roomName(to);
    if (!person.rooms.has(name)) throw new Refusal('room', `You are not in ${name}.`);
    return { to: name, conversation: name };
  }

  /** @param {string} name */
  #roomView(name) {
    return { name, people: this.#rooms.people(name), messages: this.#history.list(name) };
  }

  /** @param {Person} person */
  #directsOf(person) {
    return this.#history.peersOf(person.id).map((peerId) => {
      const messages = this.#history.list(directOf(person.id, peerId));
      const nick = messages.findLast(({ from }) => from.id === peerId)?.from.nick ?? 'Someone';
      const peer = this.#people.get(peerId)?.view ?? { id: peerId, nick, gone: true };
      return { peer, messages };
    });
  }

  /**
   * A person changed: their rooms hear it, and those they have a private conversation with.
   * @param {Person} person
   * @param {{ gone?: boolean }} [extra]
   */
  #tell(person, extra) {
    this.#presence.changed(person.rooms);
    for (const peerId of this.#history.peersOf(person.id)) {
      const peer = this.#people.get(peerId);
      if (peer) this.#io.to(doorOf(peer)).emit('person', { ...person.view, ...extra });
    }
  }

  /**
   * @param {any} socket
   * @param {string} reason
   */
  #gone(socket, reason) {
    const person = this.#people.get(socket.data.personId);
    if (!person) return;
    this.#people.detach(person, socket.id, reason === 'client namespace disconnect');
    this.#tell(person);
  }

  /** @param {Person} person */
  #forget(person) {
    this.#tell(person, { gone: true });
    for (const name of [...person.rooms]) this.#leaveRoom(person, name);
  }

  /**
   * @param {Person} person
   * @param {string} name
   */
  #leaveRoom(person, name) {
    if (this.#rooms.leave(person, name)) this.#history.drop(name);
    this.#presence.changed([name]);
  }
}

module.exports = { Chat };
