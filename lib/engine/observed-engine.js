/**
 * The part of an engine that notes which events anybody has listened to. Sessions tell only what somebody hears.
 */
'use strict';

const { EventEmitter } = require('node:events');

/** @typedef {import('./session/session').Socket} Socket */

class ObservedEngine extends EventEmitter {
  /** Sessions by sid. @type {Record<string, Socket>} */
  clients = Object.create(null);
  /** Whether `flush` or `drain` was ever listened to here. */
  observesWrites = false;
  /** Whether `slow` or `drained` was ever listened to here. */
  observesPressure = false;

  /** @param {string | symbol} event @param {(...args: any[]) => void} listener */
  on(event, listener) {
    this.#show(event);
    return super.on(event, listener);
  }

  /** @param {string | symbol} event @param {(...args: any[]) => void} listener */
  addListener(event, listener) {
    return this.on(event, listener);
  }

  /** @param {string | symbol} event @param {(...args: any[]) => void} listener */
  prependListener(event, listener) {
    this.#show(event);
    return super.prependListener(event, listener);
  }

  /**
   * An event is listened to, of the engine's or of any session's.
   * @param {string | symbol} event
   */
  #show(event) {
    if (event === 'flush' || event === 'drain') this.observesWrites = true;
    if ((event !== 'slow' && event !== 'drained') || this.observesPressure) return;
    this.observesPressure = true;
    for (const session of Object.values(this.clients)) session.observePressure();
  }
}

module.exports = { ObservedEngine };
