/**
 * The attached door: requests and upgrades that Node's HTTP servers parsed, on their way to the I/O
 * threads and back. What a request is allowed to do is decided there; here the application's hooks
 * are asked, and answers are written.
 */
'use strict';

const net = require('node:net');
const http = require('node:http');
const { serialize } = require('cookie');
const { Bridge } = require('./bridge');

/** @typedef {import('./engine').Engine} Engine */
/**
 * @typedef {object} Pending A request that waits for the I/O thread.
 * @property {any} req
 * @property {any} [res] of an HTTP request
 * @property {number} thread
 * @property {() => void} [proceed] goes on when the request has been verified
 */
/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {string | undefined} contentType
 * @property {boolean} noStore
 * @property {boolean} chunked
 * @property {Buffer} body
 */

const ERROR_MESSAGES = [
  'Transport unknown',
  'Session ID unknown',
  'Bad handshake method',
  'Bad request',
  'Forbidden',
  'Unsupported protocol version',
];
const BAD_REQUEST = 3;
const FORBIDDEN = 4;

class Door {
  #lastId = 0;
  /** @type {Map<number, Pending>} */
  #requests = new Map();
  /** Upgrades, from their hand-over to the end of their connection. @type {Map<number, any>} */
  #upgrades = new Map();
  /** @type {Map<number, Bridge>} */
  #bridges = new Map();

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
    return this.#bridges.get(id);
  }

  /**
   * The request of a handshake or an upgrade.
   * @param {number} id
   */
  requestOf(id) {
    return this.#upgrades.get(id) ?? this.#requests.get(id)?.req;
  }

  // HTTP requests.

  /**
   * Serves a request that the middlewares let through.
   * @param {any} req
   * @param {any} res
   */
  request(req, res) {
    const { sid } = req._query;
    if (!sid && this.#hasHooks()) this.#verify(req, res, false, () => this.#afterHooks(req, res));
    else if (req.method === 'POST') this.#collectBody(req, res);
    else this.#handOver(req, res, undefined, '');
  }

  /**
   * @param {any} req
   * @param {any} res
   */
  #afterHooks(req, res) {
    this.#runHooks(
      req,
      (sid) => this.#handOver(req, res, undefined, sid),
      (code, context) => {
        this.engine.emitConnectionError(req, code, context);
        this.#abortRequest(res, code, context.message);
      },
    );
  }

  /**
   * @param {any} req
   * @param {any} res
   * @param {Buffer | undefined} body
   * @param {string} sid for a new session; empty: the engine chooses
   */
  #handOver(req, res, body, sid) {
    const id = this.#nextId();
    const { native } = this.engine;
    const thread = native.request(this.#describe(req, id, { sid }), body);
    this.#requests.set(id, { req, res, thread });
    res.on('close', () => {
      req.res = null;
      if (this.#requests.delete(id)) native.abort(thread, id);
    });
  }

  /**
   * Reads a POST body within maxHttpBufferSize.
   * @param {any} req
   * @param {any} res
   */
  #collectBody(req, res) {
    const session = this.engine.clients[req._query.sid];
    if (session?.isPosting) {
      session.fail('transport error', new Error('data request overlap from client'));
      res.writeHead(400);
      res.end();
      return;
    }
    const limit = this.engine.opts.maxHttpBufferSize;
    /** @type {Buffer[]} */
    const chunks = [];
    let length = 0;
    if (session) session.isPosting = true;
    const finish = () => {
      req.removeListener('data', onData);
      req.removeListener('end', onEnd);
      req.removeListener('close', onClose);
      if (session) session.isPosting = false;
    };
    const onData = (/** @type {Buffer} */ chunk) => {
      length += chunk.length;
      if (length > limit) {
        finish();
        req.resume();
        res.writeHead(413);
        res.end();
        return;
      }
      chunks.push(chunk);
    };
    const onEnd = () => {
      finish();
      this.#handOver(req, res, chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length), '');
    };
    const onClose = () => {
      finish();
      session?.fail('transport error', new Error('data request connection closed prematurely'));
    };
    req.on('data', onData);
    req.on('end', onEnd);
    req.on('close', onClose);
  }

  /**
   * The I/O thread answers a request.
   * @param {number} id
   * @param {Answer} answer
   */
  onResponse(id, { status, contentType, noStore, chunked, body }) {
    const pending = this.#requests.get(id);
    if (!pending) return;
    this.#requests.delete(id);
    const { req, res } = pending;
    if (res === undefined || res.headersSent || res.destroyed) return;
    /** @type {Record<string, any>} */
    const headers = {};
    if (contentType) headers['Content-Type'] = contentType;
    if (!chunked && status === 200) headers['Content-Length'] = body.length;
    if (status === 200) this.#addSessionHeaders(headers, req, noStore);
    res.writeHead(status, headers);
    res.end(body.length > 0 ? body : undefined);
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
    const req = this.requestOf(id);
    if (req) this.engine.emitConnectionError(req, code, contextOf(req, code, name, this.engine));
  }

  // Hooks.

  #hasHooks() {
    const { engine } = this;
    return typeof engine.opts.allowRequest === 'function' || engine.generatesIds;
  }

  /**
   * Asks the I/O thread whether the request is valid before the application's hooks see it.
   * @param {any} req
   * @param {any} res undefined for an upgrade
   * @param {boolean} upgrade
   * @param {() => void} proceed
   */
  #verify(req, res, upgrade, proceed) {
    const id = this.#nextId();
    const description = this.#describe(req, id, { upgrade, verifyOnly: true });
    const thread = this.engine.native.request(description, undefined);
    this.#requests.set(id, { req, res, thread, proceed });
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
        refuse(BAD_REQUEST, { name: 'ID_GENERATION_ERROR', error });
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
      else refuse(FORBIDDEN, { message });
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
    const observed = engine.listenerCount('headers') + engine.listenerCount('initial_headers') > 0;
    if (!observed && !(isInitial && this.#hasHooks())) {
      handOver('');
      return;
    }
    this.#verify(req, undefined, true, () => {
      if (!isInitial || !this.#hasHooks()) {
        handOver('');
        return;
      }
      this.#runHooks(req, handOver, (code, context) => {
        engine.emitConnectionError(req, code, context);
        abortUpgrade(socket, context.message || ERROR_MESSAGES[code]);
      });
    });
    this.#refuseUpgradeWith(socket);
  }

  /**
   * The I/O thread's refusal of the request that was sent last goes to this socket.
   * @param {import('node:stream').Duplex} socket
   */
  #refuseUpgradeWith(socket) {
    const pending = /** @type {Pending} */ (this.#requests.get(this.#lastId));
    pending.res = {
      writeHead() {},
      end: (/** @type {Buffer} */ body) => abortUpgrade(socket, JSON.parse(String(body)).message),
    };
  }

  /**
   * @param {any} req
   * @param {any} socket
   * @param {Buffer} head
   * @param {Record<string, any>} headers
   * @param {string} sid
   */
  #handOverStream(req, socket, head, headers, sid) {
    const { engine } = this;
    if (socket.destroyed) return;
    const id = this.#nextId();
    const descriptor = descriptorOf(socket);
    // Asked for now, while the socket is open, so that it can still be told later.
    req.remoteAddressAtHandshake = socket.remoteAddress;
    this.#upgrades.set(id, req);
    engine.updateRef();
    const { native } = engine;
    const handshake = {
      key: req.headers['sec-websocket-key'],
      version: req.headers['sec-websocket-version'],
      upgrade: req.headers.upgrade,
      protocols: req.headers['sec-websocket-protocol'],
      lines: headerLines(headers),
    };
    const description = this.#describe(req, id, { upgrade: true, sid });
    const thread = native.upgrade(description, handshake, readAhead(socket, head), descriptor);
    if (thread >= 0 && descriptor >= 0) {
      socket.destroy(); // the descriptor was duplicated: the connection lives on
      return;
    }
    if (thread < 0) {
      this.onGone(id);
      socket.destroy();
      return;
    }
    const bridge = new Bridge(native, id, socket, () => this.#bridges.delete(id));
    this.#bridges.set(id, bridge);
    bridge.start(thread);
  }

  /**
   * The connection of an upgrade is over.
   * @param {number} id
   */
  onGone(id) {
    this.#upgrades.delete(id);
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

  /**
   * @param {any} res
   * @param {number} code
   * @param {string | undefined} message
   */
  #abortRequest(res, code, message) {
    res.writeHead(code === FORBIDDEN ? 403 : 400, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ code, message: message || ERROR_MESSAGES[code] }));
  }
}

