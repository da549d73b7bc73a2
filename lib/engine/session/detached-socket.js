/**
 * What `request.socket` is once an I/O thread has taken the connection. Node's socket is gone by then: it
 * would be the largest thing that an idle client costs. This object tells who is at the two ends, ends
 * the connection, and tells when it is over. Bytes pass elsewhere.
 */
'use strict';

const { isIPv6 } = require('node:net');
const { LazyEmitter } = require('./lazy-emitter');

/** @param {string | undefined} address */
function familyOf(address) {
  if (address === undefined) return undefined;
  return isIPv6(address.split('%', 1)[0]) ? 'IPv6' : 'IPv4';
}

class DetachedSocket extends LazyEmitter {
  /** The session that the connection carries, once that is open. @type {import('./session').Socket | undefined} */
  #session = undefined;

  /** @param {Partial<import('node:net').Socket>} ends whatever has the addresses */
  constructor({ remoteAddress, remotePort, localAddress, localPort }) {
    super();
    this.remoteAddress = remoteAddress;
    this.remotePort = remotePort;
    this.localAddress = localAddress;
    this.localPort = localPort;
    this.destroyed = false;
  }

  get remoteFamily() {
    return familyOf(this.remoteAddress);
  }

  get localFamily() {
    return familyOf(this.localAddress);
  }

  /** The server's end; without members where it is not known. */
  address() {
    const { localAddress, localFamily, localPort } = this;
    if (localAddress === undefined) return {};
    return { address: localAddress, family: localFamily, port: localPort };
  }

  get readyState() {
    return this.destroyed ? 'closed' : 'open';
  }

  get readable() {
    return !this.destroyed;
  }

  get writable() {
    return !this.destroyed;
  }

  get closed() {
    return this.destroyed;
  }

  get connecting() {
    return false;
  }

  get pending() {
    return false;
  }

  // Nothing passes here.

  get bytesRead() {
    return 0;
  }

  get bytesWritten() {
    return 0;
  }

  get readableLength() {
    return 0;
  }

  get writableLength() {
    return 0;
  }

  /**
   * Drops what is written: it would break the client's WebSocket.
   * @param {any[]} args of which the last may be a callback
   */
  write(...args) {
    const callback = args[args.length - 1];
    if (typeof callback === 'function') process.nextTick(callback);
    return true;
  }

  /** @param {import('./session').Socket} session */
  carry(session) {
    this.#session = session;
  }

  /** Cuts the connection off, and with it ends the session. */
  destroy() {
    if (this.#session) this.destroyed = true;
    this.#session?.terminate();
    return this;
  }

  /** The same: what was sent is on its way already. */
  end() {
    return this.destroy();
  }

  destroySoon() {
    this.destroy();
  }

  resetAndDestroy() {
    return this.destroy();
  }

  pause() {
    return this;
  }

  resume() {
    return this;
  }

  cork() {}

  uncork() {}

  // The engine sets these for its connections. The heartbeat finds idle ones.

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  setKeepAlive() {
    return this;
  }

  setNoDelay() {
    return this;
  }

  setTimeout() {
    return this;
  }

  /** The connection is over. */
  onGone() {
    this.#session = undefined;
    this.destroyed = true;
    this.emit('close', false);
  }
}

module.exports = { DetachedSocket };
