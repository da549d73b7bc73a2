/**
 * The `res` that middlewares get on an upgrade. As long as they only set headers, these go into the
 * 101. A middleware that answers by itself refuses the upgrade: the client gets that answer, and its
 * connection is closed.
 */
'use strict';

const { ServerResponse } = require('node:http');

class UpgradeResponse extends ServerResponse {
  #stream;
  #isAccepted = false;

  /**
   * @param {any} req
   * @param {import('node:stream').Duplex} stream
   */
  constructor(req, stream) {
    super(req);
    this.#stream = stream;
    this.socket = /** @type {any} */ (stream);
    this.shouldKeepAlive = false;
  }

  /**
   * The upgrade goes on.
   * @returns {Record<string, any>} the headers for the 101, by their names as they were given
   */
  accept() {
    const { statusCode } = this;
    // Middlewares like express-session add their headers when they see this call.
    this.writeHead(/** @type {any} */ (undefined));
    this.statusCode = statusCode;
    this.#isAccepted = true;
    /** @type {Record<string, any>} */
    const headers = {};
    for (const name of /** @type {any} */ (this).getRawHeaderNames()) {
      headers[name] = this.getHeader(name);
    }
    return headers;
  }

  /**
   * Every answer begins here. Without a status it is the call of `accept`.
   * @param {number} statusCode
   * @param {any[]} rest
   */
  writeHead(statusCode, ...rest) {
    if (statusCode === undefined) return this;
    super.writeHead(statusCode, ...rest);
    if (this.#isAccepted) this.#stream.destroy();
    else if (!this.#stream.destroyed) this.#answer();
    return this;
  }

  /** What is written from now on goes to the client, and the end of it ends the connection. */
  #answer() {
    const stream = /** @type {any} */ (this.#stream);
    stream.on('drain', () => this.emit('drain'));
    this.on('finish', () => {
      this.detachSocket(stream);
      stream.end(() => stream.destroy());
    });
    this.assignSocket(stream);
    // The client may have sent more: bytes that nobody has read would turn the end into a reset.
    stream.resume();
  }
}

module.exports = { UpgradeResponse };
