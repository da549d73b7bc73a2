/**
 * A namespace: one of the channels that share a client's connection. It has its sockets, rooms,
 * middlewares and events, decides who gets in, and is where broadcasts start.
 */
'use strict';

const debug = require('debug')('socket.io:namespace');
const { PacketType, assertNotReserved, packetPrefix } = require('../../protocol');
const { AwaitedAnswers, keepStreamOrder } = require('../../rooms');
const { slowHandler, tellConnect, timed } = require('../base/diagnostics');
const { EventEmitter, emitLocally } = require('../base/emitter');
const { giveUp } = require('../base/give-up');
const { runMiddlewares } = require('../base/middleware');
const { defineReplaceable } = require('../base/replaceable');
const { toPromise } = require('../base/to-promise');
const { BroadcastOperator } = require('../broadcasts/broadcast-operator');
const { giveUpSocketOf, keepSession, restoreSession, sendMissed } = require('../sockets/recovery');
const { Socket } = require('../sockets/socket');

/** @typedef {import('../clients/client').Client} Client */
/** @typedef {import('../broadcasts/broadcast-operator').Rooms} Rooms */

/** Events that a namespace emits by itself and that no other server may send it. */
const RESERVED_SERVER_EVENTS = new Set(['connect', 'connection', 'new_namespace']);

/**
 * Connects a socket that was let in. The CONNECT packet goes first: what the application's listeners
 * send comes after it.
 * @param {Namespace} nsp
 * @param {Socket} socket
 * @param {(socket: Socket) => void} onConnected
 */
function connectSocket(nsp, socket, onConnected) {
  nsp._preConnectSockets.delete(socket.id);
  nsp.sockets.set(socket.id, socket);
  socket._onconnect();
  onConnected(socket);
  tellConnect(socket);
  const announce = () => {
    emitLocally.call(nsp, 'connect', socket);
    emitLocally.call(nsp, 'connection', socket);
  };
  try {
    if (slowHandler.hasSubscribers) timed(['handler', socket, 'connection'], announce);
    else announce();
  } finally {
    nsp.nativeSide?.activate(socket);
  }
}

/**
 * Forgets a socket whose client has gone before it was connected. If it is that of an earlier session, the
 * adapter may have given this away: the client can continue it the next time.
 * @param {Socket} socket
 */
function leaveUnconnected(socket) {
  if (socket.recovered) keepSession(socket, 'transport close');
  socket._cleanup();
}

class Namespace extends EventEmitter {
  /** The connected sockets, by id. */
  sockets = /** @type {Map<string, Socket>} */ (new Map());

  /** Sockets on their way through the middlewares; adapters look here for who joins a room early. */
  _preConnectSockets = /** @type {Map<string, Socket>} */ (new Map());

  /** Sockets of both kinds by their private ids, which they have with connection state recovery. */
  socketsByPid = /** @type {Map<string, Socket>} */ (new Map());

  /** The middlewares. @type {import('../base/middleware').Middleware<Socket>[]} */
  _fns = [];

  /** The next acknowledgement id. Broadcasts and sockets share it; adapters read and increment it. */
  _ids = 0;

  /** Acknowledgements of native broadcasts. Those of an emit to one socket are in `socket.acks`. */
  awaitedAnswers = new AwaitedAnswers();

  /**
   * The sockets that have ever listened to outgoing packets: a broadcast must tell them. Made on demand.
   * @type {Set<Socket> | undefined}
   */
  outgoingObservers = undefined;

  /** Called when the last socket has left. @type {(() => void) | undefined} */
  onEmpty = undefined;

  /**
   * The side that handlers in C++ see, once somebody has asked for it.
   * @type {import('../native/native-namespace').NativeNamespace | undefined}
   */
  nativeSide = undefined;

  /**
   * @param {import('../server/server').Server} server
   * @param {string} name
   */
  constructor(server, name) {
    super();
    this.server = server;
    this.name = name;
    /** What its text packets begin with, by packet type. */
    this.eventPrefix = packetPrefix(PacketType.EVENT, name);
    this.ackPrefix = packetPrefix(PacketType.ACK, name);
    /** @type {any} */
    this.adapter = undefined;
    this._initAdapter();
    server.nativeServer?.adopt(this);
  }

