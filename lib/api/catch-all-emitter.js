/**
 * The catch-all listeners of a socket: those called for every event that it receives, and those
 * called for every event that is sent to it. The lists are replaced, never changed, so a listener
 * may add or remove others while they are being called.
 */
'use strict';

const { EventEmitter } = require('./emitter');

/** @typedef {(...args: any[]) => void} Listener */

/** @type {readonly Listener[]} */
const NONE = [];

/**
 * A list without one of its listeners, or without any.
 * @param {readonly Listener[]} listeners
 * @param {Listener} [listener]
 */
function without(listeners, listener) {
  if (!listener) return NONE;
  const index = listeners.indexOf(listener);
  return index === -1 ? listeners : listeners.toSpliced(index, 1);
}

class CatchAllEmitter extends EventEmitter {
  /** Read by admin tools. */
  _anyListeners = NONE;
  _anyOutgoingListeners = NONE;

  /** @param {Listener} listener called for every received event */
  onAny(listener) {
    this._anyListeners = [...this._anyListeners, listener];
    return this;
  }

  /** @param {Listener} listener called for every received event, before the others */
  prependAny(listener) {
    this._anyListeners = [listener, ...this._anyListeners];
    return this;
  }

  /** @param {Listener} [listener] the one to remove; all of them if not given */
  offAny(listener) {
    this._anyListeners = without(this._anyListeners, listener);
    return this;
  }

  listenersAny() {
    return this._anyListeners.slice();
  }

  /** @param {Listener} listener called for every sent event, broadcasts included */
  onAnyOutgoing(listener) {
    this._setOutgoing([...this._anyOutgoingListeners, listener]);
    return this;
  }

  /** @param {Listener} listener called for every sent event, before the others */
  prependAnyOutgoing(listener) {
    this._setOutgoing([listener, ...this._anyOutgoingListeners]);
    return this;
  }

  /** @param {Listener} [listener] the one to remove; all of them if not given */
  offAnyOutgoing(listener) {
    this._setOutgoing(without(this._anyOutgoingListeners, listener));
    return this;
  }

  listenersAnyOutgoing() {
    return this._anyOutgoingListeners.slice();
  }

  /**
   * Replaces the listeners of sent events; a socket also lets its namespace know.
   * @param {readonly Listener[]} listeners
   */
  _setOutgoing(listeners) {
    this._anyOutgoingListeners = listeners;
  }

  /**
   * Tells the listeners of sent events; adapters do this for broadcasts.
   * @param {{ data: any }} packet
   */
  notifyOutgoingListeners(packet) {
    for (const listener of this._anyOutgoingListeners) listener.apply(this, packet.data);
  }
}

module.exports = { CatchAllEmitter };
