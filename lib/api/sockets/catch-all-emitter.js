/**
 * The catch-all listeners of a socket: those called for every event that it receives, and those called
 * for every event that is sent to it. Applications may change the lists that they are given. A list is
 * copied before its listeners are called: they may add or remove others meanwhile.
 */
'use strict';

const { LeanEmitter } = require('../base/emitter');

/** @typedef {(...args: any[]) => void} Listener */

/** The list of all sockets that never had a listener. It is never given away. @type {Listener[]} */
const NONE = [];

/**
 * A list that can be changed.
 * @param {Listener[]} listeners
 */
const changeable = (listeners) => (listeners === NONE ? [] : listeners);

/**
 * Takes one of its listeners out of a list, or gives a new list without any.
 * @param {Listener[]} listeners
 * @param {Listener} [listener]
 */
function without(listeners, listener) {
  if (!listener) return listeners === NONE ? NONE : [];
  const index = listeners.indexOf(listener);
  if (index !== -1) listeners.splice(index, 1);
  return listeners;
}

class CatchAllEmitter extends LeanEmitter {
  /** Read by admin tools. */
  _anyListeners = NONE;
  _anyOutgoingListeners = NONE;

  /** @param {Listener} listener called for every received event */
  onAny(listener) {
    this.listenersAny().push(listener);
    return this;
  }

  /** @param {Listener} listener called for every received event, before the others */
  prependAny(listener) {
    this.listenersAny().unshift(listener);
    return this;
  }

  /** @param {Listener} [listener] the one to remove; all of them if not given */
  offAny(listener) {
    this._anyListeners = without(this._anyListeners, listener);
    return this;
  }

  /** The list itself, which may be changed. */
  listenersAny() {
    this._anyListeners = changeable(this._anyListeners);
    this._observeIncoming();
    return this._anyListeners;
  }

  /** Somebody may look at the events that come. A socket also lets handlers in C++ know. */
  _observeIncoming() {}

  /** @param {Listener} listener called for every sent event, broadcasts included */
  onAnyOutgoing(listener) {
    this._observeOutgoing().push(listener);
    return this;
  }

  /** @param {Listener} listener called for every sent event, before the others */
  prependAnyOutgoing(listener) {
    this._observeOutgoing().unshift(listener);
    return this;
  }

  /** @param {Listener} [listener] the one to remove; all of them if not given */
  offAnyOutgoing(listener) {
    this._anyOutgoingListeners = without(this._anyOutgoingListeners, listener);
    return this;
  }

  /** The list itself, which may be changed. */
  listenersAnyOutgoing() {
    return changeable(this._anyOutgoingListeners);
  }

  /** The list of those who see what is sent, for a change. A socket also lets its namespace know. */
  _observeOutgoing() {
    this._anyOutgoingListeners = changeable(this._anyOutgoingListeners);
    return this._anyOutgoingListeners;
  }

  /**
   * Tells the listeners of sent events; adapters do this for broadcasts.
   * @param {{ data: any }} packet
   */
  notifyOutgoingListeners(packet) {
    for (const listener of this._anyOutgoingListeners.slice()) listener.apply(this, packet.data);
  }
}

module.exports = { CatchAllEmitter };