  /**
   * Handlers in C++ for events of this namespace.
   * @returns {import('../native/native-namespace').NativeNamespace}
   * @throws {Error} ERR_BEASTIO_UNSUPPORTED where there can be none
   */
  openNative() {
    return this.nativeSide ?? this.server.openNative().of(this);
  }

  /** Creates the adapter. Its `init` may go on in the background. */
  _initAdapter() {
    const AdapterClass = this.server.adapter();
    this.adapter = new AdapterClass(this);
    keepStreamOrder(this.adapter, this.server.opts);
    this.nativeSide?.followAdapter();
    Promise.resolve(this.adapter.init()).catch((err) => {
      debug('error while initializing adapter: %s', err);
    });
  }

  /**
   * Adds a middleware, run for each new socket before it is connected.
   * @param {import('../base/middleware').Middleware<Socket>} middleware
   */
  use(middleware) {
    this._fns.push(middleware);
    return this;
  }

  /**
   * Lets a client in: restores or creates its socket, and connects it unless a middleware refuses.
   * Errors: what a middleware throws rejects the promise, which nobody awaits: it surfaces as an
   * unhandled rejection.
   * @param {Client} client
   * @param {Record<string, any> | undefined} auth
   * @param {(socket: Socket) => void} onConnected called before the application's listeners
   * @param {import('../native/admission').Admission} [admission] of handlers in C++ that were asked first
   */
  async _add(client, auth, onConnected, admission = undefined) {
    debug('adding socket to nsp %s', this.name);
    // Waits in any case, as the genuine class does: the application can tell by its microtasks.
    const session = await (this.server.opts.connectionStateRecovery
      ? restoreSession(this, auth)
      : undefined);
    if (session) giveUpSocketOf(this, session.pid); // the client may have come twice meanwhile
    const socket = new Socket(this, client, auth, session);
    if (admission !== undefined) this.nativeSide?.expect(socket, admission);
    this._preConnectSockets.set(socket.id, socket);
    if (socket.pid !== undefined) this.socketsByPid.set(socket.pid, socket);
    if (session) {
      debug('connection state recovered for sid %s', session.sid);
      socket.resume(session);
    }
    if (
      socket.recovered &&
      this.server.opts.connectionStateRecovery?.skipMiddlewares &&
      client.conn.readyState === 'open'
    ) {
      session?.release?.();
      connectSocket(this, socket, onConnected);
      return;
    }
    if (session?.release) client.conn.once('close', session.release); // a middleware may wait for ever
    const onPassed = (/** @type {any} */ err) => {
      process.nextTick(() => {
        session?.release?.();
        if (client.conn.readyState !== 'open') {
          debug('next called after client was closed - ignoring socket');
          if (!socket._hasLeft) leaveUnconnected(socket); // it may have come back elsewhere
          return;
        }
        const refusal = err || client.refusalOfMore(); // it may have asked for several at once
        if (refusal) {
          debug('middleware error, sending CONNECT_ERROR packet to the client');
          socket._cleanup();
          admission?.refuse();
          socket.refuse(refusal);
        } else {
          if (session?.takeMissed) sendMissed(socket, session);
          connectSocket(this, socket, onConnected);
        }
      });
    };
    runMiddlewares(this._fns, socket, onPassed, [socket, 'connection']);
  }

  /**
   * Forgets a socket, connected or not.
   * @param {Socket} socket
   */
  _remove(socket) {
    this.sockets.delete(socket.id) || this._preConnectSockets.delete(socket.id);
    if (socket.pid !== undefined) this.socketsByPid.delete(socket.pid);
    this.outgoingObservers?.delete(socket);
    if (this.awaitedAnswers.size !== 0) {
      const unanswered = this.awaitedAnswers.forgetSocket(socket.id);
      if (this.server.opts.settleAcksOnDisconnect) unanswered.forEach(giveUp);
    }
    if (this.sockets.size === 0) this.onEmpty?.();
  }

