/**
 * The Socket.IO server: its options, its namespaces, and the engine that brings it connections. As an
 * event emitter, and for every method that emits, it stands for its main namespace, `/`.
 *
 * Objects that applications hold have plain fields, not #private ones: applications may wrap them in a
 * Proxy. A leading underscore marks what only adapters and admin tools read.
 */
'use strict';

const createDebug = require('debug');
const { createEngine, createHttpServer } = require('../../engine');
const { createCors } = require('../../engine/http/guard');
const { PacketEncoder, defaultParser } = require('../../protocol');
const { defaultAdapter } = require('../../rooms');
const { EventEmitter, emitLocally } = require('../base/emitter');
const { defineReplaceable } = require('../base/replaceable');
const { Client } = require('../clients/client');
const { NativeServer } = require('../native/native-server');
const { attachBundles } = require('./client-bundle');
const { delegateToMainNamespace } = require('./delegates');
const { drain, endDraining } = require('./drain');
const { askParents, createParent, namespaceOf } = require('./namespace-lookup');
const {
  DEFAULT_CONNECT_TIMEOUT,
  checkRequestListener,
  completeOptions,
  isAddress,
  readAttachTarget,
  splitArguments,
} = require('./options');
const { attachToUws, serveBundlesFromUws } = require('./uws');

const debug = createDebug('socket.io:server');

/** @typedef {import('../sockets/socket').Socket} Socket */
/** @typedef {import('../namespaces/namespace').Namespace} Namespace */
/** @typedef {import('../namespaces/parent-namespace').ParentNamespace} ParentNamespace */
/** @typedef {import('../broadcasts/broadcast-operator').BroadcastOperator} BroadcastOperator */
/** @typedef {import('./namespace-lookup').NameMatcher} NameMatcher */

/**
 * Completes the options of one `attach()` in place; they become those of its engine.
 * @param {Server} server
 * @param {any} opts
 */
function mergeOptions(server, opts) {
  Object.assign(opts, server.opts);
  opts.path = opts.path || server.path();
}

class Server extends EventEmitter {
  /** All namespaces but the parents, by name; read by admin tools. */
  _nsps = /** @type {Map<string, Namespace>} */ (new Map());

  /** Dynamic namespaces: the function that decides on a name, and the parent of what it lets in. */
  parentNsps = /** @type {Map<NameMatcher, ParentNamespace>} */ (new Map());

  /** The dynamic namespaces whose names a regular expression decides. */
  parentNamespacesFromRegExp = /** @type {Map<RegExp, ParentNamespace>} */ (new Map());

  /** The engine: set by `attach()`, `listen()` and `bind()`. @type {any} */
  engine;

  /** The HTTP server that was attached to. @type {any} */
  httpServer;

  /** Handlers in C++ beside those here, once somebody has asked for them. @type {NativeServer | undefined} */
  nativeServer;

  /**
   * @param {any} [srvOrOpts] an HTTP server, a port, or the options
   * @param {any} [options]
   */
  constructor(srvOrOpts, options = {}) {
    super();
    /** @type {string} */
    this._path = '/socket.io';
    const { srv, opts } = splitArguments(srvOrOpts, options, arguments[1] !== undefined);
    completeOptions(opts);
    this.opts = opts;
    if (opts.path) this.path(opts.path);
    this.connectTimeout(opts.connectTimeout || DEFAULT_CONNECT_TIMEOUT);
    this.serveClient(opts.serveClient !== false);

    /** The parser in use: `{ Encoder, Decoder }`; read by adapters. */
    this._parser = opts.parser || defaultParser;
    /**
     * Whether packets may bypass `_parser`. The faster ways know the default format only, and write no
     * log of `socket.io-parser`.
     */
    this.usesDefaultParser =
      this._parser === defaultParser && !createDebug.enabled('socket.io-parser');
    this.encoder = this.usesDefaultParser ? new PacketEncoder() : new this._parser.Encoder();

    this.adapter(opts.adapter || defaultAdapter(opts));
    /** The main namespace. */
    this.sockets = this.of('/');
    if (opts.cors) this._corsMiddleware = createCors(opts.cors);
    if (srv || typeof srv === 'number') this.attach(srv);
  }

