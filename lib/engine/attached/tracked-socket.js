/**
 * Node's socket of a connection that an I/O thread has taken over. It is for applications that keep their
 * connections in a list, to destroy them when they shut down (http-terminator, stoppable, Vite and others).
 * The socket stays open, without a descriptor. In place of its handle stands one that passes the socket's end
 * on to the I/O thread. It is what `request.socket` is, as with engine.io.
 *
 * One private field of Node's is used, as old as `net.Socket`: `_handle`.
 */
'use strict';

const http = require('node:http');
const net = require('node:net');
const { isEngineListener } = require('./attach');

/**
 * Whether somebody may hold a socket after its hand-over. Who listens to `connection` or `upgrade` was given
 * it. Who listens to its `close` waits for its end. Of these listeners Node has one for `connection` of an
 * HTTP server, and one for `close` of a socket that another process has sent.
 * @param {any} socket
 */
function isTracked(socket) {
  const { server, _server: acceptor } = socket;
  const own = !acceptor && process.channel ? 1 : 0;
  if (socket.listenerCount('close') > own || showsSockets(server)) return true;
  return acceptor !== server && showsSockets(acceptor);
}

/** @param {any} server none, or not one of Node's: the socket was made by hand */
function showsSockets(server) {
  if (!(server instanceof net.Server)) return false;
  const own = server instanceof http.Server ? 1 : 0;
  if (server.listenerCount('connection') > own) return true;
  return server
    .listeners('upgrade')
    .some((/** @type {any} */ listener) => !isEngineListener(listener));
}

/** Bytes pass on the I/O thread; what is set for a connection is the engine's to set. */
const OVERRIDES = Object.freeze({
  /** @param {any} _chunk @param {string} _encoding @param {() => void} done */
  _write(_chunk, _encoding, done) {
    done();
  },
  /** @param {any} _chunks @param {() => void} done */
  _writev(_chunks, done) {
    done();
  },
  /** @this {any} @param {() => void} done */
  _final(done) {
    this._handle?.end();
    done();
  },
  /** @this {any} */
  resetAndDestroy() {
    return this.destroy();
  },
  setTimeout() {
    return this;
  },
});

/** What Node's socket has for a handle while an I/O thread has its connection. */
class StandInHandle {
  fd = -1;
  /** Whether Node believes that it reads. */
  reading = false;
  #socket;
  #cutOff;
  /** @type {import('../session/session').Socket | undefined} */
  #session;
  #isOver = false;
  #local;
  #remote;

  /**
   * @param {any} socket whose handle is closed here
   * @param {() => void} cutOff ends the connection when no session carries it
   */
  constructor(socket, cutOff) {
    this.#socket = socket;
    this.#cutOff = cutOff;
    this.#local = socket.address();
    const { remoteAddress: address, remoteFamily: family, remotePort: port } = socket;
    this.#remote = address === undefined ? {} : { address, family, port };
    const former = socket._handle;
    this.bytesRead = former.bytesRead;
    this.bytesWritten = former.bytesWritten;
    socket.setTimeout(0);
    former.close(); // one of two descriptors: nothing is sent
    socket._handle = this;
    for (const [name, value] of Object.entries(OVERRIDES)) {
      Object.defineProperty(socket, name, { configurable: true, writable: true, value });
    }
  }

  // For the engine.

  /** @param {import('../session/session').Socket} session that the connection carries from now on */
  carry(session) {
    this.#session = session;
  }

  /** The connection is over: Node tells those who listen, and its server counts it no more. */
  onGone() {
    this.#isOver = true;
    this.#session = undefined;
    this.#socket.destroy();
  }

  /** The application ends the connection. */
  end() {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#session !== undefined && this.#session.readyState !== 'closed') {
      this.#session.terminate();
    } else {
      this.#cutOff();
    }
  }

  // For Node.

  /** @param {() => void} callback */
  close(callback) {
    this.end();
    setImmediate(callback);
  }

  readStart() {
    return 0;
  }

  readStop() {
    return 0;
  }

  ref() {}

  unref() {}

  hasRef() {
    return false;
  }

  /** @param {any} out */
  getsockname(out) {
    Object.assign(out, this.#local);
    return 0;
  }

  /** @param {any} out */
  getpeername(out) {
    Object.assign(out, this.#remote);
    return 0;
  }
}

module.exports = { StandInHandle, isTracked };
