/**
 * What `request.socket` is once an I/O thread has taken the connection: Node's socket is gone, and
 * would be the largest thing that an idle client costs. It tells who is at the two ends, ends the
 * connection, and tells when it is over; bytes pass elsewhere.
 */
'use strict';

const { isIPv6 } = require('node:net');
const { LazyEmitter } = require('./lazy-emitter');

/** @param {string | undefined} address */
function familyOf(address) {
  if (address === undefined) return undefined;
  return isIPv6(address.split('%', 1)[0]) ? 'IPv6' : 'IPv4';
}

class TakenSocket extends LazyEmitter {
  /** The session that it carries, once that is open. @type {import('./socket').Socket | undefined} */
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

  get readyState() {
    return this.destroyed ? 'closed' : 'open';
  }

  /** @param {import('./socket').Socket} session */
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

  // What is set for a connection is the engine's to set, and an idle one is its heartbeat's to find.

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

module.exports = { TakenSocket };
