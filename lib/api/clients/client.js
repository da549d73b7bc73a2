/**
 * One connection and the sockets that it has in the namespaces. It brings packets to the sockets
 * (`packet-reader.js`), writes what they send (`packet-writer.js`), and ends with the connection. What
 * depends on the engine below is left to its wire (`wires/`). There is one client per connection.
 */
'use strict';

const debug = require('debug')('socket.io:client');
const { PacketType } = require('../../protocol');
const { trace } = require('../base/trace');
const { ClientSockets } = require('./client-sockets');
const { countPaused, takeSoon } = require('./delivery');
const reader = require('./packet-reader');
const { chooseWire } = require('./wires');

/** @typedef {import('../../engine/session/receiving-session').PacketSink} PacketSink */
/** @typedef {import('../../protocol/decoder').Packet} Packet */
/** @typedef {import('../native/admission').Admission} Admission */

/** @param {Client} client */
function onConnectTimeout(client) {
  if (client.nsps.size !== 0 || client.server.nativeServer?.endIfNowhere(client)) return;
  debug('no namespace joined yet, close the client');
  client.close();
}

/**
 * @param {Client} client
 * @param {string} name of a namespace
 * @param {any} auth
 * @param {Admission | undefined} admission
 */
function enter(client, name, auth, admission) {
  const onConnected = (/** @type {import('../sockets/socket').Socket} */ socket) => {
    client.addSocket(socket);
    clearTimeout(client.connectTimeout);
    client.connectTimeout = undefined;
  };
  client.server.of(name)._add(client, auth, onConnected, admission);
}

/**
 * Has handlers in C++ say whether a client may enter a namespace.
 * @param {Client} client
 * @param {string} name
 * @param {any} auth
 * @returns {boolean} whether there are such
 */
function askCpp(client, name, auth) {
  const { nativeServer } = client.server;
  if (nativeServer?.isAskedFirst(name) !== true) return false;
  nativeServer.askFor(client, name, auth);
  return true;
}

/**
 * Lets a client into a namespace, if there is one of this name or a parent that creates it.
 * @param {Client} client
 * @param {string} name
 * @param {any} auth
 * @param {Admission} [admission] of handlers in C++ that were asked first
 */
function letIn(client, name, auth, admission) {
  if (client.server._nsps.has(name)) {
    debug('connecting to namespace %s', name);
    enter(client, name, auth, admission);
    return;
  }
  client.server._checkNamespace(name, auth ?? {}, (nsp) => {
    if (nsp) {
      // Who has made it may have had C++ say who enters.
      if (admission !== undefined || !askCpp(client, name, auth))
        enter(client, name, auth, admission);
      return;
    }
    debug('creation of namespace %s was denied', name);
    admission?.refuse();
    client.refuse(name, 'Invalid namespace');
  });
}

/** @implements {PacketSink} */
class Client extends ClientSockets {
  /** Whether nothing more is taken from the connection. */
  isClosed = false;
  /** The application's, or that of a binary packet whose attachments are awaited. @type {any} */
  decoder = undefined;
  /** The listener of the application's decoder. @type {((packet: Packet) => void) | undefined} */
  onDecoded = undefined;

  /**
   * @param {import('../server/server').Server} server
   * @param {any} conn a socket of the engine
   */
  constructor(server, conn) {
    super();
    trace.renew();
    this.server = server;
    this.conn = conn;
    this.wire = chooseWire(conn, server.usesDefaultParser);
    /** @type {NodeJS.Timeout | undefined} */
    this.connectTimeout = setTimeout(onConnectTimeout, server.connectTimeout(), this);
    if (!server.usesDefaultParser) reader.startParser(this);
    this.wire.listen(this);
  }

  /** The id of the connection. It must not be shown to other clients. @returns {string} */
  get id() {
    return this.conn.id;
  }

  set id(value) {
    Object.defineProperty(this, 'id', { value, enumerable: true, writable: true });
  }

  /** The HTTP request that opened the connection. @returns {any} */
  get request() {
    return this.conn.request;
  }

  /** The session of the native engine, for rooms; undefined on any other engine. */
  get nativeSession() {
    return this.wire.sessionOf(this.conn);
  }

  /**
   * Lets the client into a namespace, if there is one of this name or a parent that creates it. Where
   * handlers in C++ say who may enter, they are asked first.
   * @param {string} name
   * @param {any} [auth]
   */
  connect(name, auth = undefined) {
    const refusal = this.refusalOfMore();
    if (refusal) this.refuse(name, refusal.message);
    else if (!askCpp(this, name, auth)) letIn(this, name, auth);
  }

