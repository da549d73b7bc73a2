/**
 * The attached door: requests and upgrades that Node's HTTP servers parsed, on their way to the I/O
 * threads and back. What a request is allowed to do is decided there; here the application's hooks
 * are asked, and answers are written.
 */
'use strict';

const { serialize } = require('cookie');
const { Bridge } = require('./bridge');
const { abandon, descriptorOf, headerLines, readAhead, uncount } = require('./hand-over');
const { sourceOf } = require('./handshake-request');
const { chooseEncoding, writeCompressed } = require('./http-compression');
const { logEngine, logPolling } = require('./log');
const { readBody } = require('./post-body');
const { TakenSocket } = require('./taken-socket');
const { newTransport, transportError } = require('./transport');
const { contextOf } = require('./refusals');

/** The id of requests that an I/O thread has served by itself. */
const OWN_PORT = 0;
const CUT_POST = 'data request connection closed prematurely';

/** @typedef {import('./engine').Engine} Engine */
/**
 * @typedef {object} Pending A request that waits for the I/O thread.
 * @property {any} req
 * @property {(answer: Answer) => void} answer
 * @property {(code?: number, context?: any) => void} [verified] of one that is only to be verified
 * @property {Opening} [opening]
 */
/**
 * @typedef {object} Opening What the steps of a handshake have made for the session.
 * @property {import('./transport').Transport | undefined} transport
 * @property {((transport: import('./transport').Transport | undefined) => void) | undefined} onOpen
 *   gets the transport of the new session
 */
/** @typedef {{ socket: any, head: Buffer, headers: Record<string, any> }} Held */
/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {string | undefined} contentType
 * @property {boolean} noStore
 * @property {boolean} chunked
 * @property {boolean} compress whether one of the packets in it asks for compression
 * @property {Buffer} body
 */
/**
 * @typedef {object} Upgrade A connection that was handed over.
 * @property {any} req until its session is told
 * @property {any} server that counts it
 * @property {TakenSocket | undefined} taken in place of Node's socket
 * @property {Bridge | import('./webtransport').StreamCarrier | undefined} bridge
 * @property {import('./socket').Socket | undefined} session that it may be a new transport for
 * @property {Opening | undefined} opening
 */

class Door {
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #requests = new Map();
  /** From the hand-over to the end of the connection. @type {Map<number, Upgrade>} */
  #upgrades = new Map();
  /** What an upgrade consists of, until it is handed over. @type {WeakMap<any, Held>} */
  #held = new WeakMap();

