/**
 * The engine as Node programs see it (`io.engine`), with the interface of engine.io's `Server`:
 * middlewares, hooks and events here, sessions and sockets on the I/O threads of the addon.
 */
'use strict';

const { EventEmitter } = require('node:events');
const { randomBytes } = require('node:crypto');
const { loadAddon } = require('./addon');
const { attach, computePath } = require('./attach');
const { Door } = require('./door');
const { isHooked } = require('./hooks');
const { Inbox } = require('./inbox');
const log = require('./log');
const {
  completeOptions,
  deflateOptions,
  isTold,
  nativeOptions,
  readyForAddon,
  validate,
} = require('./options');
const { Outbox, flagsOf } = require('./outbox');
const { toPart } = require('./part');
const { isNode } = require('./platform');
const { queryOf } = require('./query');
const { SLOT_BITS } = require('./records');
const { ERRORS, ERROR_MESSAGES, refuseRequest, refuseUpgrade } = require('./refusals');
const steps = require('./steps');
const { Socket } = require('./socket');
const { TRANSPORT_NAMES, transportError } = require('./transport');
const { UpgradeResponse } = require('./upgrade-response');
const webtransport = require('./webtransport');

const SLOT_MASK = (1 << SLOT_BITS) - 1;

class Engine extends EventEmitter {
  static errors = ERRORS;
  static errorMessages = ERROR_MESSAGES;

  /** @type {((req: any, res: any, next: (err?: any) => void) => void)[]} */
  middlewares = [];
  clientsCount = 0;
  /** The HTTP server that `listen` has created. @type {import('node:http').Server | undefined} */
  httpServer = undefined;
  /** Sessions by sid. @type {Record<string, Socket>} */
  clients = Object.create(null);
  /** Whether `packetCreate` was ever listened to: broadcasts then show every recipient's packet. */
  observesPackets = false;
  /** Whether `flush` or `drain` was ever listened to here. */
  observesWrites = false;
  /** Whether `headers` was ever listened to on a transport. */
  observesAnswers = false;
  /** Where the door keeps the sid of a handshake for its cookie. */
  sidOfRequest = Symbol('sid');

  /** Whether WebSockets are refused: since `close`, and until the HTTP server listens again. */
  isClosed = false;
  /** Its own port, if it has one. @type {import('./port-server').PortServer | undefined} */
  port;

  /** Sessions by I/O thread and slot. @type {(Socket | undefined)[][]} */
  #sessions;
  /** Counts the calls of `close`; a handshake that began before the last one must not end. */
  #closeCount = 0;
  #kBegun = Symbol('close count at the beginning');
  #closeCountOfPort = 0;
  /** What the addon was last told of the options. */
  #nativeOptions;
  /** Fixed at the start, as is `ws`'s: connections share the I/O threads' zlib streams. */
  #perMessageDeflate;
  #isHeld = false;
  #isReferenced = false;

