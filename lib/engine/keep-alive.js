/**
 * What an engine keeps running. Sessions and their connections keep the event loop running, as
 * sockets of Node's do. They, and a port that is open, keep an engine that the application has
 * forgotten; other engines are collected.
 */
'use strict';

const { noteServing } = require('./at-exit');

class KeepAlive {
  #engine;
  /** Whether the engine is kept. */
  #isHeld = false;
  /** Whether the event loop is. */
  #isReferenced = false;

  /** @param {import('./engine').Engine} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /** Sessions, connections or the own port have changed. */
  update() {
    const engine = this.#engine;
    const { port, native } = engine;
    const isServing = engine.clientsCount + engine.door.upgrades.liveConnections > 0;
    const isHeld = isServing || Boolean(port?.isOpen);
    if (isHeld !== this.#isHeld) {
      this.#isHeld = isHeld;
      noteServing(engine, isHeld);
      if (isHeld) native.hold();
      else native.letGo();
    }
    const isNeeded = isServing || Boolean(port?.isNeeded);
    if (isNeeded !== this.#isReferenced) {
      this.#isReferenced = isNeeded;
      if (isNeeded) native.ref();
      else native.unref();
    }
  }
}

module.exports = { KeepAlive };