  /** The transports that sessions on the own port are about to get, where they were looked at. */
  /** @type {WeakMap<import('./socket').Socket, import('./transport').Transport>} */
  #ownUpgrades = new WeakMap();

  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
  }

  /** How many connections keep the event loop running. */
  get liveConnections() {
    return this.#upgrades.size;
  }

  /** @param {number} id */
  bridge(id) {
    return this.#upgrades.get(id)?.bridge;
  }

  /**
   * The request of a handshake or an upgrade. It is not kept here once its session has been told.
   * @param {number} id
   */
  #takeRequest(id) {
    const upgrade = this.#upgrades.get(id);
    if (upgrade === undefined) return this.#requests.get(id)?.req;
    const { req } = upgrade;
    upgrade.req = undefined;
    return req;
  }

  /**
   * What a session is opened by.
   * @param {number} id
   * @returns {{ req: any } & Partial<Opening>}
   */
  takeOpening(id) {
    const entry = this.#upgrades.get(id) ?? this.#requests.get(id);
    const opening = entry?.opening;
    if (entry !== undefined) entry.opening = undefined;
    return { req: this.#takeRequest(id), ...opening };
  }

  /**
   * A session has got the connection of an upgrade.
   * @param {number} id
   * @param {import('./socket').Socket} session
   */
  carry(id, session) {
    this.#upgrades.get(id)?.taken?.carry(session);
  }

  /**
   * What is kept of an upgrade's request that nobody has seen.
   * @param {number} id
   * @param {any} req
   * @returns {import('./handshake-request').RequestSource | undefined}
   */
  sourceOf(id, req) {
    const server = this.#upgrades.get(id)?.server;
    return server && !this.engine.isHooked() ? sourceOf(req, server) : undefined;
  }

  /**
   * Lets the I/O thread open a session, or upgrade one.
   * @param {any} req of a handshake, with its response as `res`, or of an upgrade that is held
   * @param {string} sid for a new session; empty: the I/O thread chooses
   * @param {import('./transport').Transport | undefined} transport
   * @param {Opening['onOpen']} [onOpen]
   */
  open(req, sid, transport, onOpen) {
    const opening = transport || onOpen ? { transport, onOpen } : undefined;
    const held = this.#held.get(req);
    this.#held.delete(req);
    if (held === undefined) this.#handOver(req, req.res, undefined, sid, opening);
    else this.#handOverStream(req, held, sid, opening);
  }

  // HTTP requests.

  /**
   * Serves a request that the middlewares and hooks let through.
   * @param {any} req
   * @param {any} res
   */
  request(req, res) {
    const { sid } = req._query;
    if (sid in this.engine.clients) logEngine('setting new request for existing client');
    if (sid && req.method === 'POST') this.#post(req, res, this.engine.clients[sid]);
    else this.#handOver(req, res);
  }

  /**
   * Reads the body first, if there is a session that can make use of it.
   * @param {any} req
   * @param {any} res
   * @param {import('./socket').Socket | undefined} session
   */
  #post(req, res, session) {
    if (!session?.isPolling) {
      this.#handOver(req, res); // to be refused
      return;
    }
    const failure = postFailure(req, session);
    if (failure !== undefined) {
      session.fail('transport error', transportError(failure));
      res.writeHead(400);
      res.end();
      return;
    }
    session.post = { req, res };
    req.res = null; // sessions keep their first request: it must not keep its response
    const { maxHttpBufferSize } = session.seenTransport ?? this.engine.opts;
    readBody(req, maxHttpBufferSize, {
      onEnd: (body) => {
        session.post = undefined;
        this.#handOver(req, res, body);
      },
      onTooLarge: () => {
        session.post = undefined;
        res.writeHead(413);
        res.end();
      },
      onCut: () => {
        session.post = undefined;
        session.fail('transport error', transportError(CUT_POST));
      },
    });
  }

  /**
   * @param {any} req
   * @param {any} res
   * @param {Buffer} [body]
   * @param {string} [sid] for a new session; empty: the engine chooses
   * @param {Opening} [opening]
   */
  #handOver(req, res, body, sid, opening) {
    const id = this.#nextId();
    const { native } = this.engine;
    const thread = native.request(this.#describe(req, id, { sid }), body);
    req.res = null;
    /** @type {import('./socket').Socket | undefined} */
    const session = this.engine.clients[req._query.sid];
    const isPoll = session?.isPolling && req.method === 'GET' && session.poll === undefined;
    if (isPoll) {
      logPolling('setting request');
      session.onPoll({ req, res });
    }
    const end = () => {
      if (isPoll && session.poll?.req === req) session.poll = undefined;
    };
    const answer = (/** @type {Answer} */ it) => {
      end();
      this.#respond(req, res, it);
    };
    this.#requests.set(id, { req, answer, opening });
    if (!req._query.sid || body !== undefined) return;
    const abort = () => {
      end();
      if (this.#requests.delete(id)) native.abort(thread, id);
    };
    if (res.destroyed) abort();
    else res.on('close', abort);
  }

  /**
   * The I/O thread answers a request.
   * @param {number} id
   * @param {Answer} answer
   */
  onResponse(id, answer) {
    const pending = this.#requests.get(id);
    this.#requests.delete(id);
    pending?.answer(answer);
  }

  /**
   * @param {any} req
   * @param {any} res
   * @param {Answer} answer
   */
  #respond(req, res, { status, contentType, noStore, chunked, compress, body }) {
    if (res.headersSent || res.destroyed) return;
    const session = this.engine.clients[req._query.sid || req[this.engine.sidOfRequest]];
    const { httpCompression } = session?.seenTransport ?? this.engine.opts;
    const encoding = compress ? chooseEncoding(req, body.length, httpCompression) : undefined;
    /** @type {Record<string, any>} */
    const headers = {};
    if (contentType) headers['Content-Type'] = contentType;
    if (encoding) headers['Content-Encoding'] = encoding;
    else if (!chunked && status === 200) {
      // Listeners of `headers` see them as engine.io writes them: a text for the answer of a POST.
      headers['Content-Length'] = contentType === 'text/html' ? `${body.length}` : body.length;
    }
    if (status === 200) {
      this.#addSessionHeaders(headers, req, noStore);
      if (req._query.sid) session?.seenTransport?.emit('headers', headers, req);
    }
    res.writeHead(status, headers);
    if (status === 200 && req.method === 'GET') logPolling('writing "%s"', body);
    if (encoding) logPolling('compressing');
    if (encoding) writeCompressed(res, body, encoding, httpCompression);
    else res.end(body.length > 0 ? body : undefined);
  }

  /**
   * @param {Record<string, any>} headers
   * @param {any} req
   * @param {boolean} noStore
   */
  #addSessionHeaders(headers, req, noStore) {
    const { engine } = this;
    const agent = req.headers['user-agent'];
    // Old Internet Explorer's filter mistakes payloads for script injection.
    if (agent && (agent.includes(';MSIE') || agent.includes('Trident/'))) {
      headers['X-XSS-Protection'] = '0';
    }
    if (noStore) headers['cache-control'] = 'no-store';
    if (!req._query.sid) {
      const { cookie } = engine.opts;
      if (cookie) {
        const id = req[engine.sidOfRequest];
        headers['Set-Cookie'] = [serialize(cookie.name, id, cookie)];
      }
      engine.emit('initial_headers', headers, req);
    }
    engine.emit('headers', headers, req);
  }

  /**
   * The I/O thread refuses a request; its answer, if it is an HTTP request, follows.
   * @param {number} id
   * @param {number} code
   * @param {string} name of the context
   * @param {any} ownReq the request, if it came by the own port
   */
  onRefused(id, code, name, ownReq) {
    const { engine } = this;
    if (ownReq !== undefined) {
      const session = engine.clients[ownReq._query.sid];
      engine.emitConnectionError(ownReq, code, contextOf(ownReq, code, name, session));
      return;
    }
    const verified = this.#requests.get(id)?.verified;
    this.endUpgrade(id);
    const { req, onOpen } = this.takeOpening(id);
    const context = contextOf(req, code, name, engine.clients[req._query.sid]);
    if (verified) {
      verified(code, context);
      return;
    }
    engine.emitConnectionError(req, code, context);
    onOpen?.(undefined);
  }

  /**
   * Asks the I/O thread whether a request is valid.
   * @param {any} req
   * @param {boolean} upgrade
   * @param {(code?: number, context?: any) => void} verified
   */
  verify(req, upgrade, verified) {
    const id = this.#nextId();
    const description = this.#describe(req, id, { upgrade, verifyOnly: true });
    this.engine.native.request(description, undefined);
    this.#requests.set(id, { req, answer: () => {}, verified });
  }

  /** @param {number} id */
  onVerified(id) {
    const pending = this.#requests.get(id);
    this.#requests.delete(id);
    pending?.verified?.();
  }

  // Upgrades.

  /**
   * Keeps an upgrade until `open`.
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
   * @param {any} req
   * @param {Held} held
   * @param {string} sid
   * @param {Opening | undefined} opening
   */
  #handOverStream(req, { socket, head, headers }, sid, opening) {
    if (socket.destroyed) return;
    const { native } = this.engine;
    const id = this.#nextId();
    const descriptor = descriptorOf(socket);
    const description = this.#describe(req, id, { upgrade: true, sid });
    let thread = -1;
    try {
      const handshake = {
        key: req.headers['sec-websocket-key'],
        version: req.headers['sec-websocket-version'],
        upgrade: req.headers.upgrade,
        protocols: req.headers['sec-websocket-protocol'],
        extensions: req.headers['sec-websocket-extensions'],
        lines: headerLines(headers),
      };
      // A bridge reads on; here a read in the middle of a write would leave a duplex pair stuck.
      const first = descriptor < 0 ? head : readAhead(socket, head);
      thread = native.upgrade(description, handshake, first, descriptor);
    } finally {
      if (thread < 0) socket.destroy(); // out of descriptors, or an impossible header
    }
    if (thread < 0) return;
    const session = this.#candidateOf(req._query.sid);
    if (descriptor >= 0) {
      const taken = new TakenSocket(socket);
      const server = abandon(socket);
      req.socket = req.client = taken;
      this.#upgrades.set(id, { req, server, taken, bridge: undefined, session, opening });
    } else {
      const bridge = new Bridge(native, id, socket);
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
    this.engine.updateRef();
  }

  /**
   * Hands a WebTransport stream over.
   * @param {any} inPlaceOfRequest
   * @param {import('./webtransport').StreamCarrier} carrier
   * @param {import('./webtransport').Opening} opening
   */
  webTransport(inPlaceOfRequest, carrier, { sid, head }) {
    const { engine } = this;
    engine.syncOptions();
    const id = this.#nextId();
    const thread = engine.native.webTransport(id, sid, head);
    this.#upgrades.set(id, {
      req: inPlaceOfRequest,
      server: undefined,
      taken: undefined,
      bridge: carrier,
      session: this.#candidateOf(sid),
      opening: undefined,
    });
    carrier.start(id, thread);
    engine.updateRef();
  }

  /**
   * The session that an upgrade will be a new transport for, if it is the first that tries.
   * @param {string} sid
   * @returns {import('./socket').Socket | undefined}
   */
  #candidateOf(sid) {
    const session = this.engine.clients[sid];
    if (session === undefined || session.upgrading || session.upgraded) return undefined;
    session.upgrading = true;
    return session;
  }

  /**
   * A new transport was probed.
   * @param {number} id
   * @param {import('./socket').Socket} session
   * @param {string} to the transport's name
   */
  onUpgrading(id, session, to) {
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
   * @param {import('./socket').Socket} session
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
    this.endUpgrade(id);
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
   * @param {import('./socket').Socket} [session] if the I/O thread names it
   */
  endUpgrade(id, session) {
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
    this.endUpgrade(id);
    const upgrade = this.#upgrades.get(id);
    this.#upgrades.delete(id);
    uncount(upgrade?.server);
    upgrade?.taken?.onGone();
    this.engine.updateRef();
  }

  /**
   * @param {any} req
   * @param {number} id
   * @param {{ sid?: string, upgrade?: boolean, verifyOnly?: boolean }} more
   */
  #describe(req, id, { sid = '', upgrade = false, verifyOnly = false }) {
    this.engine.syncOptions();
    return {
      id,
      method: req.method,
      target: targetOf(req),
      origin: req.headers.origin,
      upgrade,
      verifyOnly,
      sid,
      contentType: req.headers['content-type'],
    };
  }

  #nextId() {
    this.#lastId = (this.#lastId % 0x7fffffff) + 1;
    return this.#lastId;
  }
}

/**
 * Why the body of a POST cannot be read, if it cannot.
 * @param {any} req
 * @param {import('./socket').Socket} session
 */
function postFailure(req, session) {
  if (session.post !== undefined) return 'data request overlap from client';
  // The client has gone while a middleware thought, or something before us has read the body.
  return req.destroyed ? CUT_POST : undefined;
}

/**
 * What is kept of a socket that an I/O thread has taken over.
 * @param {any} socket
 */
function addressOf({ remoteAddress, remoteFamily, remotePort, encrypted }) {
  return { remoteAddress, remoteFamily, remotePort, encrypted };
}

/**
 * The query that hooks and other packages may have changed, as a target again.
 * @param {any} req
 */
function targetOf(req) {
  return `/?${new URLSearchParams(req._query)}`;
}

module.exports = { Door };
