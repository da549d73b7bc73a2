/**
 * The Socket.IO server: its options, its namespaces, and the engine that brings it connections.
 * As an event emitter and for every emitting method it stands for its main namespace, `/`.
 * Fields are plain, not #private, on the objects that applications hold: they may be wrapped in a
 * Proxy. A leading underscore marks what only adapters and admin tools read.
 */
'use strict';

const cors = require('cors');
const createDebug = require('debug');
const { createEngine, createHttpServer } = require('../engine');
const { PacketEncoder, defaultParser } = require('../protocol');
const { defaultAdapter } = require('../rooms');
const { Client } = require('./client');
const { attachBundles } = require('./client-bundle');
const { EventEmitter, emitLocally } = require('./emitter');
const { Namespace } = require('./namespace');
const {
  checkRequestListener,
  completeOptions,
  isAddress,
  readAttachTarget,
  splitArguments,
} = require('./options');
const { ParentNamespace } = require('./parent-namespace');
const { attachToUws, serveBundlesFromUws } = require('./uws');

const debug = createDebug('socket.io:server');

/** @typedef {import('./socket').Socket} Socket */
/** @typedef {import('./broadcast-operator').BroadcastOperator} BroadcastOperator */
/** @typedef {(err: Error | null, allow: boolean) => void} NameVerdict */
/** @typedef {(name: string, auth: object, next: NameVerdict) => void} NameMatcher */

/**
 * Completes the options of one attachment, which become those of its engine.
 * @param {Server} server
 * @param {any} opts
 */
function mergeOptions(server, opts) {
  Object.assign(opts, server.opts);
  opts.path = opts.path || server.path();
}

/**
 * Creates the parent of the namespaces whose names a pattern or a function accepts.
 * @param {Server} server
 * @param {RegExp | NameMatcher} matcher
 */
function createParent(server, matcher) {
  if (matcher instanceof RegExp && (matcher.global || matcher.sticky)) {
    throw new Error('stateful regular expressions are not supported');
  }
  const parent = new ParentNamespace(server);
  debug('initializing parent namespace %s', parent.name);
  if (matcher instanceof RegExp) {
    server.parentNsps.set((name, _auth, next) => next(null, matcher.test(name)), parent);
    server.parentNamespacesFromRegExp.set(matcher, parent);
  } else {
    server.parentNsps.set(matcher, parent);
  }
  return parent;
}

/**
 * The namespace of a name, created on first use: below the parent whose pattern accepts the name,
 * if there is one.
 * @param {Server} server
 * @param {string} givenName
 */
function namespaceOf(server, givenName) {
  const name = givenName.startsWith('/') ? givenName : `/${givenName}`;
  const existing = server._nsps.get(name);
  if (existing) return existing;
  for (const [pattern, parent] of server.parentNamespacesFromRegExp) {
    if (!pattern.test(name)) continue;
    debug('attaching namespace %s to parent namespace %s', name, pattern);
    return parent.createChild(name);
  }
  debug('initializing namespace %s', name);
  const nsp = new Namespace(server, name);
  server._nsps.set(name, nsp);
  if (name !== '/') server.announceNamespace(nsp);
  return nsp;
}

class Server extends EventEmitter {
  /** All namespaces with a name of their own, by name; read by admin tools. */
  _nsps = /** @type {Map<string, Namespace>} */ (new Map());

  /** Dynamic namespaces: who decides on a name, and the parent of the namespace it creates. */
  parentNsps = /** @type {Map<NameMatcher, ParentNamespace>} */ (new Map());

  /** The dynamic namespaces whose names a regular expression decides. */
  parentNamespacesFromRegExp = /** @type {Map<RegExp, ParentNamespace>} */ (new Map());

  /** The engine: set by `attach()`, `listen()` and `bind()`. @type {any} */
  engine;

  /** The HTTP server that was attached to. @type {any} */
  httpServer;

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
    this.connectTimeout(opts.connectTimeout || 45000);
    this.serveClient(opts.serveClient !== false);

    /** The parser in use: `{ Encoder, Decoder }`; read by adapters. */
    this._parser = opts.parser || defaultParser;
    /** Whether packets may take the short ways: these know one format, and are not in its log. */
    this.usesDefaultParser =
      this._parser === defaultParser && !createDebug.enabled('socket.io-parser');
    this.encoder = this.usesDefaultParser ? new PacketEncoder() : new this._parser.Encoder();

    this.adapter(opts.adapter || defaultAdapter(opts));
    /** The main namespace. */
    this.sockets = this.of('/');
    if (opts.cors) this._corsMiddleware = cors(opts.cors);
    if (srv || typeof srv === 'number') this.attach(srv);
  }

  /** The engine, under the name that old programs read. */
  get eio() {
    return this.engine;
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
    this.engine = engine;
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
   * Finds the parent that accepts the name of a namespace that does not exist yet, asking one after
   * the other in the order of their creation, and creates the namespace.
   * @param {string} name
   * @param {object} auth
   * @param {(nsp: Namespace | false) => void} done
   */
  _checkNamespace(name, auth, done) {
    const parents = this.parentNsps.entries();
    const askNext = () => {
      const entry = parents.next();
      if (entry.done) {
        done(false);
        return;
      }
      const [accepts, parent] = entry.value;
      accepts(name, auth, (err, allow) => {
        if (err || !allow) {
          askNext();
          return;
        }
        const existing = this._nsps.get(name);
        const nsp = existing ?? parent.createChild(name);
        debug('dynamic namespace %s %s', name, existing ? 'already exists' : 'was created');
        done(nsp);
      });
    };
    askNext();
  }

  /**
   * Disconnects every socket, then closes the adapters, the engine and the HTTP server.
   * Errors: never rejects; the HTTP server's error is given to the callback.
   * @param {(err?: Error) => void} [callback]
   * @returns {Promise<void>}
   */
  async close(callback) {
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
   * @param {import('./middleware').Middleware<Socket>} middleware
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

/** Methods that the server hands to its main namespace, besides those of an event emitter. */
const DELEGATED = [
  'to',
  'in',
  'except',
  'compress',
  'timeout',
  'serverSideEmit',
  'serverSideEmitWithAck',
  'allSockets',
  'fetchSockets',
  'socketsJoin',
  'socketsLeave',
  'disconnectSockets',
];

/** @type {import('node:http').RequestListener} */
function answerNotFound(_req, res) {
  res.writeHead(404).end();
}

const emitterMethods = /** @type {Record<string, unknown>} */ (
  /** @type {unknown} */ (EventEmitter.prototype)
);
for (const method of DELEGATED.concat(Object.keys(emitterMethods))) {
  if (method in emitterMethods && typeof emitterMethods[method] !== 'function') continue;
  /**
   * @this {Server}
   * @param {...any} args
   */
  const delegate = function (...args) {
    return /** @type {any} */ (this.sockets)[method](...args);
  };
  // As with the genuine class: an emitter's methods declare no parameters there.
  const length =
    method in emitterMethods ? 0 : /** @type {any} */ (Namespace.prototype)[method].length;
  Object.defineProperties(delegate, { length: { value: length }, name: { value: method } });
  Object.defineProperty(Server.prototype, method, {
    configurable: true,
    enumerable: method in emitterMethods,
    writable: true,
    value: delegate,
  });
}

module.exports = { Server };
