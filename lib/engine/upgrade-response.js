/**
 * The `res` that middlewares get on an upgrade: it keeps headers for the 101. What else a response
 * can do makes no sense there.
 */
'use strict';

class UpgradeResponse {
  /**
   * @param {any} req
   * @param {import('node:stream').Duplex} socket
   */
  constructor(req, socket) {
    this.req = req;
    this.socket = socket;
    /** @type {Record<string, any>} */
    this.headers = {};
  }

  /**
   * @param {string} name
   * @param {any} value
   */
  setHeader(name, value) {
    this.headers[name] = value;
  }

  /** @param {string} name */
  getHeader(name) {
    return this.headers[name];
  }

  /** @param {string} name */
  removeHeader(name) {
    delete this.headers[name];
  }

  /** Ignored: the body of an upgrade's answer is not the middlewares'. */
  write() {}

  /** Ignored; packages that wrap it (on-headers) add their headers when it is called. */
  writeHead() {}

  /** Ends the connection without an answer. */
  end() {
    this.socket.destroy();
  }
}

module.exports = { UpgradeResponse };
