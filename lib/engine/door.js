/**
 * The attached door: requests and upgrades that Node's HTTP servers parsed, on their way to the I/O
 * threads and back. What a request is allowed to do is decided there; here the application's hooks
 * are asked, and answers are written.
 */
'use strict';

const { serialize } = require('cookie');
const { Bridge } = require('./bridge');
const { abandon, descriptorOf, headerLines, readAhead, uncount } = require('./hand-over');
const { chooseEncoding, writeCompressed } = require('./http-compression');
const { readBody } = require('./post-body');
const { transportError } = require('./transport');
const { ERRORS, ERROR_MESSAGES, contextOf, refuseRequest, refuseUpgrade } = require('./refusals');

const CUT_POST = 'data request connection closed prematurely';

/** @typedef {import('./engine').Engine} Engine */
/**
 * @typedef {object} Pending A request that waits for the I/O thread.
 * @property {any} req
 * @property {(answer: Answer) => void} answer
 * @property {() => void} [proceed] goes on when the request has been verified
 */
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
 * @property {Bridge | undefined} bridge
 */

class Door {
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #requests = new Map();
  /** From the hand-over to the end of the connection. @type {Map<number, Upgrade>} */
  #upgrades = new Map();

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
  takeRequest(id) {
    const upgrade = this.#upgrades.get(id);
    if (upgrade === undefined) return this.#requests.get(id)?.req;
    const { req } = upgrade;
    upgrade.req = undefined;
    return req;
  }

  // HTTP requests.

  /**
   * Serves a request that the middlewares let through.
   * @param {any} req
   * @param {any} res
   */
  request(req, res) {
    const { sid } = req._query;
    if (!sid) this.#handshake(req, res);
    else if (req.method === 'POST') this.#post(req, res, this.engine.clients[sid]);
    else this.#handOver(req, res);
  }

