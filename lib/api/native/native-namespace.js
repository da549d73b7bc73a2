/**
 * The side of a namespace that handlers in C++ see (`nsp.native`). It tells the I/O threads of the sockets
 * and their rooms, by notes, and does what C++ tells or asks for. What notes and tellings say is in
 * native/include/beastio/host/guest.hpp.
 *
 * A socket is entered before its client is told that it is connected. Until the application's listeners have
 * seen it, the I/O thread holds its events. So no event comes before a listener, and none is lost.
 */
'use strict';

const { codedError } = require('../../errors/coded-error');
const { PacketType } = require('../../protocol');
const { defaultAdapter } = require('../../rooms');
const { takePassed } = require('../sockets/event-checks');
const { createAck } = require('../sockets/socket-acks');
const { doForMany } = require('./for-many');
const { SocketAttributes } = require('./socket-attributes');

/** @typedef {import('../namespaces/namespace').Namespace} Namespace */
/** @typedef {import('../sockets/socket').Socket} Socket */
/** @typedef {import('./admission').Admission} Admission */

/** How emits of C++ reach those whom they mean: `Guest::Way`. */
const WAY = Object.freeze({ ENGINE: 0, RECOVERY: 1, CLUSTER: 2, CLUSTER_AND_RECOVERY: 3 });

/** A `beastio_status`. */
const TAKEN = 14;

/**
 * What a client has sent along with its CONNECT packet. One that is too deep for JSON.stringify is nothing.
 * @param {any} auth
 * @returns {string} JSON
 */
function jsonOfAuth(auth) {
  try {
    return JSON.stringify(auth ?? {});
  } catch {
    return '{}';
  }
}

/** What the I/O thread knows of a socket. */
class Entry {
  /** Whether the application's listeners have seen it. */
  isActive = false;
  /** Whether its events go through the checks of JavaScript before C++ gets them. */
  isSuspended = false;
  /** How many changes of its rooms C++ has told. */
  seen = 0;

  /**
   * @param {NativeNamespace} side
   * @param {Socket} socket
   * @param {SocketAttributes} attributes
   */
  constructor(side, socket, attributes) {
    this.side = side;
    this.socket = socket;
    this.attributes = attributes;
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  noteAttribute(name, value) {
    this.side.note(this.socket, ['attribute', this.side.number, name, value ?? null]);
  }
}

class NativeNamespace {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** Of sockets that C++ has nothing against, until they are entered. @type {WeakMap<Socket, Admission>} */
  #admissions = new WeakMap();
  /** The socket and the room of the change that C++ has told, while it is made. */
  #changing = { id: '', room: '' };

  /**
   * @param {import('./native-server').NativeServer} server
   * @param {Namespace} nsp
   * @param {import('./native-server').Known} known
   */
  constructor(server, nsp, known) {
    this.server = server;
    this.nsp = nsp;
    /** By which notes and tellings name it. */
    this.number = known.number;
    this.registrations = known.registrations;
  }

  /** Begins to tell: the sockets that are there come first. */
  open() {
    this.followAdapter();
    for (const socket of this.nsp.sockets.values()) {
      this.enter(socket);
      this.activate(socket);
    }
  }

  // The application's.

  /**
   * Has handlers of an addon take an event. The event does not reach the listeners in JavaScript, unless
   * they pass it on.
   * @param {string} event
   * @param {object} handlers that an addon has made
   * @throws {Error} ERR_BEASTIO_TAKEN if the event has handlers in C++ already
   */
  on(event, handlers) {
    if (typeof event !== 'string' || event === '') {
      throw new TypeError('the name of an event is wanted');
    }
    const last = this.registrations.get(event);
    if (last !== undefined && last.nsp !== this.nsp) this.off(event); // of the one before it
    const registration = this.server.functions.add(this.nsp.name, event, handlers);
    if (typeof registration === 'number') {
      const { name } = this.nsp;
      throw registration === TAKEN
        ? codedError(
            'ERR_BEASTIO_TAKEN',
            `the event "${event}" of ${name} has a handler in C++ already`,
          )
        : codedError('ERR_BEASTIO_NATIVE', `the handlers are refused (status ${registration})`);
    }
    this.registrations.set(event, { nsp: this.nsp, registration });
    return this;
  }

  /**
   * Takes handlers that `on` has set away again. When it returns, none of them is called any more.
   * @param {string} event
   */
  off(event) {
    const registered = this.registrations.get(event);
    if (registered === undefined) return this;
    this.registrations.delete(event);
    this.server.functions.remove(registered.registration);
    return this;
  }

  /**
   * The attributes of a socket that JavaScript and C++ share.
   * @param {Socket} socket
   * @returns {SocketAttributes}
   */
  attributesOf(socket) {
    return (
      this.#entries.get(socket.id)?.attributes ??
      this.#admissions.get(socket)?.attributes ??
      new SocketAttributes()
    );
  }

  // What the namespace and its sockets tell.

  /** The namespace has an adapter, or another one. */
  followAdapter() {
    const { nsp, server } = this;
    const { adapter } = nsp;
    const { opts } = server.server;
    adapter.on('join-room', (/** @type {string} */ room, /** @type {string} */ id) =>
      this.#onRoom('join', room, id),
    );
    adapter.on('leave-room', (/** @type {string} */ room, /** @type {string} */ id) =>
      this.#onRoom('leave', room, id),
    );
    const isCluster = server.server.adapter() !== defaultAdapter(opts);
    const hasRecovery = Boolean(opts.connectionStateRecovery);
    const way = (hasRecovery ? WAY.RECOVERY : 0) + (isCluster ? WAY.CLUSTER : 0);
    server.functions.setWay(nsp.name, way);
  }

