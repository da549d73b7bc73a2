/**
 * Handlers in C++ beside those in JavaScript, for one server: `io.native`, which addons take, and what they
 * tell. There is none before somebody asks for it, and nothing costs anything until then.
 */
'use strict';

const { EventEmitter } = require('node:events');
const { codedError, explained } = require('../../errors/coded-error');
const { failureOf, reportFailure } = require('./failures');
const { attach } = require('./attachments');
const { Admission } = require('./admission');
const { answerForNobody } = require('./for-many');
const { NativeNamespace, jsonOfAuth } = require('./native-namespace');

/** @typedef {import('../clients/client').Client} Client */
/** @typedef {import('../server/server').Server} Server */
/** @typedef {import('../namespaces/namespace').Namespace} Namespace */
/** @typedef {import('../../engine/engine').Engine} Engine */

/** How many milliseconds a client has for an acknowledgement that C++ asks for, unless an option says so. */
const ACK_TIMEOUT = 10_000;

/**
 * @param {Server} server
 * @returns {Engine} the engine, if handlers in C++ can stand beside its server
 * @throws {Error} ERR_BEASTIO_UNSUPPORTED
 */
function nativeEngineOf(server) {
  const refuse = (/** @type {string} */ why) => {
    throw codedError('ERR_BEASTIO_UNSUPPORTED', `beast.io: no handlers in C++ ${why}`);
  };
  const { engine } = server;
  if (!engine) refuse('before the server is attached to an HTTP server or listens');
  if (typeof engine.native?.openHandlers !== 'function') refuse('with another engine');
  if (!server.usesDefaultParser) refuse('with a parser of the application, or while it logs');
  return engine;
}

/**
 * @typedef {object} Known What stays of a namespace by its name: the next one of that name has it.
 * @property {number} number
 * @property {Map<string, { nsp: Namespace, registration: object }>} registrations by event
 */

class NativeServer {
  /** Of those that handlers in C++ were asked for, by number. @type {Map<number, NativeNamespace>} */
  #namespaces = new Map();
  /** @type {Map<string, Known>} */
  #known = new Map();
  /** Names of namespaces that C++ serves alone. @type {Set<string>} */
  #served = new Set();
  /** Attachments of the next telling. @type {Buffer[]} */
  #attachments = [];

  /**
   * @param {Server} server
   * @throws {Error} ERR_BEASTIO_UNSUPPORTED where there can be no handlers in C++
   */
  constructor(server) {
    this.server = server;
    this.engine = nativeEngineOf(server);
    const { commands, native } = this.engine;
    this.engine.handlerSink = this;
    this.functions = native.openHandlers(
      () => commands.flush(),
      server.opts.ackTimeout ?? ACK_TIMEOUT,
      (name) => void this.of(server.of(name)),
      (name) => this.#leave(name),
    );
    /** What addons take, and what emits their errors. */
    this.handle = this.functions.native;
    if (!(this.handle instanceof EventEmitter)) {
      Object.setPrototypeOf(this.handle, EventEmitter.prototype);
      EventEmitter.call(this.handle);
    }
  }

  /**
   * A server with handlers in C++ keeps its engine.
   * @param {any} engine that it is bound to
   * @throws {Error} ERR_BEASTIO_UNSUPPORTED
   */
  checkEngine(engine) {
    if (engine !== this.engine) {
      const text = 'beast.io: a server with handlers in C++ has one engine';
      throw codedError('ERR_BEASTIO_UNSUPPORTED', text);
    }
  }

