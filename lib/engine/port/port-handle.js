/**
 * What Node takes for the handle of a listening socket: the own port's, which the I/O threads listen
 * on. Owner: the PortServer, as its `_handle`.
 */
'use strict';

const net = require('node:net');

class PortHandle {
  #isReferenced;

  /**
   * @param {import('../engine').Engine} engine
   * @param {{ address: string, port: number }} bound
   * @param {boolean} isReferenced
   */
  constructor(engine, bound, isReferenced) {
    this.engine = engine;
    this.bound = bound;
    this.#isReferenced = isReferenced;
  }

  /** @param {any} out */
  getsockname(out) {
    const { address, port } = this.bound;
    Object.assign(out, { address, family: net.isIPv6(address) ? 'IPv6' : 'IPv4', port });
    return 0;
  }

  ref() {
    this.#isReferenced = true;
    this.engine.keepAlive.update();
  }

  unref() {
    this.#isReferenced = false;
    this.engine.keepAlive.update();
  }

  hasRef() {
    return this.#isReferenced;
  }

  close() {
    this.#isReferenced = false;
    this.engine.native.closePort();
    process.nextTick(() => this.engine.keepAlive.update());
  }
}

module.exports = { PortHandle };