/**
 * The query that hooks and other packages may have changed, as a target again.
 * @param {any} req
 */
function targetOf(req) {
  return `/?${new URLSearchParams(req._query)}`;
}

/**
 * The context of a `connection_error` event.
 * @param {any} req
 * @param {number} code
 * @param {string} name
 * @param {Engine} engine
 */
function contextOf(req, code, name, engine) {
  const { transport, sid, EIO } = req._query;
  const protocol = EIO === '4' ? 4 : 3;
  switch (code) {
    case 0:
      return { transport };
    case 1:
      return { sid };
    case 2:
      return { method: req.method };
    case 5:
      return { protocol };
    default:
  }
  const session = engine.clients[sid];
  switch (name) {
    case 'INVALID_ORIGIN':
      return { name, origin: req.headers.origin };
    case 'TRANSPORT_MISMATCH':
      return { name, transport, previousTransport: session?.transport.name };
    case 'PROTOCOL_MISMATCH':
      return { name, protocol, previousProtocol: session?.protocol };
    default:
      return { name };
  }
}

/**
 * The descriptor of a stream that can be handed over: a plain socket of this process.
 * @param {any} socket
 * @returns {number} -1 if it has none of its own, or has bytes left to write
 */
function descriptorOf(socket) {
  if (!(socket instanceof net.Socket) || 'encrypted' in socket || socket.writableLength > 0) {
    return -1;
  }
  const descriptor = /** @type {any} */ (socket)._handle?.fd;
  return Number.isInteger(descriptor) ? descriptor : -1;
}

/**
 * All bytes that Node has read past the request.
 * @param {any} socket
 * @param {Buffer} head
 * @returns {Buffer}
 */
function readAhead(socket, head) {
  const chunks = [head];
  for (let chunk; (chunk = socket.read()) !== null;) chunks.push(chunk);
  return chunks.length === 1 ? head : Buffer.concat(chunks);
}

/**
 * @param {Record<string, any>} headers
 * @returns {string} lines with their CRLF
 * @throws {TypeError} for a name or value that HTTP forbids
 */
function headerLines(headers) {
  let lines = '';
  for (const [name, value] of Object.entries(headers)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      http.validateHeaderName(name);
      http.validateHeaderValue(name, String(item));
      lines += `${name}: ${item}\r\n`;
    }
  }
  return lines;
}

/**
 * @param {any} socket
 * @param {string} message
 */
function abortUpgrade(socket, message) {
  socket.on('error', () => {}); // the client may be gone
  if (socket.writable) {
    socket.write(
      'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n' +
        `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
    );
  }
  socket.destroy();
}

module.exports = { Door, ERROR_MESSAGES, abortUpgrade };
