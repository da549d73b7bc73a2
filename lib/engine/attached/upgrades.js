/**
 * Hands upgrades and WebTransport streams to the I/O threads, and keeps the books of their connections from
 * there on. Their sessions and HTTP servers hear from here what happens to them. Bound: one entry for a
 * connection, until its end; it lets go of the request once the session has been told.
 */
'use strict';

const { NodeStream } = require('./node-stream');
const { abandon, descriptorOf, headerLines, readAhead, uncount } = require('./take-over');
const { sourceOf } = require('../session/handshake-request');
const { logEngine } = require('../base/log');
const { isNode } = require('../wire/platform');
const { ERRORS, refuseUpgrade } = require('../http/refusals');
const { DetachedSocket } = require('../session/detached-socket');
const { StandInHandle, isTracked } = require('./tracked-socket');
const { newTransport } = require('../session/transport');

/** The id of upgrades that an I/O thread has served by itself. */
const OWN_PORT = 0;

/** @typedef {import('../engine').Engine} Engine */
/**
 * @typedef {object} Opening What the steps of a handshake have made for the session.
 * @property {import('../session/transport').Transport | undefined} transport
 * @property {((transport: import('../session/transport').Transport | undefined) => void) | undefined} onOpen
 *   gets the transport of the new session
 */
/** @typedef {{ socket: any, head: Buffer, headers: Record<string, any> }} Held */
/**
 * @typedef {object} Upgrade A connection that was handed over.
 * @property {any} req until its session is told
 * @property {any} server that counts it
 * @property {DetachedSocket | StandInHandle | undefined} taken in place of Node's socket, or of its handle
 * @property {NodeStream | import('./webtransport').StreamCarrier | undefined} bridge
 * @property {import('../session/session').Socket | undefined} session that it may be a new transport for
 * @property {Opening | undefined} opening
 */

class Upgrades {
  #engine;
  /** From the hand-over to the end of the connection. @type {Map<number, Upgrade>} */
  #upgrades = new Map();
  /** What an upgrade consists of, until it is handed over. @type {WeakMap<any, Held>} */
  #held = new WeakMap();

  /** The transports that sessions on the own port are about to get, where they were looked at. */
  /** @type {WeakMap<import('../session/session').Socket, import('../session/transport').Transport>} */
  #ownUpgrades = new WeakMap();

  /** @param {Engine} engine */
  constructor(engine) {
    this.#engine = engine;
  }

  /** How many connections keep the event loop running. */
  get liveConnections() {
    return this.#upgrades.size;
  }

  /** @param {number} id */
  has(id) {
    return this.#upgrades.has(id);
  }

  /** @param {number} id */
  bridge(id) {
    return this.#upgrades.get(id)?.bridge;
  }

  // To the I/O thread.

  /**
   * Keeps an upgrade until the door opens its session.
   * @param {any} req
   * @param {import('node:stream').Duplex} socket
   * @param {Buffer} head
   * @param {Record<string, any>} headers that the middlewares have set for the answer
   */
  hold(req, socket, head, headers) {
    this.#held.set(req, { socket, head, headers });
    logEngine('writing headers: %j', headers);
    if (req._query.sid) logEngine('upgrading existing transport');
  }

  /**
   * Whether the I/O thread will not refuse the WebSocket handshake itself.
   * @param {any} req
   * @returns {boolean}
   */
  isAcceptable(req) {
    return this.#engine.native.isAcceptable(req.method, handshakeOf(req));
  }

  /**
   * Takes out what is held of an upgrade, if the request is one.
   * @param {any} req
   * @returns {Held | undefined}
   */
  release(req) {
    const held = this.#held.get(req);
    this.#held.delete(req);
    return held;
  }