  /** Why the client gets into no further namespace, once it is in as many as it may be in. */
  refusalOfMore() {
    const { maxNamespacesPerClient } = this.server.opts;
    if (maxNamespacesPerClient === undefined || this.socketCount < maxNamespacesPerClient) {
      return undefined;
    }
    return new Error('Too many namespaces');
  }

  /**
   * @param {string} name of a namespace
   * @param {string} message
   */
  refuse(name, message) {
    this._packet({ type: PacketType.CONNECT_ERROR, nsp: name, data: { message } });
  }

  /** Disconnects from every namespace and closes the connection. */
  _disconnect() {
    for (const socket of this.allSockets()) socket.disconnect();
    this.close();
  }

  /** Closes the connection. */
  close() {
    if (this.conn.readyState !== 'open') return;
    debug('forcing transport close');
    this.conn.close();
    this.onclose('forced server close');
  }

  /**
   * Ends a connection that its client has given up: it has come back on another one. The client may
   * still read the old one; DISCONNECT then keeps it from coming back a third time.
   */
  abandon() {
    if (this.conn.readyState !== 'open') return;
    debug('the client has come back on another connection');
    for (const socket of this.allSockets()) socket.packet({ type: PacketType.DISCONNECT });
    this.onclose('transport close'); // first, or the reason would be that of the next line
    this.conn.close(true);
  }

  // Out.

  /**
   * Encodes and writes any packet.
   * @param {any} packet or what it is encoded as, with the option `preEncoded`
   * @param {any} [opts]
   */
  _packet(packet, opts = {}) {
    if (this.conn.readyState !== 'open') {
      debug('ignoring packet write %j', packet);
      return;
    }
    const encoded = opts.preEncoded ? packet : this.server.encoder.encode(packet);
    this.writeToEngine(encoded, opts);
  }

  /**
   * Writes an encoded packet. Adapters that do not broadcast natively call it for each recipient,
   * with the option `preEncoded`.
   * @param {any} encoded one message, or the messages that make up the packet
   * @param {any} opts
   */
  writeToEngine(encoded, opts) {
    this.wire.write(this.conn, encoded, opts);
  }

  // In. The connection calls these: by its events, or as its sink for packets.

  /**
   * Takes a message that came as an event.
   * @param {any} message
   */
  ondata(message) {
    reader.readMessage(this, message, reader.giveLater);
  }

  /**
   * Takes a text EVENT or ACK from the native engine.
   * @param {number} type
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} json the text of the array
   */
  onPacket(type, nsp, id, json) {
    reader.readPieces(this, type, nsp, id, json, undefined);
  }

  /**
   * Takes an EVENT with one large string from the native engine. The string needed no parsing.
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} name
   * @param {string} value
   */
  onString(nsp, id, name, value) {
    reader.readPieces(this, PacketType.EVENT, nsp, id, '', [name, value]);
  }

  /**
   * Takes any other message from the native engine.
   * @param {any} message
   */
  onData(message) {
    if (!this.isClosed) reader.readMessage(this, message, takeSoon);
  }

  /**
   * Handlers in C++ have nothing against the client in a namespace.
   * @param {string} name
   * @param {any} auth
   * @param {Admission} admission
   */
  onAdmitted(name, auth, admission) {
    try {
      if (this.findSocket(name) === undefined) letIn(this, name, auth, admission);
      else admission.refuse(); // it came in before they were asked
    } catch (err) {
      this.onerror(err); // a namespace function of the application has thrown
    }
  }

  /**
   * The connection is paused, or no longer.
   * @param {boolean} isPaused
   */
  onPause(isPaused) {
    countPaused(isPaused);
  }

  /**
   * Ends the connection after a violation of the protocol.
   * @param {any} err
   */
  onerror(err) {
    for (const socket of this.allSockets()) socket._onerror(err);
    this.conn.close();
  }

  /**
   * Ends the client with its connection.
   * @param {string} reason
   * @param {any} [details]
   */
  onclose(reason, details) {
    debug('client close with reason %s', reason);
    this.isClosed = true;
    this.wire.stopListening(this);
    reader.stopParser(this);
    clearTimeout(this.connectTimeout);
    this.connectTimeout = undefined;
    for (const socket of this.allSockets()) socket._onclose(reason, details);
    this.forgetSockets();
    this.decoder?.destroy();
  }
}

module.exports = { Client };
