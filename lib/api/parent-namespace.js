/**
 * A dynamic namespace: the parent of all namespaces whose names a pattern or a function accepts. It
 * has no sockets; its middlewares and listeners are copied into each child, and what it emits goes
 * to all of them.
 */
'use strict';

const debug = require('debug')('socket.io:parent-namespace');
const { Adapter } = require('../rooms');
const { Namespace } = require('./namespace');

/** Broadcasts to every child; the only thing that an adapter can do for a parent. */
class ParentBroadcastAdapter extends Adapter {
  /**
   * @param {any} packet
   * @param {any} opts
   */
  broadcast(packet, opts) {
    const parent = /** @type {ParentNamespace} */ (this.nsp);
    for (const child of parent.children) child.adapter.broadcast(packet, opts);
  }
}

class ParentNamespace extends Namespace {
  static #created = 0;

  /** The namespaces created so far and not removed. */
  children = /** @type {Set<Namespace>} */ (new Set());

  /** @param {import('./server').Server} server */
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
    this.server._nsps.delete(child.name);
    this.children.delete(child);
  }

  /**
   * Not possible: a child may exist on another server of the cluster and not on this one.
   * @returns {never}
   */
  fetchSockets() {
    throw new Error('fetchSockets() is not supported on parent namespaces');
  }
}

module.exports = { ParentNamespace };
