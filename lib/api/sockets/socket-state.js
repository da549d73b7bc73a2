/**
 * What a socket consists of: its fields, and the properties that are made when somebody first reads
 * them. There is one for each client and namespace, so its memory counts.
 */
'use strict';

const { tellDisconnect } = require('../base/diagnostics');
const { emitLocally } = require('../base/emitter');
const { CatchAllEmitter } = require('./catch-all-emitter');
const { buildHandshake } = require('./handshake');
const { generateId } = require('./ids');

/** @typedef {import('../broadcasts/broadcast-operator').BroadcastFlags} BroadcastFlags */
/** @typedef {import('./catch-all-emitter').Listener} Listener */

const ignoreError = () => {};

/**
 * The id of a new socket. It is not the connection's: whoever knows that can read the polling transport
 * of the client. Clients of the third revision compute their ids from it, so they leave no choice.
 * @param {import('../namespaces/namespace').Namespace} nsp
 * @param {import('../clients/client').Client} client
 */
function newSocketId(nsp, client) {
  if (client.conn.protocol !== 3) return generateId();
  return nsp.name === '/' ? client.id : `${nsp.name}#${client.id}`;
}

class SocketState extends CatchAllEmitter {
  /**
   * @param {import('../namespaces/namespace').Namespace} nsp
   * @param {import('../clients/client').Client} client
   * @param {Record<string, any> | undefined} auth what the client sent along with its CONNECT packet
   * @param {any} [session] the earlier session that it continues
   */
  constructor(nsp, client, auth, session) {
    super(ignoreError); // an "error" event that nobody listens to must not end the process
    this.nsp = nsp;
    this.server = nsp.server;
    this.client = client;
    /** Kept when the namespace gets another one. @type {any} */
    this.adapter = nsp.adapter;
    this.connected = false;
    /** Whether the session of an earlier connection goes on, with its rooms and missed packets. */
    this.recovered = session !== undefined;
    /** @type {string} */
    this.id = session ? session.sid : newSocketId(nsp, client);
    /** The secret by which the client can continue this session. @type {string | undefined} */
    this.pid = session?.pid;
    if (!session && nsp.server.opts.connectionStateRecovery) this.pid = generateId();

    this._auth = auth;
    this._issued = Date.now();
    /** @type {any} */
    this._handshake = undefined;
    /** @type {any} */
    this._data = session?.data;
    /** @type {BroadcastFlags | undefined} */
    this._flags = undefined;
    /** @type {Map<number, Listener> | undefined} */
    this._acks = undefined;
    /** @type {import('../base/middleware').Middleware<any[]>[] | undefined} */
    this._fns = undefined;
    /** Whether the socket is out of its rooms and its namespace for good. */
    this._hasLeft = false;
  }

  /** The HTTP request that opened the connection. */
  get request() {
    return this.client.request;
  }

  /** The connection below: a socket of the engine. */
  get conn() {
    return this.client.conn;
  }

  get disconnected() {
    return !this.connected;
  }

  /** The rooms that the socket is in; not to be modified. @returns {Set<string>} */
  get rooms() {
    return this.adapter.socketRooms(this.id) || new Set();
  }

  /** What the application attaches to the socket. @returns {any} */
  get data() {
    return (this._data ??= {});
  }

  set data(value) {
    this._data = value;
  }

  /** How the client came in: headers, query, address, authentication data. @returns {any} */
  get handshake() {
    return (this._handshake ??= buildHandshake(this.client, this._auth, this._issued));
  }

  set handshake(value) {
    this._handshake = value;
  }

  /** The callbacks that wait for the client's acknowledgements; adapters add those of broadcasts. */
  get acks() {
    return (this._acks ??= new Map());
  }

  set acks(value) {
    this._acks = value;
  }

  /** The flags of the next emit. */
  get flags() {
    return (this._flags ??= {});
  }

  set flags(value) {
    this._flags = value;
  }

  /** The middlewares. */
  get fns() {
    return (this._fns ??= []);
  }

  set fns(value) {
    this._fns = value;
  }

  /**
   * The socket has left: who listens hears of it.
   * @param {string} reason
   * @param {any} details of the transport
   */
  _tellEnd(reason, details) {
    tellDisconnect(/** @type {any} */ (this), reason, details);
    emitLocally.call(this, 'disconnect', reason, details);
  }
}

module.exports = { SocketState };
