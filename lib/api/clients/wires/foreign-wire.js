/**
 * How clients use a connection of another engine, such as the `engine.io` package: by the interface
 * that all of them have. No state: all clients share one wire.
 */
'use strict';

const debug = require('debug')('socket.io:client');
const { jsonOf } = require('../../../protocol');
const { listenToEvents, stopListeningToEvents } = require('./connection-events');
const { writeOptionsOf } = require('./write-options');

/** @typedef {import('./index').Wire} Wire */
/** @typedef {import('../client').Client} Client */
/** @typedef {import('../../broadcasts/broadcast-operator').BroadcastFlags} BroadcastFlags */

/** @implements {Wire} */
class ForeignWire {
  /** @param {Client} client */
  listen(client) {
    listenToEvents(client);
  }

  /** @param {Client} client */
  stopListening(client) {
    stopListeningToEvents(client);
  }

  /**
   * @param {any} conn
   * @param {any} encoded
   * @param {any} options
   */
  write(conn, encoded, options) {
    if (options.volatile && !conn.transport.writable) {
      debug('volatile packet is discarded since the transport is not currently writable');
      return;
    }
    if (!Array.isArray(encoded)) conn.write(encoded, options);
    else for (const message of encoded) conn.write(message, options);
  }

  /**
   * @param {any} conn
   * @param {string} before
   * @param {string} string
   * @param {BroadcastFlags | undefined} flags
   */
  writeString(conn, before, string, flags) {
    this.write(conn, `${before}${jsonOf(string)}]`, writeOptionsOf(flags));
  }

  /** @param {any} conn */
  peekRequest(conn) {
    return conn.request;
  }

  /** @returns {undefined} */
  sessionOf() {
    return undefined;
  }
}

module.exports = { ForeignWire };
