/**
 * One connection and the sockets it has in the namespaces: takes the packets that come in, finds the
 * socket they are for, and writes what the sockets send.
 *
 * A native connection hands packets to the sink (`onHeader`, `onData`), which reads text events
 * without building a packet, and tells it of its end. Any other connection emits events.
 */
'use strict';

const debug = require('debug')('socket.io:client');
const protocol = require('../protocol');
const { ClientSockets } = require('./client-sockets');
const { hasWaiting, takeSoon } = require('./delivery');
const { trace } = require('./trace');

const {
  PacketDecoder,
  PacketType,
  checkEvent,
  encodeEvent,
  encodeWithId,
  eventHead,
  parseArguments,
} = protocol;

/** @typedef {import('./socket').Socket} Socket */
/** @typedef {import('./namespace').Namespace} Namespace */
/** @typedef {import('./broadcast-operator').BroadcastFlags} BroadcastFlags */
/** @typedef {import('../protocol/decoder').Packet} Packet */

/** From this length on the engine quotes a string faster than JavaScript does. */
const LARGE_STRING = 1024;

/** Where a connection finds its client, so that all connections share their listeners. */
const kClient = Symbol('client');

/** Options of most writes. Not frozen: engine.io sets `compress` on what it is given. */
const DEFAULT_WRITE_OPTIONS = { compress: true };

/**
 * @this {any}
 * @param {any} data
 */
function onConnData(data) {
  this[kClient].ondata(data);
}

/**
 * @this {any}
 * @param {Error} err
 */
function onConnError(err) {
  this[kClient].onerror(err);
}

/**
 * @this {any}
 * @param {string} reason
 * @param {any} details
 */
function onConnClose(reason, details) {
  this[kClient].onclose(reason, details);
}

/** @param {Client} client */
function onConnectTimeout(client) {
  if (client.nsps.size !== 0) return;
  debug('no namespace joined yet, close the client');
  client.close();
}

/**
 * Has a socket take a packet in a tick of its own, so that what one packet's listeners throw does not
 * keep back the packets that follow.
 * @param {Socket} socket
 * @param {Packet} packet
 */
function giveInOwnTick(socket, packet) {
  process.nextTick(() => socket._onpacket(packet));
}

/**
 * Splits what a client of the third revision calls a namespace: it may end with a query, which
 * stands for the authentication data.
 * @param {string} address
 */
function splitLegacyNamespace(address) {
  const url = new URL(address, 'https://socket.io');
  const auth = Object.create(null);
  for (const [key, value] of url.searchParams) auth[key] = value;
  return { name: url.pathname, auth };
}

/** What reads for all clients that have no packet on its way. See `#decoder`. */
let commonDecoder = new PacketDecoder();

class Client extends ClientSockets {
  #isClosed = false;
  /** The application's, or that of a binary packet whose attachments are awaited. @type {any} */
  #decoder;
  #onDecoded;

  /**
   * @param {import('./server').Server} server
   * @param {any} conn a socket of the engine
   */
  constructor(server, conn) {
    super();
    trace.renew();
    this.server = server;
    this.conn = conn;
    /** @type {NodeJS.Timeout | undefined} */
    this.connectTimeout = setTimeout(onConnectTimeout, server.connectTimeout(), this);
    if (!server.usesDefaultParser) {
      this.#decoder = new server._parser.Decoder();
      this.#onDecoded = (/** @type {Packet} */ packet) => {
        const socket = this.#admit(packet);
        if (socket !== undefined) giveInOwnTick(socket, packet);
      };
      this.#decoder.on('decoded', this.#onDecoded);
    }
    if (server.usesDefaultParser && conn.setPacketSink) {
      conn.setPacketSink(this);
      return;
    }
    conn[kClient] = this;
    conn.on('data', onConnData);
    conn.on('error', onConnError);
    conn.on('close', onConnClose);
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

  /**
   * Lets the client into a namespace, if there is one of this name or a parent that creates it.
   * @param {string} name
   * @param {any} [auth]
   */
  connect(name, auth = undefined) {
    if (this.server._nsps.has(name)) {
      debug('connecting to namespace %s', name);
      this.#enter(name, auth);
      return;
    }
    this.server._checkNamespace(name, auth ?? {}, (nsp) => {
      if (nsp) {
        this.#enter(name, auth);
        return;
      }
      debug('creation of namespace %s was denied', name);
      const data = { message: 'Invalid namespace' };
      this._packet({ type: PacketType.CONNECT_ERROR, nsp: name, data });
    });
  }

