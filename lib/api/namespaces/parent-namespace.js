/**
 * A dynamic namespace: the parent of all namespaces whose names a pattern or a function accepts. It
 * has no sockets. Each child gets copies of its middlewares and listeners; what it emits goes to all
 * children.
 */
'use strict';

const debug = require('debug')('socket.io:parent-namespace');
const { Adapter } = require('../../rooms');
const { Namespace } = require('./namespace');

/** @param {string} what */
const notSupported = (what) => new Error(`${what} is not supported on parent namespaces`);

/** Broadcasts to every child, which is all that an adapter can do for a parent. */
class ParentBroadcastAdapter extends Adapter {
  /**
   * @param {any} packet
   * @param {any} opts
   */
  broadcast(packet, opts) {
    const parent = /** @type {ParentNamespace} */ (this.nsp);
    for (const child of parent.children) child.adapter.broadcast(packet, opts);
  }

  /**
   * A parent is not known to other servers, so none of them can answer.
   * @param {any[]} packet
   */
  serverSideEmit(packet) {
    const ack = packet[packet.length - 1];
    if (typeof ack !== 'function') super.serverSideEmit(packet);
    else process.nextTick(ack, notSupported('serverSideEmit() with an acknowledgement'), []);
  }
}

class ParentNamespace extends Namespace {
  static #created = 0;

  /** The namespaces created so far and not removed. */
  children = /** @type {Set<Namespace>} */ (new Set());

  /** @param {import('../server/server').Server} server */
  constructor(server) {
    super(server, `/_${ParentNamespace.#created++}`);
  }

  /** A parent never has the application's adapter: there is nothing to share with other servers. */
  _initAdapter() {
    this.adapter = new ParentBroadcastAdapter(this);
  }

  /**
   * Sends an event to every socket of every child.
   * @param {any} event
   * @param {...any} args
   */
  emit(event, ...args) {
    for (const child of this.children) child.emit(event, ...args);
    return true;
  }

  /**
   * Not possible, as broadcasts to a parent collect no acknowledgements.
   * @param {...any} _args
   */
  emitWithAck(..._args) {
    return Promise.reject(notSupported('emitWithAck()'));
  }

  /**
   * Creates the namespace of an accepted name.
   * @param {string} name
   * @returns {Namespace}
   */
  createChild(name) {
    debug('creating child namespace %s', name);
    const { server } = this;
    const child = new Namespace(server, name);
    if (server.opts.cleanupEmptyChildNamespaces) child.onEmpty = () => this.removeChild(child);
    for (const middleware of this._fns) child.use(middleware);
    for (const event of ['connect', 'connection']) {
      for (const listener of this.listeners(event)) {
        child.on(event, /** @type {(...args: any[]) => void} */ (listener));
      }
    }
    this.children.add(child);
    server._nsps.set(name, child);
    server.announceNamespace(child);
    return child;
  }

  /**
   * Removes a child, so that the next client that asks for its name gets a new one.
   * @param {Namespace} child
   */
  removeChild(child) {
    debug('closing child namespace %s', child.name);
    child.adapter.close();
    this.server.nativeServer?.forget(child);
    this.server._nsps.delete(child.name);
    this.children.delete(child);
  }

  /**
   * Not possible: a child may exist on another server of the cluster and not on this one.
   * @returns {never}
   */
  fetchSockets() {
    throw notSupported('fetchSockets()');
  }
}

module.exports = { ParentNamespace };