  /**
   * Hands an upgrade over.
   * @param {any} req
   * @param {Held} held with a socket that is not destroyed
   * @param {import('../wire/native').NativeRequest} description of the request, for the I/O thread
   * @param {Opening | undefined} opening
   */
  handOver(req, { socket, head, headers }, description, opening) {
    const { native } = this.#engine;
    const { id } = description;
    const lines = this.#linesOf(headers, req, socket);
    if (lines === undefined) return;
    const isKept = isTracked(socket);
    // Only Node's sockets can be kept without their handle.
    const descriptor = isKept && !isNode() ? -1 : descriptorOf(socket);
    this.#engine.commands.flush(); // with the requests that came before
    let thread = -1;
    try {
      const handshake = { ...handshakeOf(req), lines };
      // A bridge reads on; here a read in the middle of a write would leave a duplex pair stuck.
      const first = descriptor < 0 ? head : readAhead(socket, head);
      thread = native.upgrade(description, handshake, first, descriptor);
    } finally {
      if (thread < 0) socket.destroy(); // out of descriptors
    }
    if (thread < 0) return;
    const session = this.#candidateOf(req._query.sid);
    if (descriptor >= 0 && isKept) {
      const taken = new StandInHandle(socket, () => this.#cutOff(thread, id));
      const server = undefined; // Node counts the connection
      this.#upgrades.set(id, { req, server, taken, bridge: undefined, session, opening });
    } else if (descriptor >= 0) {
      const taken = new DetachedSocket(socket);
      const server = abandon(socket);
      req.socket = req.client = taken;
      this.#upgrades.set(id, { req, server, taken, bridge: undefined, session, opening });
    } else {
      const bridge = new NodeStream(this.#engine, id, socket);
      this.#upgrades.set(id, {
        req,
        server: undefined,
        taken: undefined,
        bridge,
        session,
        opening,
      });
      bridge.start(thread);
    }
    this.#engine.keepAlive.update();
  }