  /**
   * @param {any} req
   * @param {any} res
   */
  #handshake(req, res) {
    if (!this.#hasHooks()) {
      this.#handOver(req, res);
      return;
    }
    const proceed = () => {
      this.#runHooks(
        req,
        (sid) => this.#handOver(req, res, undefined, sid),
        (code, context) => {
          this.engine.emitConnectionError(req, code, context);
          refuseRequest(res, code, context.message);
        },
      );
    };
    this.#verify(req, false, proceed, (answer) => this.#respond(req, res, answer));
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
    session.post = req;
    readBody(req, this.engine.opts.maxHttpBufferSize, {
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
   */
  #handOver(req, res, body, sid) {
    const id = this.#nextId();
    const { native } = this.engine;
    const thread = native.request(this.#describe(req, id, { sid }), body);
    req.res = null; // sessions keep their first request: it must not keep its response
    this.#requests.set(id, { req, answer: (answer) => this.#respond(req, res, answer) });
    if (!req._query.sid || body !== undefined) return;
    const abort = () => {
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
    const encoding = compress
      ? chooseEncoding(req, body.length, this.engine.opts.httpCompression)
      : undefined;
    /** @type {Record<string, any>} */
    const headers = {};
    if (contentType) headers['Content-Type'] = contentType;
    if (encoding) headers['Content-Encoding'] = encoding;
    else if (!chunked && status === 200) headers['Content-Length'] = body.length;
    if (status === 200) this.#addSessionHeaders(headers, req, noStore);
    res.writeHead(status, headers);
    if (encoding) writeCompressed(res, body, encoding, this.engine.opts.httpCompression);
    else res.end(body.length > 0 ? body : undefined);
  }

  /**
   * @param {Record<string, any>} headers
   * @param {any} req
   * @param {boolean} noStore
   */
  #addSessionHeaders(headers, req, noStore) {
    const { engine } = this;
    if (noStore) headers['cache-control'] = 'no-store';
    const agent = req.headers['user-agent'];
    // Old Internet Explorer's filter mistakes payloads for script injection.
    if (agent && (agent.includes(';MSIE') || agent.includes('Trident/'))) {
      headers['X-XSS-Protection'] = '0';
    }
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
   */
  onRefused(id, code, name) {
    const { engine } = this;
    const req = this.takeRequest(id);
    engine.emitConnectionError(
      req,
      code,
      contextOf(req, code, name, engine.clients[req._query.sid]),
    );
  }

  // Hooks.

  #hasHooks() {
    const { engine } = this;
    return typeof engine.opts.allowRequest === 'function' || engine.generatesIds;
  }

  /**
   * Asks the I/O thread whether the request is valid before the application's hooks see it.
   * @param {any} req
   * @param {boolean} upgrade
   * @param {() => void} proceed
   * @param {(answer: Answer) => void} answer takes the refusal of one that is not
   */
  #verify(req, upgrade, proceed, answer) {
    const id = this.#nextId();
    const description = this.#describe(req, id, { upgrade, verifyOnly: true });
    this.engine.native.request(description, undefined);
    this.#requests.set(id, { req, answer, proceed });
  }

  /** @param {number} id */
  onVerified(id) {
    const pending = this.#requests.get(id);
    this.#requests.delete(id);
    pending?.proceed?.();
  }

  /**
   * Asks `allowRequest`, then `generateId`.
   * @param {any} req
   * @param {(sid: string) => void} proceed
   * @param {(code: number, context: any) => void} refuse
   */
  #runHooks(req, proceed, refuse) {
    const { engine } = this;
    const generate = async () => {
      let sid = '';
      try {
        if (engine.generatesIds) sid = String(await engine.generateId(req));
      } catch (error) {
        refuse(ERRORS.BAD_REQUEST, { name: 'ID_GENERATION_ERROR', error });
        return;
      }
      proceed(sid);
    };
    if (typeof engine.opts.allowRequest !== 'function') {
      generate();
      return;
    }
    engine.opts.allowRequest(req, (/** @type {any} */ message, /** @type {boolean} */ success) => {
      if (success) generate();
      else refuse(ERRORS.FORBIDDEN, { message });
    });
  }

  // Upgrades.

  /**
   * Serves an upgrade that the middlewares let through.
   * @param {any} req
   * @param {import('node:stream').Duplex} socket
   * @param {Buffer} head
   * @param {Record<string, any>} headers that the middlewares have set for the answer
   */
  upgrade(req, socket, head, headers) {
    const { engine } = this;
    const isInitial = !req._query.sid;
    const handOver = (/** @type {string} */ sid) => {
      if (isInitial) engine.emit('initial_headers', headers, req);
      engine.emit('headers', headers, req);
      this.#handOverStream(req, socket, head, headers, sid);
    };
    const isHooked = isInitial && this.#hasHooks();
    const isObserved =
      engine.listenerCount('headers') + engine.listenerCount('initial_headers') > 0;
    if (!isHooked && !isObserved) {
      handOver('');
      return;
    }
    const proceed = () => {
      if (!isHooked) {
        handOver('');
        return;
      }
      this.#runHooks(req, handOver, (code, context) => {
        engine.emitConnectionError(req, code, context);
        refuseUpgrade(socket, context.message || ERROR_MESSAGES[code]);
      });
    };
    this.#verify(req, true, proceed, ({ body }) =>
      refuseUpgrade(socket, JSON.parse(String(body)).message),
    );
  }

  /**
   * @param {any} req
   * @param {any} socket
   * @param {Buffer} head
   * @param {Record<string, any>} headers
   * @param {string} sid
   */
  #handOverStream(req, socket, head, headers, sid) {
    if (socket.destroyed) return;
    const { native } = this.engine;
    const id = this.#nextId();
    const descriptor = descriptorOf(socket);
    // Node remembers the address when it is asked for it: afterwards the socket is closed.
    void socket.remoteAddress;
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
    if (descriptor >= 0) {
      this.#upgrades.set(id, { req, server: abandon(socket), bridge: undefined });
    } else {
      const bridge = new Bridge(native, id, socket);
      this.#upgrades.set(id, { req, server: undefined, bridge });
      bridge.start(thread);
    }
    this.engine.updateRef();
  }

  /**
   * The connection of an upgrade is over.
   * @param {number} id
   */
  onGone(id) {
    const upgrade = this.#upgrades.get(id);
    this.#upgrades.delete(id);
    uncount(upgrade?.server);
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
 * The query that hooks and other packages may have changed, as a target again.
 * @param {any} req
 */
function targetOf(req) {
  return `/?${new URLSearchParams(req._query)}`;
}

module.exports = { Door };
