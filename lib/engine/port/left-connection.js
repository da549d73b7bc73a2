/**
 * Connections of the own port that Node serves. Some count for their address. In the place of the server that
 * counts its socket, such a one has a CountedLine, which hears of the end as that server does. No listener of
 * `close` would do: a socket that has one is kept when its connection is handed over.
 *
 * Two private fields of Node's are used, both as old as `net.Server`: `_server` of sockets, `_connections` of servers.
 */
'use strict';

const fs = require('node:fs');
const net = require('node:net');
const debug = require('debug')('engine');

/** Counts a socket in the place of its server. */
class CountedLine {
  #server;
  #native;
  #line;
  /** How often it counts: twice in a hand-over, and at last not at all. */
  #connections = 1;

  /**
   * @param {any} server that counts the connection
   * @param {import('../wire/native').NativeEngine} native
   * @param {number} line what its address counts it by
   */
  constructor(server, native, line) {
    this.#server = server;
    this.#native = native;
    this.#line = line;
  }

  get _connections() {
    return this.#connections;
  }

  set _connections(count) {
    this.#server._connections += count - this.#connections;
    this.#connections = count;
    if (count === 0) this.#native.hangUp(this.#line);
  }

  _emitCloseIfDrained() {
    this.#server._emitCloseIfDrained();
  }

  /** @param {string} event */
  listenerCount(event) {
    return this.#server.listenerCount(event);
  }
}

/**
 * Makes a socket of a connection that the I/O threads have left to Node.
 * @param {any} server
 * @param {import('../wire/native').NativeEngine} native
 * @param {number} fd
 * @param {number} line what its address counts it by; 0: by nothing
 * @returns {any} undefined where there can be none: the connection is closed
 */
function takeConnection(server, native, fd, line) {
  const counter = line === 0 ? server : new CountedLine(server, native, line);
  try {
    const socket = new net.Socket({ fd, allowHalfOpen: true, readable: true, writable: true });
    return Object.assign(socket, { server, _server: counter }); // which counts it until it is closed
  } catch (error) {
    debug('a connection cannot be taken over: %s', /** @type {Error} */ (error).message);
    fs.close(fd);
    counter._connections--;
    return undefined;
  }
}

module.exports = { takeConnection };
