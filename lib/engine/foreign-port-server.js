/**
 * The own port on Deno, whose `http.Server` takes the connections that are handed over but keeps its
 * address, and whether it listens, in places of its own: what Node derives from the handle is told here.
 */
'use strict';

const { PortHandle, PortServer } = require('./port-server');

/** Without types: Node's have `listening` for a field. @type {any} */
const Base = PortServer;

class ForeignPortServer extends Base {
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
 * Of a port that is open; none: the server does not listen, or in another way (a unix socket).
 * @param {any} server
 */
function ownHandle({ _handle }) {
  return _handle instanceof PortHandle ? _handle : undefined;
}

/** By its name it is what applications expect. */
Object.defineProperty(ForeignPortServer, 'name', { value: 'Server' });

module.exports = { ForeignPortServer };