  /** @param {any} [opts] engine.io options; `engine.opts` is their completed copy, read live */
  constructor(opts = {}) {
    super();
    const addon = loadAddon();
    this.opts = completeOptions({ ...opts });
    if (this.opts.cors) this.use(require('cors')(this.opts.cors));
    this.door = new Door(this);
    const inbox = new Inbox(this, addon.raise);
    this.#nativeOptions = nativeOptions(this.opts);
    this.#perMessageDeflate = deflateOptions(this.opts.perMessageDeflate);
    this.#sessions = Array.from({ length: this.opts.ioThreads }, () => []);
    /** The addon's engine. @type {any} */
    this.native = new addon.Engine(
      { ...readyForAddon(this.#nativeOptions), perMessageDeflate: this.#perMessageDeflate },
      (/** @type {Parameters<Inbox['receive']>} */ ...batch) => {
        this.outbox.held = true;
        inbox.receive(...batch);
        this.outbox.held = false;
        this.outbox.flush();
      },
      isNode(), // which has libuv
    );
    this.outbox = new Outbox(this.native);
    this.init();
  }

  // The application's side.

  /** @param {string | symbol} event @param {(...args: any[]) => void} listener */
  on(event, listener) {
    if (event === 'flush' || event === 'drain') this.observesWrites = true;
    return super.on(event, listener);
  }

  /** @param {string | symbol} event @param {(...args: any[]) => void} listener */
  addListener(event, listener) {
    return this.on(event, listener);
  }

  /** @param {string | symbol} event @param {(...args: any[]) => void} listener */
  prependListener(event, listener) {
    if (event === 'flush' || event === 'drain') this.observesWrites = true;
    return super.prependListener(event, listener);
  }

  /**
   * Adds a middleware for every HTTP request and every upgrade.
   * @param {(req: any, res: any, next: (err?: any) => void) => void} middleware
   */
  use(middleware) {
    this.middlewares.push(middleware);
    if (this.port) this.syncOptions();
  }

  /**
   * The id of a new session. Applications may replace it, also by a function that returns a Promise;
   * as long as they do not, the I/O thread generates ids of the same form.
   * @param {any} _req the request of the handshake
   * @returns {string | Promise<string>}
   */
  generateId(_req) {
    return randomBytes(15).toString('base64url');
  }

  /**
   * The transports that a session can be upgraded to.
   * @param {string} transport
   * @returns {string[]}
   */
  upgrades(transport) {
    return this.opts.allowUpgrades && transport === 'polling' ? ['websocket', 'webtransport'] : [];
  }

  /**
   * Serves the requests and upgrades of an HTTP server below `opts.path`.
   * @param {import('node:http').Server} server
   * @param {any} [opts] `path`, `addTrailingSlash`, `destroyUpgrade`, `destroyUpgradeTimeout`
   */
  attach(server, opts = {}) {
    attach(this, server, opts);
  }

  /**
   * Replaces the keys and certificates of its own port; connections that are open go on.
   * @param {any} options those of the option `tls`
   * @throws {TypeError | RangeError | Error} naming the option that cannot be used
   */
  setSecureContext(options) {
    if (!this.port) throw new Error('the engine has no port of its own');
    this.port.setSecureContext(options);
  }

  /**
   * Serves one HTTP request.
   * @param {any} req
   * @param {any} res
   */
  handleRequest(req, res) {
    log.logEngine('handling "%s" http request "%s"', req.method, req.url);
    this.#begin(req);
    req.res = res;
    this._applyMiddlewares(req, res, (err) => {
      if (err === undefined) {
        steps.serveRequest(this, req, res);
        return;
      }
      this.emitConnectionError(req, ERRORS.BAD_REQUEST, { name: 'MIDDLEWARE_FAILURE' });
      refuseRequest(res, ERRORS.BAD_REQUEST);
    });
  }

  /**
   * Serves one upgrade.
   * @param {any} req
   * @param {import('node:stream').Duplex} socket
   * @param {Buffer} head
   */
  handleUpgrade(req, socket, head) {
    this.#begin(req);
    // The client may go away while middlewares and hooks think.
    socket.on('error', (err) => log.logEngine('an upgrade failed: %s', err.message));
    const res = new UpgradeResponse(req, socket);
    this._applyMiddlewares(req, res, (err) => {
      if (err === undefined) {
        steps.serveUpgrade(this, req, socket, head, res);
      } else {
        this.emitConnectionError(req, ERRORS.BAD_REQUEST, { name: 'MIDDLEWARE_FAILURE' });
        refuseUpgrade(socket, ERROR_MESSAGES[ERRORS.BAD_REQUEST]);
      }
    });
  }

  /**
   * Serves a WebTransport session that an HTTP/3 server has accepted.
   * @param {import('./webtransport').WebTransportSession} session
   */
  async onWebTransportSession(session) {
    if (this.middlewares.length === 0) {
      await webtransport.serve(this, session);
      return;
    }
    log.logEngine('closing session since WebTransport is not compatible with middlewares');
    session.close();
  }

  /**
   * Sends one packet to many.
   * @param {import('./outbox').Audience} audience sessions of other engines are left out
   * @param {(string | Buffer)[]} messages that make up the packet
   * @param {any} [options] `compress`, `volatile`
   */
  broadcast(audience, messages, options) {
    this.outbox.broadcast(audience, messages.map(toPart), flagsOf(options));
  }

  /** Closes all sessions, also those whose handshakes are under way. */
  close() {
    log.logEngine('closing all open clients');
    this.#closeCount++;
    this.isClosed = true;
    if (this.port) this.syncOptions();
    for (const session of Object.values(this.clients)) session.close(true);
    this.cleanup();
    return this;
  }

  // The steps of a request, in their order. Applications may replace each, here or in a class of
  // their own, and call the one below: `@socket.io/cluster-engine` and others do. As long as they do
  // not, the I/O thread takes all of them from `verify` on. Underscored names are engine.io's.

  /** Makes ready to serve: when the engine is created, and whenever its HTTP server listens. */
  init() {
    this.isClosed = false;
    this.syncOptions();
  }

  /** After all sessions were closed: nothing stays behind that could be sent. */
  cleanup() {
    this.outbox.flush();
    if (this.port) this.native.closeConnections(true);
  }

  /**
   * The path below which requests are the engine's.
   * @param {{ path?: string, addTrailingSlash?: boolean }} options
   * @returns {string}
   */
  _computePath(options) {
    return computePath(options);
  }

  /**
   * Parses the query, unless somebody has done it.
   * @param {any} req
   */
  prepare(req) {
    req._query ??= queryOf(req.url);
  }

  /**
   * @param {any} req
   * @param {any} res
   * @param {(err?: any) => void} callback
   */
  _applyMiddlewares(req, res, callback) {
    steps.applyMiddlewares(this.middlewares, req, res, callback);
  }

  /**
   * Whether a request may pass: asks the I/O thread, and `allowRequest` about a new session.
   * @param {any} req
   * @param {boolean} upgrade
   * @param {(code?: number, context?: any) => void} fn called with an error code, or without
   */
  verify(req, upgrade, fn) {
    steps.verify(this, req, upgrade, fn);
  }

  /**
   * An upgrade was verified; its 101 is not written yet.
   * @param {any} req
   * @param {import('node:stream').Duplex} socket
   * @param {any} _websocket what stands for the object of `ws`
   */
  onWebSocket(req, socket, _websocket) {
    steps.onWebSocket(this, req, socket);
  }

  /**
   * Opens a session.
   * @param {string} transportName
   * @param {any} req
   * @param {(code: number, context?: any) => void} closeConnection
   * @returns {Promise<any>} its transport, or undefined if it was refused
   */
  handshake(transportName, req, closeConnection) {
    return steps.handshake(this, transportName, req, closeConnection);
  }

  /**
   * The transport of a new session, or one that a session may be upgraded to.
   * @param {string} transportName
   * @param {any} req
   */
  createTransport(transportName, req) {
    return steps.createTransport(transportName, req);
  }

  /**
   * Whether the application has put a method of its own in place of one.
   * @param {'verify' | 'onWebSocket' | 'handshake' | 'createTransport' | 'generateId'} name
   */
  replaces(name) {
    return this[name] !== Engine.prototype[name];
  }

  /** @param {any} req */
  #begin(req) {
    this.prepare(req);
    if (!req._query.sid) req[this.#kBegun] = this.#closeCount;
  }

  // The side of the door and the inbox.

  /**
   * The session of a place that the addon names; it names only places that are open.
   * @param {number} place
   * @returns {Socket}
   */
  session(place) {
    return /** @type {Socket} */ (this.#sessions[place >> SLOT_BITS][place & SLOT_MASK]);
  }

  /**
   * @param {{ place: number, generation: number, request: number, transport: number,
   *   protocol: number, sid: string, own: import('./handshake-request').OwnText | undefined }} opened
   */
  onOpen(opened) {
    const { req, transport, onOpen } = this.door.takeOpening(opened.request);
    const name = TRANSPORT_NAMES[opened.transport];
    const source = opened.own ?? this.door.upgrades.sourceOf(opened.request, req);
    const request = source || name === 'webtransport' ? null : req;
    const session = new Socket(this, opened, name, request, source, transport);
    this.#sessions[opened.place >> SLOT_BITS][opened.place & SLOT_MASK] = session;
    if (req) req[this.sidOfRequest] = session.id;
    this.door.upgrades.carry(opened.request, session);
    this.clients[session.id] = session;
    this.clientsCount++;
    this.updateRef();
    log.watch(session);
    // Nothing tells when a log is turned on; this session has come by without JavaScript's having a say.
    if (opened.own && log.tellsRequests()) this.syncOptions();
    if (this.#isTooLate(req)) {
      session.close(true);
      return;
    }
    // Listeners of `initial_headers` and `headers` come first.
    this.door.whenAnswered(opened.request, () => {
      steps.announce(this, session);
      onOpen?.(session.transport);
    });
  }

  /**
   * Whether the engine was closed while a handshake was under way.
   * @param {any} req none: it came by the own port
   */
  #isTooLate(req) {
    if (req) return req[this.#kBegun] !== this.#closeCount;
    return !this.port?.listening && this.#closeCount !== this.#closeCountOfPort;
  }

  /**
   * Whether requests must come past JavaScript.
   * @param {string | symbol} [coming] the event that is about to be listened to
   */
  isHooked(coming) {
    return isHooked(this, Engine.prototype, coming);
  }

  /** A transport's listener wants to see the answers of polls: they come past JavaScript now. */
  observeAnswers() {
    this.observesAnswers = true;
    if (this.port) this.syncOptions();
  }

  /** Its own port has been opened. */
  onPortOpen() {
    this.#closeCountOfPort = this.#closeCount;
    this.syncOptions();
    this.updateRef();
  }

  /**
   * @param {number} place
   * @param {string} reason
   * @param {string} description
   */
  onClose(place, reason, description) {
    const session = this.session(place);
    this.#sessions[place >> SLOT_BITS][place & SLOT_MASK] = undefined;
    session.onLastPacket(reason, description);
    session.onClose(reason, description === '' ? undefined : transportError(description));
  }

  /**
   * A WebTransport stream begins.
   * @param {import('./webtransport').StreamCarrier} carrier
   * @param {import('./webtransport').Opening} opening
   */
  beginStream(carrier, opening) {
    const inPlaceOfRequest = {
      _query: { EIO: '4' },
      socket: {},
      [this.#kBegun]: this.#closeCount,
    };
    this.door.webTransport(inPlaceOfRequest, carrier, opening);
  }

  /**
   * A session is closed.
   * @param {Socket} session
   */
  forget(session) {
    if (this.clients[session.id] !== session) return;
    delete this.clients[session.id];
    this.clientsCount--;
    this.updateRef();
  }

  /**
   * @param {any} req
   * @param {number} code
   * @param {any} context
   */
  emitConnectionError(req, code, context) {
    log.refusal(code, context);
    const message = ERROR_MESSAGES[code];
    this.emit('connection_error', { req, code, message, context });
  }

  /**
   * Tells the addon when an option has been changed.
   * @throws {TypeError | RangeError} if it cannot be used
   */
  syncOptions() {
    if (!this.port && isTold(this.opts, this.#nativeOptions)) return;
    const next = nativeOptions(this.opts, this.port?.nativeOptions());
    const told = /** @type {any} */ (this.#nativeOptions);
    if (Object.entries(next).every(([name, value]) => told[name] === value)) return;
    validate(this.opts);
    this.#nativeOptions = next;
    this.outbox.flush(); // the requests that came before the change
    this.native.setOptions({
      ...readyForAddon(next),
      perMessageDeflate: this.#perMessageDeflate,
    });
  }

  /**
   * Sessions and their connections keep the event loop running, as sockets of Node's do. They, and a
   * port that is open, keep an engine that the application has forgotten; others are collected.
   */
  updateRef() {
    const isServing = this.clientsCount + this.door.upgrades.liveConnections > 0;
    const isHeld = isServing || Boolean(this.port?.isOpen);
    if (isHeld !== this.#isHeld) {
      this.#isHeld = isHeld;
      if (isHeld) this.native.hold();
      else this.native.letGo();
    }
    const isNeeded = isServing || Boolean(this.port?.isNeeded);
    if (isNeeded !== this.#isReferenced) {
      this.#isReferenced = isNeeded;
      if (isNeeded) this.native.ref();
      else this.native.unref();
    }
  }
}

module.exports = { Engine };
