/**
 * The engine's own port: an `http.Server` whose listening socket is the I/O threads'. They serve the engine's
 * requests by themselves. A connection that asks for anything else is handed over whole, and goes on here
 * like any connection of Node's. So is one for which a hook is installed (overrides.js).
 *
 * Two private fields of Node's are used, both as old as `net.Server`. In place of `_handle` stands a
 * PortHandle, so that `listening`, `address()`, `close()`, `ref()` and `unref()` are Node's code.
 * `_connections` is the I/O threads' count.
 */
'use strict';

const cluster = /** @type {any} */ (require('node:cluster'));
const dns = require('node:dns');
const http = require('node:http');
const { serialize } = require('cookie');
const { computePath } = require('../attached/attach');
const { MEMBERS, watchListeners, watchMembers, watchProperties } = require('../pipeline/overrides');
const { abandon, descriptorOf } = require('../attached/take-over');
const { listenError, readAddress } = require('./address');
const { takeConnection } = require('./left-connection');
const { PortHandle } = require('./port-handle');
const { LEFT_TO_HOST } = require('../wire/layout');
const { TlsConnection } = require('./tls-connection');
const { checkEvent, tlsClientError } = require('./tls-events');
const { createTlsContext } = require('./tls-options');

const ANY_IPV6 = '::';
const ANY_IPV4 = '0.0.0.0';
const EADDRINUSE = 98;

/** Stands for a sid where a cookie is written once for all of them. */
const SID_MARK = 'SID';
/** As many headers as Node reads of a request, unless it is told otherwise. */
const HEADERS_COUNT = 2000;

/** Settings of an http.Server that hold on the I/O threads too. */
const SETTINGS = Object.freeze([
  'headersTimeout',
  'keepAliveTimeout',
  'maxConnections',
  'maxHeadersCount',
  'maxRequestsPerSocket',
  'requestTimeout',
  'timeout',
]);

/** How many listeners a server has for what it shows of requests when nobody else listens. */
const OWN_LISTENERS = Object.freeze({
  request: 1,
  upgrade: 1,
  connection: 1,
  clientError: 0,
  checkContinue: 0,
  checkExpectation: 0,
  timeout: 0,
});
/** The same where it has TLS: the listener of http has moved to `secureConnection`. */
const OWN_TLS_LISTENERS = Object.freeze({ ...OWN_LISTENERS, secureConnection: 1 });

class PortServer extends http.Server {
  #engine;
  #path;
  #hasTls;
  #listenId = 0;
  /** What `ref` and `unref` said last, which may be before it listens. */
  #isReferenced = true;
  /** What `_connections` last was, so that Node can count on from there. */
  #lastCount = 0;
  /** Whether it is told whom the I/O threads serve: not before the tick of `listen` is over. */
  #isReady = false;
  #isCloseTold = true;
  /** Whether Node listens, and gives what it accepts to the I/O threads. */
  #isOpenForNode = false;
  /** An event that is about to be listened to. @type {{ emitter: any, event: string | symbol } | undefined} */
  #coming;
  /** Connections with TLS that are served here, by the I/O threads' numbers. @type {Map<number, TlsConnection>} */
  #tlsConnections = new Map();