  /**
   * Sends an event to every socket.
   * @param {any} event
   * @param {...any} args
   * @returns {boolean}
   */
  emit(event, ...args) {
    return new BroadcastOperator(this.adapter).emit(event, ...args);
  }

  /**
   * Sends an event to every socket and awaits the acknowledgement of each, for as long as the option
   * `ackTimeout` says.
   * @param {any} event
   * @param {...any} args
   * @returns {Promise<any>}
   */
  emitWithAck(event, ...args) {
    return new BroadcastOperator(this.adapter).emitWithAck(event, ...args);
  }

  /**
   * Sends a `message` event to every socket.
   * @param {...any} args
   */
  send(...args) {
    this.emit('message', ...args);
    return this;
  }

  /**
   * Sends a `message` event to every socket.
   * @param {...any} args
   */
  write(...args) {
    return this.send(...args);
  }

  /**
   * Sends an event to the other servers of the cluster.
   * @param {any} event
   * @param {...any} args the last one may be a callback `(err, responses)`
   */
  serverSideEmit(event, ...args) {
    assertNotReserved(event, RESERVED_SERVER_EVENTS);
    this.adapter.serverSideEmit([event, ...args]);
    return true;
  }

  /**
   * Sends an event to the other servers of the cluster and awaits their answers.
   * @param {any} event
   * @param {...any} args
   * @returns {Promise<any[]>}
   */
  serverSideEmitWithAck(event, ...args) {
    return toPromise((callback) => this.serverSideEmit(event, ...args, callback));
  }

  /**
   * Emits what another server of the cluster sent; called by adapters.
   * @param {[any, ...any[]]} args
   */
  _onServerSideEmit(args) {
    emitLocally.apply(this, args);
  }

  /** @param {Rooms} rooms */
  to(rooms) {
    return new BroadcastOperator(this.adapter).to(rooms);
  }

  /** @param {Rooms} rooms */
  in(rooms) {
    return new BroadcastOperator(this.adapter).in(rooms);
  }

  /** @param {Rooms} rooms */
  except(rooms) {
    return new BroadcastOperator(this.adapter).except(rooms);
  }

  /** @param {boolean} value */
  compress(value) {
    return new BroadcastOperator(this.adapter).compress(value);
  }

  /** The next broadcast may be lost by clients that are not ready for it. */
  get volatile() {
    return new BroadcastOperator(this.adapter).volatile;
  }

  /** The next broadcast stays on this server of the cluster. */
  get local() {
    return new BroadcastOperator(this.adapter).local;
  }

  /** @param {number} ms */
  timeout(ms) {
    return new BroadcastOperator(this.adapter).timeout(ms);
  }

  /** The ids of all sockets. @deprecated use `fetchSockets()` */
  allSockets() {
    return new BroadcastOperator(this.adapter).allSockets();
  }

  /** All sockets, those of the other servers of the cluster included. */
  fetchSockets() {
    return new BroadcastOperator(this.adapter).fetchSockets();
  }

  /**
   * Resolves when all sockets of this server have taken what they were sent so far.
   * @param {{ timeout?: number }} [options]
   */
  drained(options) {
    return new BroadcastOperator(this.adapter).drained(options);
  }

  /** @param {Rooms} rooms */
  socketsJoin(rooms) {
    new BroadcastOperator(this.adapter).socketsJoin(rooms);
  }

  /** @param {Rooms} rooms */
  socketsLeave(rooms) {
    new BroadcastOperator(this.adapter).socketsLeave(rooms);
  }

  /** @param {boolean} [close] */
  disconnectSockets(close = false) {
    new BroadcastOperator(this.adapter).disconnectSockets(close);
  }
}

/** As `openNative`, for applications. */
defineReplaceable(Namespace.prototype, 'native', function () {
  return this.openNative();
});

module.exports = { Namespace, RESERVED_SERVER_EVENTS };