  /**
   * The side of a namespace that C++ sees.
   * @param {Namespace} nsp
   * @returns {NativeNamespace}
   * @throws {Error} ERR_BEASTIO_NATIVE if there are 65,536 already
   */
  of(nsp) {
    if (nsp.nativeSide === undefined) {
      const known = this.#known.get(nsp.name) ?? {
        number: this.#numberOf(nsp.name),
        registrations: new Map(),
      };
      this.#known.set(nsp.name, known);
      nsp.nativeSide = new NativeNamespace(this, nsp, known);
      this.#namespaces.set(known.number, nsp.nativeSide);
      nsp.nativeSide.open();
    }
    return nsp.nativeSide;
  }

  /**
   * @param {string} name
   * @throws {Error} ERR_BEASTIO_NATIVE if there are 65,536 already
   */
  #numberOf(name) {
    return explained(() => this.functions.namespaceNumber(name));
  }

  /**
   * C++ wants to serve a namespace alone.
   * @param {string} name
   * @returns {boolean} whether it may: JavaScript does not have it, and never will
   */
  #leave(name) {
    if (this.server._nsps.has(name)) return false;
    this.#numberOf(name); // throws if there are too many
    this.#served.add(name);
    return true;
  }

  /**
   * Whether C++ serves a namespace alone.
   * @param {string} name
   */
  serves(name) {
    return this.#served.has(name);
  }

  /**
   * JavaScript is about to make a namespace.
   * @param {string} name
   * @throws {Error} ERR_BEASTIO_TAKEN if C++ serves it alone
   */
  checkName(name) {
    if (this.serves(name)) {
      const text = `beast.io: the namespace ${name} is served in C++ alone`;
      throw codedError('ERR_BEASTIO_TAKEN', text);
    }
  }

  /**
   * Whether C++ says who may enter a namespace: alone, or before JavaScript does.
   * @param {string} name
   */
  isAskedFirst(name) {
    return this.serves(name) || (this.#known.has(name) && this.functions.guards(name));
  }

  /**
   * Has C++ say whether a client may enter. The I/O thread does so by itself, unless the client came
   * before it was to do so, or is in "/" without having asked.
   * @param {Client} client
   * @param {string} name
   * @param {any} auth
   */
  askFor(client, name, auth) {
    const { id, protocol } = client.conn;
    const number = this.#numberOf(name);
    const given = jsonOfAuth(auth);
    this.#note(client, `["admit",${number},${JSON.stringify(id)},${protocol},${given}]`);
  }

  /**
   * C++ has nothing against a client: JavaScript decides now.
   * @param {any[]} fields
   */
  #onConnect([place, name, number, auth, attributes]) {
    const session = this.engine.registry.session(place);
    if (session === undefined) return;
    const refuse = () =>
      this.engine.commands.note(session, [`["refused",${this.#numberOf(name)},${number}]`]);
    session.admit(name, auth, new Admission(number, attributes, refuse));
  }

  /**
   * A client has entered no namespace of JavaScript's in time: it ends, unless it is in one of C++'s.
   * @param {Client} client
   * @returns {boolean} whether C++ sees to it
   */
  endIfNowhere(client) {
    if (this.#served.size === 0 || client.nativeSession?.server !== this.engine) return false;
    this.#note(client, '["nowhere"]');
    return true;
  }

  /** The server shuts down: the sockets of namespaces that C++ serves alone leave. */
  shutDown() {
    if (this.#served.size !== 0) this.functions.closeServed();
  }

  /**
   * @param {Client} client
   * @param {string} json
   */
  #note({ nativeSession }, json) {
    if (nativeSession) this.engine.commands.note(nativeSession, [json]);
  }

  /**
   * A namespace has been made: it may follow one of its name that handlers in C++ were asked for.
   * @param {Namespace} nsp
   */
  adopt(nsp) {
    if (this.#known.has(nsp.name)) this.of(nsp);
  }

  /**
   * A namespace is no more.
   * @param {Namespace} nsp
   */
  forget(nsp) {
    if (nsp.nativeSide !== undefined) this.#namespaces.delete(nsp.nativeSide.number);
  }

  /**
   * Takes an attachment of the next telling.
   * @param {Buffer} bytes
   */
  onBytes(bytes) {
    this.#attachments.push(bytes);
  }

  /**
   * Takes what C++ has done or asks for.
   * @param {string} json
   */
  onTold(json) {
    const attachments = this.#attachments;
    if (attachments.length !== 0) this.#attachments = [];
    const telling = JSON.parse(json);
    attach(telling, attachments);
    const [kind, ...fields] = telling;
    if (kind === 'error') this.#onError(fields);
    else if (kind === 'connect') this.#onConnect(fields);
    else if (kind === 'end') this.engine.registry.session(fields[0])?.endSockets();
    else this.#onTold(this.#namespaces.get(fields[0]), kind, fields.slice(1));
  }

  /**
   * @param {NativeNamespace | undefined} side
   * @param {string} kind
   * @param {any[]} fields
   */
  #onTold(side, kind, fields) {
    if (side === undefined) answerForNobody(this, kind, fields);
    else side.onTold(kind, fields);
  }

  /** @param {any[]} fields */
  #onError([code, what, number, id, event]) {
    const socket = this.#namespaces.get(number)?.nsp.sockets.get(id);
    reportFailure(this.handle, failureOf(code, what, event, socket));
  }
}

module.exports = { NativeServer };