  /**
   * @param {string} name
   * @param {any} auth
   */
  #enter(name, auth) {
    this.server.of(name)._add(this, auth, (socket) => {
      this.addSocket(socket);
      clearTimeout(this.connectTimeout);
      this.connectTimeout = undefined;
    });
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
   * Sends an event of one of the sockets.
   * @param {Namespace} nsp
   * @param {number | undefined} id present where an acknowledgement is wanted
   * @param {any} event
   * @param {any[]} args
   * @param {BroadcastFlags | undefined} flags
   */
  sendEvent(nsp, id, event, args, flags) {
    if (this.conn.readyState !== 'open') return;
    if (this.server.usesDefaultParser) {
      if (this.#isLargeString(args) && typeof event === 'string') {
        this.#writeString(nsp.eventPrefix + (id ?? '') + eventHead(event), args[0], flags);
        return;
      }
      const text =
        id === undefined
          ? encodeEvent(nsp.eventPrefix, event, args)
          : encodeWithId(nsp.eventPrefix, id, [event, ...args]);
      if (text !== null) {
        this.#writeText(text, flags);
        return;
      }
    }
    /** @type {any} */
    const packet = { type: PacketType.EVENT, data: [event, ...args] };
    if (id !== undefined) packet.id = id;
    packet.nsp = nsp.name;
    this._packet(packet, { ...flags, compress: flags?.compress !== false });
  }

  /**
   * Sends an acknowledgement of one of the sockets.
   * @param {Namespace} nsp
   * @param {number} id
   * @param {any[]} data
   */
  sendAck(nsp, id, data) {
    if (this.conn.readyState !== 'open') return;
    if (this.server.usesDefaultParser && this.#isLargeString(data)) {
      this.#writeString(`${nsp.ackPrefix}${id}[`, data[0], undefined);
      return;
    }
    const text = this.server.usesDefaultParser ? encodeWithId(nsp.ackPrefix, id, data) : null;
    if (text !== null) this.conn.write(text, DEFAULT_WRITE_OPTIONS);
    else this._packet({ id, type: PacketType.ACK, data, nsp: nsp.name }, { compress: true });
  }