  /**
   * The lines of the answer's headers. The upgrade is refused if HTTP forbids one of them. A hook may have
   * copied it from what the client sent, and no client may end the process by an exception.
   * @param {Record<string, any>} headers
   * @param {any} req
   * @param {any} socket
   * @returns {string | undefined} undefined: it is refused
   */
  #linesOf(headers, req, socket) {
    try {
      return headerLines(headers);
    } catch (error) {
      const code = ERRORS.BAD_REQUEST;
      this.#engine.figures.noteRefusal(code);
      this.#engine.emitConnectionError(req, code, { name: 'INVALID_HEADER', error });
      refuseUpgrade(socket, code);
      return undefined;
    }
  }

  /**
   * Ends a connection that carries no session, or is a new transport that is not taken yet.
   * @param {number} thread
   * @param {number} id
   */
  #cutOff(thread, id) {
    this.#engine.commands.flush();
    this.#engine.native.cutOff(thread, id);
  }

  /**
   * Hands a WebTransport stream over.
   * @param {number} id
   * @param {any} inPlaceOfRequest
   * @param {import('./webtransport').StreamCarrier} carrier
   * @param {import('./webtransport').Opening} opening
   */
  handOverStream(id, inPlaceOfRequest, carrier, { sid, head }) {
    const thread = this.#engine.native.webTransport(id, sid, head);
    this.#upgrades.set(id, {
      req: inPlaceOfRequest,
      server: undefined,
      taken: undefined,
      bridge: carrier,
      session: this.#candidateOf(sid),
      opening: undefined,
    });
    carrier.start(id, thread);
    this.#engine.keepAlive.update();
  }

  /**
   * The session that an upgrade will be a new transport for, if it is the first that tries.
   * @param {string} sid
   * @returns {import('../session/session').Socket | undefined}
   */
  #candidateOf(sid) {
    const session = this.#engine.clients[sid];
    if (session === undefined || session.upgrading || session.upgraded) return undefined;
    session.upgrading = true;
    return session;
  }

  // From the I/O thread.

  /**
   * What a session is opened by. The request is not kept here once its session has been told.
   * @param {number} id
   * @returns {{ req: any } & Partial<Opening>}
   */
  takeOpening(id) {
    const upgrade = this.#upgrades.get(id);
    if (upgrade === undefined) return { req: undefined };
    const { req, opening } = upgrade;
    upgrade.req = upgrade.opening = undefined;
    return { req, ...opening };
  }

  /**
   * What is kept of an upgrade's request that nobody has seen.
   * @param {number} id
   * @param {any} req
   * @returns {import('../session/handshake-request').RequestSource | undefined}
   */
  sourceOf(id, req) {
    const server = this.#upgrades.get(id)?.server;
    return server && !this.#engine.isHooked() ? sourceOf(req, server) : undefined;
  }

  /**
   * A session has got the connection of an upgrade.
   * @param {number} id
   * @param {import('../session/session').Socket} session
   */
  carry(id, session) {
    this.#upgrades.get(id)?.taken?.carry(session);
  }

  /**
   * A new transport was probed.
   * @param {number} id
   * @param {import('../session/session').Socket} session
   * @param {string} to the transport's name
   */
  onUpgrading(id, session, to) {
    if (session.readyState === 'closed') return; // since the I/O thread has told of it
    if (id === OWN_PORT) {
      session.upgrading = true;
      if (session.listenerCount('upgrading') === 0) return;
      const transport = newTransport(to, session.request, undefined);
      this.#ownUpgrades.set(session, transport);
      session.emit('upgrading', transport);
      return;
    }
    if (session.listenerCount('upgrading') === 0) return;
    const upgrade = /** @type {Upgrade} */ (this.#upgrades.get(id));
    const { req } = upgrade;
    const transport = upgrade.opening?.transport ?? newTransport(to, req, addressOf(req.socket));
    upgrade.opening = { transport, onOpen: undefined };
    session.emit('upgrading', transport);
  }

  /**
   * A new transport has replaced the former one.
   * @param {number} id
   * @param {import('../session/session').Socket} session
   * @param {string} to the transport's name
   */
  onUpgrade(id, session, to) {
    if (id === OWN_PORT) {
      session.onUpgrade(to, this.#ownUpgrades.get(session), undefined);
      this.#ownUpgrades.delete(session);
      return;
    }
    const { req, transport } = this.takeOpening(id);
    const address = addressOf(req.socket);
    this.carry(id, session);
    this.end(id);
    const isSeen = transport !== undefined || req.websocket !== undefined;
    session.onUpgrade(
      to,
      isSeen ? (transport ?? newTransport(to, req, address)) : undefined,
      address,
    );
  }

  /**
   * A new transport will not, or no longer, replace the former one.
   * @param {number} id
   * @param {import('../session/session').Socket} [session] if the I/O thread names it
   */
  end(id, session) {
    if (id === OWN_PORT && session !== undefined) {
      session.upgrading = false;
      this.#ownUpgrades.get(session)?.onClose();
      this.#ownUpgrades.delete(session);
    }
    const upgrade = this.#upgrades.get(id);
    if (upgrade?.session === undefined) return;
    upgrade.session.upgrading = false;
    upgrade.session = undefined;
    upgrade.opening?.transport?.onClose();
  }

  /**
   * The connection of an upgrade is over.
   * @param {number} id
   */
  onGone(id) {
    this.end(id);
    const upgrade = this.#upgrades.get(id);
    this.#upgrades.delete(id);
    uncount(upgrade?.server);
    upgrade?.taken?.onGone();
    this.#engine.keepAlive.update();
  }
}

/**
 * The headers that the WebSocket handshake looks at.
 * @param {any} req
 */
function handshakeOf({ headers }) {
  return {
    key: headers['sec-websocket-key'],
    version: headers['sec-websocket-version'],
    upgrade: headers.upgrade,
    protocols: headers['sec-websocket-protocol'],
    extensions: headers['sec-websocket-extensions'],
  };
}

/**
 * What is kept of a socket that an I/O thread has taken over.
 * @param {any} socket
 */
function addressOf({ remoteAddress, remoteFamily, remotePort, encrypted }) {
  return { remoteAddress, remoteFamily, remotePort, encrypted };
}

module.exports = { Upgrades };
