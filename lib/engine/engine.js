/**
 * The engine as Node programs see it (`io.engine`), with the interface of engine.io's `Server`. Middlewares,
 * hooks and events are here. Sessions and sockets are on the I/O threads of the addon.
 */
'use strict';

const { randomBytes } = require('node:crypto');
const { explained } = require('../errors/coded-error');
const { AnswerReader } = require('./answers');
const { attach, computePath } = require('./attached/attach');
const { AttachedDoor } = require('./attached/attached-door');
const webtransport = require('./attached/webtransport');
const log = require('./base/log');
const { completeOptions } = require('./base/options');
const { Delivery } = require('./delivery');
const { HookFailure, createCors } = require('./http/guard');
const { queryOf } = require('./http/query');
const {
  ERRORS,
  ERROR_MESSAGES,
  middlewareContext,
  refuseRequest,
  refuseUpgrade,
} = require('./http/refusals');
const { UpgradeResponse } = require('./http/upgrade-response');
const { KeepAlive } = require('./keep-alive');
const { ObservedEngine } = require('./observed-engine');
const { OptionSync } = require('./option-sync');
const { isHooked } = require('./pipeline/overrides');
const { PollOrder } = require('./pipeline/poll-order');
const steps = require('./pipeline/request-pipeline');
const { Registry } = require('./registry');
const { postsOf, sinksOf } = require('./sinks');
const { Stats } = require('./stats');
const { loadAddon } = require('./wire/addon');
const { CommandWriter, flagsOf } = require('./wire/command-writer');
const { toMessageData } = require('./wire/message-data');
const { isNode } = require('./wire/platform');
const { RecordReader } = require('./wire/record-reader');

/** @typedef {import('./session/session').Socket} Socket */

class Engine extends ObservedEngine {
  static errors = ERRORS;
  static errorMessages = ERROR_MESSAGES;

  /** @type {((req: any, res: any, next: (err?: any) => void) => void)[]} */
  middlewares = [];
  clientsCount = 0;
  /** The HTTP server that `listen` has created. @type {import('node:http').Server | undefined} */
  httpServer = undefined;
  /** Whether `packetCreate` was ever listened to: broadcasts then show every recipient's packet. */
  observesPackets = false;
  /** Whether `headers` was ever listened to on a transport. */
  observesAnswers = false;
  /** Where the door keeps the sid of a handshake for its cookie. */
  sidOfRequest = Symbol('sid');

  /** Whether WebSockets are refused: since `close`, and until the HTTP server listens again. */
  isClosed = false;
  /** What hears of handlers in C++. @type {import('./wire/record-sinks').HandlersSink | undefined} */
  handlerSink = undefined;
  /** The own port, if there is one. @type {import('./port/port-server').PortServer | undefined} */
  port;

  /** @param {any} [opts] engine.io options; `engine.opts` is their completed copy, read live */
  constructor(opts = {}) {
    super();
    const addon = loadAddon();
    this.opts = completeOptions({ ...opts });
    if (this.opts.cors) this.use(createCors(this.opts.cors));
    this.door = new AttachedDoor(this);
    this.pollOrder = new PollOrder(this.clients);
    this.registry = new Registry(this);
    this.keepAlive = new KeepAlive(this);
    this.optionSync = new OptionSync(this);
    this.records = new RecordReader(sinksOf(this), postsOf(this), addon.raise);
    this.delivery = new Delivery(this, this.records);
    this.figures = new Stats(this);
    const answers = new AnswerReader(this, addon.raise);
    this.native = explained(
      () =>
        new addon.Engine(
          this.optionSync.forAddon(),
          (...batch) => this.delivery.receive(...batch),
          isNode(), // which has libuv
          (...batch) => answers.receive(...batch),
        ),
    );
    this.commands = new CommandWriter(this.native);
    this.init();
  }

  /**
   * Adds a middleware for every HTTP request and every upgrade.
   * @param {(req: any, res: any, next: (err?: any) => void) => void} middleware
   */
  use(middleware) {
    this.middlewares.push(middleware);
    if (this.port) this.optionSync.sync();
  }