  /**
   * @param {string} text
   * @param {BroadcastFlags | undefined} flags
   */
  #writeText(text, flags) {
    const options = this.#writeOptions(flags);
    if (options !== undefined) this.conn.write(text, options);
  }

  /**
   * Whether the engine is to write these arguments as JSON.
   * @param {any[]} args
   */
  #isLargeString(args) {
    const [value] = args;
    return (
      typeof value === 'string' &&
      value.length >= LARGE_STRING &&
      args.length === 1 &&
      typeof this.conn.writeString === 'function'
    );
  }

  /**
   * Writes a packet whose only argument is a string.
   * @param {string} before all of the packet up to the string
   * @param {string} string
   * @param {BroadcastFlags | undefined} flags
   */
  #writeString(before, string, flags) {
    const options = this.#writeOptions(flags);
    if (options !== undefined) this.conn.writeString(before, string, ']', options);
  }

  /**
   * The options of a write; undefined where a volatile packet must not be written now.
   * @param {BroadcastFlags | undefined} flags
   */
  #writeOptions(flags) {
    if (flags === undefined) return DEFAULT_WRITE_OPTIONS;
    if (flags.volatile && !this.#takesVolatile()) {
      debug('volatile packet is discarded since the transport is not currently writable');
      return undefined;
    }
    return { ...flags, compress: flags.compress !== false };
  }

  /** Whether a volatile packet may be written; a native connection drops it itself otherwise. */
  #takesVolatile() {
    const { conn } = this;
    return conn.takesVolatile ? conn.takesVolatile() : conn.transport.writable;
  }

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
   * Writes an encoded packet: how every adapter broadcasts that does not do it natively. With the
   * option `preEncoded` the same packet probably goes to others next.
   * @param {any} encoded one message, or the messages that make up the packet
   * @param {any} opts
   */
  writeToEngine(encoded, opts) {
    const { conn } = this;
    if (opts.preEncoded && typeof conn.writeShared === 'function') {
      conn.writeShared(encoded, opts);
      return;
    }
    if (opts.volatile && !this.#takesVolatile()) {
      debug('volatile packet is discarded since the transport is not currently writable');
      return;
    }
    if (!Array.isArray(encoded)) conn.write(encoded, opts);
    else if (encoded.length === 1) conn.write(encoded[0], opts);
    else if (typeof conn.writeAll === 'function') conn.writeAll(encoded, opts);
    else for (const message of encoded) conn.write(message, opts);
  }

  /**
   * Takes a message of a connection without a sink.
   * @param {any} message
   */
  ondata(message) {
    this.#receive(message, giveInOwnTick);
  }

  /**
   * Decodes a message and passes the packet that it completes, if any, on to its socket.
   * Errors: what a namespace function of the application throws counts as the client's fault, too.
   * @param {any} message
   * @param {(socket: Socket, packet: Packet) => void} give
   */
  #receive(message, give) {
    try {
      const decoder = this.#decoder ?? commonDecoder;
      const added = decoder.add(message);
      if (decoder === commonDecoder && decoder.isAssembling) {
        this.#decoder = decoder;
        commonDecoder = new PacketDecoder();
      }
      // A decoder of the application's tells by `decoded`, whatever it returns.
      const packet = this.#onDecoded === undefined ? added : undefined;
      const socket = packet ? this.#admit(packet) : undefined;
      if (socket !== undefined) give(socket, packet);
    } catch (err) {
      debug('invalid packet format');
      this.onerror(err);
    }
  }

  /**
   * Takes a text EVENT or ACK from the native engine.
   * @param {number} type
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} json the text of the array
   */
  onHeader(type, nsp, id, json) {
    this.#takeArray(type, nsp, id, json, undefined);
  }

  /**
   * Takes an EVENT with one large string, which needed no parsing.
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} name
   * @param {string} value
   */
  onString(nsp, id, name, value) {
    this.#takeArray(PacketType.EVENT, nsp, id, '', [name, value]);
  }

  /**
   * @param {number} type
   * @param {string} nsp
   * @param {number | undefined} id
   * @param {string} json
   * @param {any[] | undefined} array the values of `json`, if they are known already
   */
  #takeArray(type, nsp, id, json, array) {
    if (this.#isClosed) return;
    let data;
    let socket;
    try {
      if (this.#decoder?.isAssembling) {
        throw new Error('got plaintext data when reconstructing a packet');
      }
      data = array === undefined ? parseArguments(type, json) : checkEvent(array);
      socket = this.findSocket(this.conn.protocol === 3 ? splitLegacyNamespace(nsp).name : nsp);
      if (socket === undefined) this.#closeForState(type);
    } catch (err) {
      debug('invalid packet format');
      this.onerror(err);
      return;
    }
    if (socket === undefined) return;
    if (type === PacketType.EVENT && socket.hasPlainEvents && !hasWaiting()) {
      socket.receiveEvent(data ?? [], id);
    } else {
      takeSoon(socket, { type, nsp, id, data });
    }
  }

  /**
   * Takes any other message from the native engine.
   * @param {any} message
   */
  onData(message) {
    if (!this.#isClosed) this.#receive(message, takeSoon);
  }

  /**
   * Finds the socket that a packet is for. A packet to a namespace that the client is not in asks to
   * be let in or closes the connection.
   * @param {Packet} packet
   * @returns {Socket | undefined}
   */
  #admit(packet) {
    const isLegacy = this.conn.protocol === 3;
    const { name, auth } = isLegacy
      ? splitLegacyNamespace(packet.nsp)
      : { name: packet.nsp, auth: packet.data };
    const socket = this.findSocket(name);
    const isConnect = packet.type === PacketType.CONNECT;
    if (socket === undefined && isConnect) {
      this.connect(name, auth);
      return undefined;
    }
    if (socket === undefined || isConnect || packet.type === PacketType.CONNECT_ERROR) {
      this.#closeForState(packet.type);
      return undefined;
    }
    return socket;
  }

  /**
   * Ends a connection whose client must not send such a packet now.
   * @param {number} type of the packet
   */
  #closeForState(type) {
    debug('invalid state (packet type: %s)', type);
    this.close();
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
    this.#detach();
    for (const socket of this.allSockets()) socket._onclose(reason, details);
    this.forgetSockets();
    this.#decoder?.destroy();
  }

  /** Takes nothing more from the connection. */
  #detach() {
    this.#isClosed = true;
    const { conn } = this;
    if (conn[kClient] === this) {
      conn.removeListener('data', onConnData);
      conn.removeListener('error', onConnError);
      conn.removeListener('close', onConnClose);
    } else {
      conn.setPacketSink(undefined);
    }
    if (this.#onDecoded) this.#decoder.removeListener('decoded', this.#onDecoded);
    clearTimeout(this.connectTimeout);
    this.connectTimeout = undefined;
  }
}

module.exports = { Client };