  /**
   * C++ has nothing against a socket: JavaScript decides now.
   * @param {Socket} socket
   * @param {Admission} admission
   */
  expect(socket, admission) {
    this.#admissions.set(socket, admission);
  }

  /**
   * A socket is about to be told that it is connected.
   * @param {Socket} socket
   */
  enter(socket) {
    if (socket.client.nativeSession?.server !== this.server.engine) return;
    const rooms = [...(this.nsp.adapter.socketRooms(socket.id) ?? [])];
    const others = rooms.filter((room) => room !== socket.id);
    const admission = this.#admissions.get(socket);
    const entry = new Entry(this, socket, admission?.attributes ?? new SocketAttributes());
    this.#entries.set(socket.id, entry);
    const { protocol } = socket.conn;
    const [id, joined] = [socket.id, others].map((field) => JSON.stringify(field));
    this.#send(socket, [
      `["enter",${this.number},${id},${protocol},${jsonOfAuth(socket._auth)},${joined},${admission?.number ?? 0}]`,
    ]);
    entry.attributes.share(entry);
  }

  /**
   * The application's listeners have seen a socket.
   * @param {Socket} socket
   */
  activate(socket) {
    const entry = this.#entries.get(socket.id);
    if (entry === undefined || entry.isActive) return;
    entry.isActive = true;
    entry.isSuspended ||= !socket.hasPlainEvents;
    this.note(socket, ['active', this.number, entry.isSuspended]);
  }

  /**
   * From now on the events of a socket pass JavaScript's checks before C++ gets them.
   * @param {Socket} socket
   */
  suspend(socket) {
    const entry = this.#entries.get(socket.id);
    if (entry === undefined || entry.isSuspended || !entry.isActive) return;
    entry.isSuspended = true;
    this.note(socket, ['suspend', this.number]);
    this.server.engine.commands.flush(); // events that come from now on are to be checked
  }

  /**
   * A socket is about to leave its rooms.
   * @param {Socket} socket
   * @param {string} reason
   */
  leave(socket, reason) {
    if (!this.#entries.delete(socket.id)) return;
    this.note(socket, ['exit', this.number, reason]);
  }

  /**
   * Whether an event that has passed the checks is for C++ first.
   * @param {Socket} socket
   */
  isSuspended(socket) {
    return this.#entries.get(socket.id)?.isSuspended === true;
  }

  /**
   * Whether a handler in C++ takes such an event.
   * @param {unknown} event
   */
  handles(event) {
    return typeof event === 'string' && this.server.functions.handles(this.nsp.name, event);
  }

  /**
   * Has C++ take an event that has passed the checks. It comes back if its handler is gone.
   * @param {Socket} socket
   * @param {any[]} data its name and its arguments
   * @param {number | null | undefined} id of the acknowledgement that the client wants
   * @throws {Error} if JSON cannot hold it
   */
  deliver(socket, data, id) {
    const packet = { type: PacketType.EVENT, nsp: '/', data };
    const [text, ...attachments] = this.nsp.server.encoder.encode(packet);
    const array = text.slice(text.indexOf('['));
    const note = `["deliver",${this.number},${id ?? null},${array}]`;
    this.#send(socket, [note, ...attachments]);
  }

  /**
   * @param {Socket} socket
   * @param {any[]} fields
   */
  note(socket, fields) {
    this.#send(socket, [JSON.stringify(fields)]);
  }

  /**
   * @param {Socket} socket
   * @param {(string | Buffer)[]} parts
   */
  #send(socket, parts) {
    const session = socket.client.nativeSession;
    if (session !== undefined) this.server.engine.commands.note(session, parts);
  }

  /**
   * @param {'join' | 'leave'} kind
   * @param {string} room
   * @param {string} id
   */
  #onRoom(kind, room, id) {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (this.#changing.id === id && this.#changing.room === room) return;
    this.note(entry.socket, [kind, this.number, entry.seen, room]);
  }

  // What C++ tells.

  /**
   * @param {string} kind
   * @param {any[]} fields
   */
  onTold(kind, fields) {
    if (!doForMany(this, kind, fields)) {
      const entry = this.#entries.get(fields[0]);
      if (entry !== undefined) this.#onSocket(kind, entry, fields[1], fields[2], fields[3]);
    }
  }

  /**
   * @param {string} kind
   * @param {Entry} entry
   * @param {any} first
   * @param {any} second
   * @param {any} third
   */
  #onSocket(kind, entry, first, second, third) {
    const { socket } = entry;
    switch (kind) {
      case 'joined':
      case 'left':
        entry.seen += 1;
        this.#change(kind, socket.id, first);
        break;
      case 'suspended':
        entry.isSuspended = true;
        break;
      case 'disconnect':
        socket.disconnect(first);
        break;
      case 'attribute':
        entry.attributes.onSet(first, second);
        break;
      case 'came': // before the listeners had seen the socket
        socket.receiveEvent(second, first);
        break;
      case 'passed':
        if (first !== null) second.push(createAck(socket, first));
        takePassed(socket, second, third);
    }
  }

  /**
   * @param {string} kind
   * @param {string} id
   * @param {string} room
   */
  #change(kind, id, room) {
    this.#changing = { id, room };
    try {
      if (kind === 'joined') this.nsp.adapter.addAll(id, new Set([room]));
      else this.nsp.adapter.del(id, room);
    } finally {
      this.#changing = { id: '', room: '' };
    }
  }
}

module.exports = { NativeNamespace, jsonOfAuth };
