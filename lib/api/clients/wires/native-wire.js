/**
 * How clients use a session of the native engine. The session splits text packets before JavaScript
 * sees them, quotes large strings, and decides about volatile packets where its queue is.
 * No state: all clients share one wire.
 */
'use strict';

const { listenToEvents, stopListeningToEvents } = require('./connection-events');
const { writeOptionsOf } = require('./write-options');

/** @typedef {import('./index').Wire} Wire */
/** @typedef {import('../client').Client} Client */
/** @typedef {import('../../../engine/session/session').Socket} Session */
/** @typedef {import('../../broadcasts/broadcast-operator').BroadcastFlags} BroadcastFlags */

/** @implements {Wire} */
class NativeWire {
  /** @param {Client} client the session calls it for each packet, without events */
  listen(client) {
    client.conn.setPacketSink(client);
  }

  /** @param {Client} client */
  stopListening(client) {
    client.conn.setPacketSink(undefined);
  }

  /**
   * @param {Session} session
   * @param {any} encoded
   * @param {any} options
   */
  write(session, encoded, options) {
    if (options.preEncoded) {
      session.writeShared(encoded, options);
    } else if (Array.isArray(encoded) && (encoded.length !== 1 || options.volatile)) {
      session.writeAll(encoded, options);
    } else if (options.volatile) {
      session.writeAll([encoded], options); // `write` is engine.io's and knows no volatile packets
    } else {
      session.write(Array.isArray(encoded) ? encoded[0] : encoded, options);
    }
  }

  /**
   * @param {Session} session
   * @param {string} before
   * @param {string} string
   * @param {BroadcastFlags | undefined} flags
   */
  writeString(session, before, string, flags) {
    session.writeString(before, string, ']', writeOptionsOf(flags));
  }

  /** @param {Session} session makes its request when it is read; a look does not keep it */
  peekRequest(session) {
    return session.peekRequest();
  }

  /** @param {Session} session */
  sessionOf(session) {
    return session;
  }
}

/**
 * The same for servers with a parser of the application's. It decodes whole messages, so they come by
 * events.
 */
class NativeMessageWire extends NativeWire {
  /** @param {Client} client */
  listen(client) {
    listenToEvents(client);
    client.conn.pauseListener = client;
  }

  /** @param {Client} client */
  stopListening(client) {
    stopListeningToEvents(client);
  }
}

module.exports = { NativeMessageWire, NativeWire };
