/**
 * A connection of the own port that Node serves, and that counts for its address. It stands in the place of the
 * server that counts the socket, so it hears of the end as that does. No listener of `close` would do: a socket
 * that has one is kept when its connection is handed over.
 *
 * Two private fields of Node's are used, both as old as `net.Server`: `_server` of sockets, `_connections` of servers.
 */
'use strict';

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

module.exports = { CountedLine };