  /** The engine, under the name that old programs read. */
  get eio() {
    return this.engine;
  }

  /**
   * Handlers in C++ beside those in JavaScript.
   * @throws {Error} ERR_BEASTIO_UNSUPPORTED where there can be none
   */
  openNative() {
    return (this.nativeServer ??= new NativeServer(this));
  }

  /** The options, under the name that adapters read. */
  get _opts() {
    return this.opts;
  }

  /**
   * Gets or sets whether the browser client is served.
   * @param {boolean} [value]
   * @returns {any}
   */
  serveClient(value) {
    if (arguments.length === 0) return this._serveClient;
    this._serveClient = value;
    return this;
  }

  /**
   * Gets or sets the path below which the engine answers.
   * @param {string} [value]
   * @returns {any}
   */
  path(value) {
    if (value === undefined) return this._path;
    this._path = value.replace(/\/$/, '');
    return this;
  }

  /**
   * Gets or sets the time, in milliseconds, that a client has for joining a namespace.
   * @param {number} [value]
   * @returns {any}
   */
  connectTimeout(value) {
    if (value === undefined) return this._connectTimeout;
    this._connectTimeout = value;
    return this;
  }

  /**
   * Gets the adapter class, or sets it and gives every namespace an adapter of the new class.
   * @param {any} [value]
   * @returns {any}
   */
  adapter(value) {
    if (arguments.length === 0) return this._adapter;
    this._adapter = value;
    for (const nsp of this._nsps.values()) nsp._initAdapter();
    return this;
  }

  /**
   * Attaches to an HTTP server, or listens on a port.
   * @param {any} srv
   * @param {any} [opts]
   */
  listen(srv, opts = {}) {
    return this.attach(srv, opts);
  }

  /**
   * Attaches to an HTTP server, or listens on a port.
   * @param {any} srv
   * @param {any} [opts] further options; those given to the constructor prevail
   */
  attach(srv, opts = {}) {
    const target = readAttachTarget(srv);
    mergeOptions(this, opts);
    debug('creating engine.io instance with opts %j', opts);
    const isOwnPort = typeof target === 'number' || isAddress(target);
    checkRequestListener(opts.requestListener, isOwnPort);
    const engine = createEngine(opts); // refuses bad options before anything listens
    let httpServer = target;
    if (isOwnPort) {
      debug('creating http server and binding to %d', isAddress(target) ? target.port : target);
      httpServer = createHttpServer(engine, opts, opts.requestListener ?? answerNotFound);
      httpServer.listen(target);
    }
    engine.attach(httpServer, opts);
    if (this._serveClient) {
      debug('attaching client serving req handler');
      attachBundles(httpServer, () => this._path, this._corsMiddleware);
    }
    this.httpServer = httpServer;
    return this.bind(engine);
  }

  /**
   * Attaches to a µWebSockets.js application.
   * @param {any} app
   * @param {any} [opts]
   */
  attachApp(app, opts = {}) {
    mergeOptions(this, opts);
    this.bind(attachToUws(app, opts));
    if (this._serveClient) serveBundlesFromUws(app, this._path);
  }

  /**
   * Takes the connections of an engine.
   * @param {any} engine anything with `connection` events and `close()`
   */
  bind(engine) {
    this.nativeServer?.checkEngine(engine);
    this.engine = engine;
    engine.figures?.servers?.set(this, () => figuresOf(this));
    engine.on('connection', (/** @type {any} */ conn) => {
      debug('incoming connection with id %s', conn.id);
      const client = new Client(this, conn);
      // Clients of the third protocol revision do not ask for the main namespace: they are in it.
      if (conn.protocol === 3) client.connect('/');
    });
    return this;
  }

