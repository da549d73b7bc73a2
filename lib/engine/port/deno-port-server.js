/**
 * The own port on Deno. Deno's `http.Server` takes the connections that are handed over. But it keeps its
 * address, and whether it listens, in private fields. So what Node derives from the handle is told here.
 */
'use strict';

const { PortHandle } = require('./port-handle');
const { PortServer } = require('./port-server');

/** Without types: those of Node declare `listening` as a field. @type {any} */
const Base = PortServer;

class DenoPortServer extends Base {
  get listening() {
    return ownHandle(this) !== undefined || Boolean(super.listening);
  }

  address() {
    const handle = ownHandle(this);
    if (!handle) return super.address();
    /** @type {any} */
    const address = {};
    handle.getsockname(address);
    return address;
  }

  ref() {
    ownHandle(this)?.ref();
    return super.ref();
  }

  unref() {
    ownHandle(this)?.unref();
    return super.unref();
  }

  /** @param {(error: Error | null, count: number) => void} callback */
  getConnections(callback) {
    process.nextTick(callback, null, this._connections);
    return this;
  }

  /**
   * Deno itself tells of a close, when the last connection that it was given is gone.
   * @param {string | symbol} event
   * @param {any[]} args
   */
  emit(event, ...args) {
    if (event === 'close') this.onCloseTold();
    return super.emit(event, ...args);
  }

  /** @param {(error?: Error) => void} [callback] */
  close(callback) {
    const handle = ownHandle(this);
    if (!handle) return super.close(callback);
    if (callback) this.once('close', () => callback());
    this.closeIdleConnections();
    handle.close();
    /** @type {any} */ (this)._handle = null;
    this.onClosing();
    this._emitCloseIfDrained();
    return this;
  }
}

/**
 * The handle of a port that is open. None: the server does not listen, or listens in another way (a unix
 * socket).
 * @param {any} server
 */
function ownHandle({ _handle }) {
  return _handle instanceof PortHandle ? _handle : undefined;
}

/** By its name it is what applications expect. */
Object.defineProperty(DenoPortServer, 'name', { value: 'Server' });

module.exports = { DenoPortServer };