  /**
   * The id of a new session. Applications may replace it, also by a function that returns a Promise. As long
   * as they do not, the I/O thread generates ids of the same form.
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
   * Replaces the keys and certificates of the own port. Connections that are open go on.
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
    const serve = () => this.#serve(req, res);
    if (this.middlewares.length === 0) serve();
    else this.pollOrder.serve(req, res, serve);
  }

  /**
   * @param {any} req
   * @param {any} res
   */
  #serve(req, res) {
    this._applyMiddlewares(req, res, (err) => {
      if (err === undefined) return void steps.serveRequest(this, req, res);
      const context = middlewareContext(err);
      this.figures.noteRefusal(ERRORS.BAD_REQUEST);
      this.emitConnectionError(req, ERRORS.BAD_REQUEST, context);
      refuseRequest(res, ERRORS.BAD_REQUEST, context);
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
        // Unless a middleware has answered.
        if (!res.headersSent) steps.serveUpgrade(this, req, socket, head, res);
      } else {
        const context = middlewareContext(err);
        this.figures.noteRefusal(ERRORS.BAD_REQUEST);
        this.emitConnectionError(req, ERRORS.BAD_REQUEST, context);
        if (!res.headersSent) refuseUpgrade(socket, ERRORS.BAD_REQUEST, context);
        else if (!res.writableEnded) socket.destroy();
      }
    });
  }

  /**
   * Serves a WebTransport session that an HTTP/3 server has accepted.
   * @param {import('./attached/webtransport').WebTransportSession} session
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
   * @param {import('./wire/command-writer').Audience} audience sessions of other engines are left out
   * @param {(string | Buffer)[]} messages that make up the packet
   * @param {any} [options] `compress`, `volatile`
   */
  broadcast(audience, messages, options) {
    this.commands.broadcast(audience, messages.map(toMessageData), flagsOf(options));
  }

  /** Closes all sessions, also those whose handshakes are under way. */
  close() {
    log.logEngine('closing all open clients');
    this.registry.noteClose();
    this.isClosed = true;
    if (this.port) this.optionSync.sync();
    for (const session of Object.values(this.clients)) session.close(true);
    this.figures.close();
    this.cleanup();
    return this;
  }

  /**
   * What the engine has counted so far, and how it is.
   * @returns {import('../../types/stats').EngineStats}
   */
  stats() {
    return this.figures.read();
  }

  // The steps of a request, in their order. Applications may replace each, here or in a derived class, and
  // call the one below: `@socket.io/cluster-engine` and others do. As long as they do not, the I/O thread
  // takes all of them from `verify` on. Underscored names are engine.io's.

  /** Makes ready to serve: when the engine is created, and whenever its HTTP server listens. */
  init() {
    this.isClosed = false;
    this.optionSync.setDraining(false);
  }

  /** After all sessions were closed: nothing stays behind that could be sent. */
  cleanup() {
    this.commands.flush();
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
   * Whether the application has replaced a method by another.
   * @param {'verify' | 'onWebSocket' | 'handshake' | 'createTransport' | 'generateId'} name
   */
  replaces(name) {
    return this[name] !== Engine.prototype[name];
  }

  /** @param {any} req */
  #begin(req) {
    this.prepare(req);
    if (!req._query.sid) this.registry.noteBegin(req);
  }

  // For the engine's other parts.

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
    if (this.port) this.optionSync.sync();
  }

  /** The own port has been opened. */
  onPortOpen() {
    this.registry.notePortOpen();
    this.optionSync.sync();
    this.keepAlive.update();
  }

  /**
   * A WebTransport stream begins.
   * @param {import('./attached/webtransport').StreamCarrier} carrier
   * @param {import('./attached/webtransport').Opening} opening
   */
  beginStream(carrier, opening) {
    const inPlaceOfRequest = { _query: { EIO: '4' }, socket: {} };
    this.registry.noteBegin(inPlaceOfRequest);
    this.door.webTransport(inPlaceOfRequest, carrier, opening);
  }

  /**
   * @param {any} req
   * @param {number} code
   * @param {any} context
   */
  emitConnectionError(req, code, context) {
    log.refusal(code, context);
    if (context?.isToldByLimit) return;
    if (context instanceof HookFailure && !this.listenerCount('connection_error')) context.warn();
    this.emit('connection_error', { req, code, message: ERROR_MESSAGES[code], context });
  }
}

module.exports = { Engine };