  /**
   * The namespace of a name, created on first use; or, given a pattern or a function, the parent of
   * all namespaces whose names it accepts.
   * @param {string | RegExp | NameMatcher} name
   * @param {(socket: Socket) => void} [onConnect]
   * @returns {Namespace}
   */
  of(name, onConnect) {
    const nsp =
      typeof name === 'function' || name instanceof RegExp
        ? createParent(this, name)
        : namespaceOf(this, String(name));
    if (onConnect) nsp.on('connect', onConnect);
    return nsp;
  }

  /**
   * Tells the listeners of `new_namespace`.
   * @param {Namespace} nsp
   */
  announceNamespace(nsp) {
    emitLocally.call(this.sockets, 'new_namespace', nsp);
  }

  /**
   * Creates a namespace that does not exist yet, if a dynamic namespace accepts its name.
   * @param {string} name
   * @param {object} auth
   * @param {(nsp: Namespace | false) => void} done
   */
  _checkNamespace(name, auth, done) {
    askParents(this, name, auth, done);
  }

  /**
   * Disconnects every socket, then closes the adapters, the engine and the HTTP server. With `drain` the
   * clients are sent away one after the other, within so many milliseconds. A second call ends that at once.
   * Errors: rejects if `drain` cannot be used; the HTTP server's error is given to the callback.
   * @param {((err?: Error) => void) | { drain?: number }} [callback] or the options
   * @param {(err?: Error) => void} [next] the callback, behind options
   * @returns {Promise<void>}
   */
  async close(callback, next = undefined) {
    if (typeof callback === 'object' && callback !== null) {
      await drain(this, callback.drain);
      await this.close(next);
      return;
    }
    endDraining(this);
    this.nativeServer?.shutDown();
    await Promise.allSettled(
      [...this._nsps.values()].map(async (nsp) => {
        for (const socket of nsp.sockets.values()) socket._onclose('server shutting down');
        await nsp.adapter.close();
      }),
    );
    this.engine?.close();
    const { httpServer } = this;
    if (!httpServer) {
      callback?.();
      return;
    }
    await new Promise((/** @type {(value?: any) => void} */ resolve) => {
      httpServer.close((/** @type {Error | undefined} */ err) => {
        if (err) debug('server was not running');
        callback?.(err);
        resolve();
      });
    });
  }

  /**
   * Adds a middleware for the sockets of the main namespace.
   * @param {import('../base/middleware').Middleware<Socket>} middleware
   */
  use(middleware) {
    this.sockets.use(middleware);
    return this;
  }

  /**
   * Sends a `message` event to every socket of the main namespace.
   * @param {...any} args
   */
  send(...args) {
    this.sockets.emit('message', ...args);
    return this;
  }

  /**
   * Sends a `message` event to every socket of the main namespace.
   * @param {...any} args
   */
  write(...args) {
    return this.send(...args);
  }

  /** @returns {BroadcastOperator} */
  get volatile() {
    return this.sockets.volatile;
  }

  /** @returns {BroadcastOperator} */
  get local() {
    return this.sockets.local;
  }
}

/**
 * What `engine.stats()` tells of a server.
 * @param {Server} server
 */
function figuresOf({ _nsps }) {
  const figures = { sockets: 0, namespaces: _nsps.size, rooms: 0 };
  for (const { sockets, adapter } of _nsps.values()) {
    figures.sockets += sockets.size;
    figures.rooms += adapter.rooms?.size ?? 0;
  }
  return figures;
}

/** @type {import('node:http').RequestListener} */
function answerNotFound(_req, res) {
  res.writeHead(404).end();
}

delegateToMainNamespace(Server);

/** What addons take that handle events in C++: see docs/mixed.md. Throws as `openNative`. */
defineReplaceable(Server.prototype, 'native', function () {
  return this.openNative().handle;
});

module.exports = { Server };