  /**
   * @param {import('../engine').Engine} engine
   * @param {any} opts of `engine.attach`
   * @param {import('node:http').RequestListener} listener for requests that are not the engine's
   */
  constructor(engine, opts, listener) {
    super(listener);
    this.#engine = engine;
    this.#path = computePath(opts);
    this.#hasTls = opts.tls !== undefined;
    if (this.#hasTls) {
      this.setSecureContext(opts.tls);
      this.#actAsHttps();
    }
    const sync = () => engine.optionSync.sync();
    watchMembers(this, SETTINGS, sync);
    watchMembers(engine, MEMBERS, sync);
    for (const emitter of [this, engine]) {
      watchListeners(emitter, (event) => {
        if (this.#hasTls && event !== undefined) checkEvent(event);
        this.#coming = event === undefined ? undefined : { emitter, event };
        sync();
        this.#coming = undefined;
      });
    }
    engine.opts = watchProperties(engine.opts, sync);
    engine.port = this;
  }

  // For applications: what is not as in http.Server.

  /** @param {any[]} args as Node's `server.listen` takes them */
  listen(...args) {
    // Node itself shares ports between workers, and tells what is wrong with other addresses.
    const address = this.listening || cluster.isWorker ? undefined : readAddress(args);
    if (address === undefined) return super.listen(.../** @type {[any]} */ (args));
    const callback = args[args.length - 1];
    if (typeof callback === 'function') this.once('listening', callback);
    const id = ++this.#listenId;
    if (address.host === undefined) {
      this.#open(address);
      return this;
    }
    dns.lookup(address.host, (error, host) => {
      if (id !== this.#listenId) return; // closed, or opened elsewhere
      if (error) this.emit('error', error);
      else this.#open({ ...address, host });
    });
    return this;
  }

  /** @param {(error?: Error) => void} [callback] */
  close(callback) {
    this.onClosing();
    if (this.#isOpenForNode) this.#engine.native.closePort();
    this.#isOpenForNode = false;
    super.close(callback);
    this.#engine.keepAlive.update();
    return this;
  }

  ref() {
    this.#isReferenced = true;
    return super.ref();
  }

  unref() {
    this.#isReferenced = false;
    return super.unref();
  }

  closeIdleConnections() {
    super.closeIdleConnections();
    this.#engine.native.closeConnections(true);
  }

  closeAllConnections() {
    super.closeAllConnections();
    this.#engine.native.closeConnections(false);
  }

  /**
   * Other keys and certificates, for connections from now on.
   * @param {any} options those of the option `tls`
   */
  setSecureContext(options) {
    if (!this.#hasTls) throw new Error('the port speaks plain HTTP: it was made without "tls"');
    this.#engine.native.setTls(createTlsContext(options));
  }

  // For Node.

  get _connections() {
    this.#lastCount = this.#engine.native.connections();
    return this.#lastCount;
  }

  set _connections(count) {
    if (!(#lastCount in this)) return; // net.Server begins with none
    this.#engine.native.addConnections(count - this.#lastCount);
    this.#lastCount = count;
  }

  /** Ends with `close` when it is closed and the last connection is gone. */
  _emitCloseIfDrained() {
    if (this.listening) this.#isCloseTold = false;
    if (this.#isCloseTold || this.listening || this._connections > 0) return;
    this.onCloseTold();
    process.nextTick(() => this.emit('close'));
  }

  // For the engine.

  /** Whether connections come, or some are left whose end will be told. */
  get isOpen() {
    return !this.#isCloseTold;
  }

  /** Whether it keeps the event loop running. */
  get isNeeded() {
    const handle = /** @type {any} */ (this)._handle;
    if (handle) return handle instanceof PortHandle && handle.hasRef();
    return !this.#isCloseTold;
  }

  /** What the addon needs to know. */
  nativeOptions() {
    const { opts } = this.#engine;
    const { httpCompression } = opts;
    return {
      path: this.#path,
      leftToHost: this.#isHooked() ? LEFT_TO_HOST.EVERYTHING : LEFT_TO_HOST.OTHER_PATHS,
      headersTimeout: this.headersTimeout || 0,
      requestTimeout: this.requestTimeout || 0,
      keepAliveTimeout: this.keepAliveTimeout || 0,
      maxHeaderBytes: http.maxHeaderSize,
      maxHeadersCount: this.maxHeadersCount || HEADERS_COUNT,
      maxConnections: this.maxConnections || 0,
      compressionThreshold: httpCompression ? (httpCompression.threshold ?? 0) : undefined,
      reportRefusals: this.#isHeard(this.#engine, 'connection_error', 0),
      reportHandshakes:
        this.#hasTls &&
        (this.#isHeard(this, 'tlsClientError', 1) || this.#isHeard(this, 'clientError', 0)),
      ...cookieParts(opts.cookie),
    };
  }

  /**
   * A connection that the I/O threads leave to us.
   * @param {number} fd
   * @param {number} line what its address counts it by; 0: by nothing
   * @param {Buffer} bytes that were read from it: its next request, or the beginning of it
   */
  onConnection(fd, line, bytes) {
    const socket = takeConnection(this, this.#engine.native, fd, line);
    if (socket === undefined) return;
    if (bytes.length > 0) socket.unshift(bytes);
    this.emit('connection', socket);
  }

  /**
   * As onConnection, with TLS: the I/O thread goes on with that.
   * @param {import('./tls-connection').LeftConnection} left
   */
  onTlsConnection(left) {
    const forget = () => this.#tlsConnections.delete(left.stream);
    const connection = new TlsConnection(this.#engine.native, left, forget);
    this.#tlsConnections.set(left.stream, connection);
    connection.server = this;
    this.emit('connection', connection);
    this.emit('secureConnection', connection);
    connection.onData(left.bytes);
  }

  /** @param {import('./tls-events').FailedHandshake} failed */
  onHandshakeFailed(failed) {
    this.emit('tlsClientError', ...tlsClientError(failed));
  }

  /** @param {number} stream */
  tlsConnection(stream) {
    return this.#tlsConnections.get(stream);
  }

  /** The I/O threads' last connection is gone. */
  onIdle() {
    this._emitCloseIfDrained();
  }

  /** Serves HTTP behind TLS, and tells of failures, as Node's https.Server does. */
  #actAsHttps() {
    const [serveHttp] = /** @type {((socket: any) => void)[]} */ (this.listeners('connection'));
    this.removeListener('connection', serveHttp);
    this.on('secureConnection', serveHttp);
    this.on('listening', () => {
      if (!(/** @type {any} */ (this)._handle instanceof PortHandle)) this.#openForNode();
    });
    this.on('connection', (socket) => {
      if (!(socket instanceof TlsConnection)) this.#adopt(socket);
    });
    this.on('tlsClientError', (error, socket) => {
      if (!this.emit('clientError', error, socket)) socket.destroy(error);
    });
  }

  /** Node listens, and the I/O threads do TLS and all else on what it accepts. */
  #openForNode() {
    this.#isOpenForNode = true;
    this.#isReady = true;
    this.#engine.native.openPort();
    this.#engine.onPortOpen();
  }

  /**
   * Gives a connection that Node has accepted to the I/O threads.
   * @param {any} socket whose bytes nobody has read yet
   */
  #adopt(socket) {
    const { native } = this.#engine;
    const descriptor = socket.readableLength > 0 ? -1 : descriptorOf(socket);
    if (descriptor < 0 || !native.adopt(descriptor)) {
      socket.destroy();
      return;
    }
    if (socket._server !== this) this._connections++; // the application has put it here
    abandon(socket);
  }

  /** Calls off what waits for the address. The close will be told, as Node does each time. */
  onClosing() {
    this.#listenId++;
    this.#isCloseTold = false;
  }

  /** The close has been told, by whomever. */
  onCloseTold() {
    this.#isCloseTold = true;
    this.#engine.keepAlive.update();
  }

  /** @param {import('./address').Address} address */
  #open({ host, ...rest }) {
    const { native } = this.#engine;
    let address = host ?? ANY_IPV6;
    let bound = native.listen({ ...rest, host: address });
    if (host === undefined && typeof bound === 'number' && bound !== EADDRINUSE) {
      address = ANY_IPV4; // a machine without IPv6
      bound = native.listen({ ...rest, host: address });
    }
    if (typeof bound === 'number') {
      const error = listenError(bound, address, rest.port);
      process.nextTick(() => this.emit('error', error));
      return;
    }
    /** @type {any} */ (this)._handle = new PortHandle(this.#engine, bound, this.#isReferenced);
    this.#isCloseTold = false;
    process.nextTick(() => {
      // What the application installs in the tick of `listen` holds from the first request on.
      this.#isReady = true;
      this.#engine.onPortOpen();
      if (this.listening) this.emit('listening');
    });
  }

  #isHooked() {
    const own = this.#hasTls ? OWN_TLS_LISTENERS : OWN_LISTENERS;
    return (
      !this.#isReady ||
      Boolean(this.timeout || this.maxRequestsPerSocket) ||
      Object.entries(own).some(([event, count]) => this.#isHeard(this, event, count)) ||
      this.#engine.isHooked(this.#comingOf(this.#engine))
    );
  }

  /**
   * Whether an event has more listeners than ours.
   * @param {import('node:events').EventEmitter} emitter
   * @param {string} event
   * @param {number} own
   */
  #isHeard(emitter, event, own) {
    return emitter.listenerCount(event) + (event === this.#comingOf(emitter) ? 1 : 0) > own;
  }

  /**
   * The event of an emitter that is about to be listened to.
   * @param {import('node:events').EventEmitter} emitter
   */
  #comingOf(emitter) {
    return this.#coming?.emitter === emitter ? this.#coming.event : undefined;
  }
}

/** By its name it is what applications expect. */
Object.defineProperty(PortServer, 'name', { value: 'Server' });

/**
 * The Set-Cookie of a handshake, before and behind the sid.
 * @param {any} cookie the option
 */
function cookieParts(cookie) {
  if (!cookie) return { cookieStart: '', cookieEnd: '' };
  const prefix = `${cookie.name}=`;
  const text = serialize(cookie.name, SID_MARK, { ...cookie, encode: undefined });
  return { cookieStart: prefix, cookieEnd: text.slice(prefix.length + SID_MARK.length) };
}

module.exports = { PortServer };
