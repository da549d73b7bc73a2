/**
 * The attached door: requests that Node's HTTP servers parsed, on their way to the I/O threads and
 * back; upgrades go on in `upgrades.js`. What a request is allowed to do is decided there; here the
 * application's hooks are asked, and answers are written.
 */
'use strict';

const { logEngine, logPolling } = require('../base/log');
const { writeAnswer } = require('./answer-writer');
const { PendingRequests } = require('./pending-requests');
const { readBody } = require('../http/post-body');
const { buildRequest, readOwnRequest } = require('../session/handshake-request');
const { targetOf } = require('../http/query');
const { REQUEST_FLAG, SLOT_BITS } = require('../wire/layout');
const { wellFormed } = require('../wire/message-data');
const { contextOf } = require('../http/refusals');
const { transportError } = require('../session/transport');
const { Upgrades } = require('./upgrades');

const CUT_POST = 'data request connection closed prematurely';

/** @typedef {import('../engine').Engine} Engine */
/** @typedef {import('./upgrades').Opening} Opening */
/**
 * @typedef {object} Pending A request that waits for the I/O thread.
 * @property {number} id
 * @property {any} req
 * @property {(answer: Answer) => void} answer
 * @property {(code?: number, context?: any) => void} [verified] of one that is only to be verified
 * @property {Opening} [opening]
 * @property {() => void} [answered] called after `answer`
 * @property {number} [place] of the session that a POST with a body is for
 */
/**
 * @typedef {object} Answer
 * @property {number} request
 * @property {number} status
 * @property {string | undefined} contentType
 * @property {boolean} noStore
 * @property {boolean} chunked
 * @property {boolean} compress whether one of the packets in it asks for compression
 * @property {Buffer | string} body a text is ASCII
 */

class AttachedDoor {
  /** @type {PendingRequests<Pending>} */
  #requests = new PendingRequests();
  /** Those that limits have counted when they were verified. @type {WeakSet<any>} */
  #counted = new WeakSet();

  /** @param {Engine} engine */
  constructor(engine) {
    this.engine = engine;
    this.upgrades = new Upgrades(engine);
  }

  /**
   * What a session is opened by, of either kind.
   * @param {number} id
   * @returns {{ req: any } & Partial<Opening>}
   */
  takeOpening(id) {
    const pending = this.#requests.get(id);
    if (pending === undefined) return this.upgrades.takeOpening(id);
    const { req, opening } = pending;
    pending.opening = undefined;
    return { req, ...opening };
  }

  /**
   * Has a function called when a request is answered; at once if it is none that gets an answer.
   * @param {number} id
   * @param {() => void} answered
   */
  whenAnswered(id, answered) {
    const pending = this.#requests.get(id);
    if (pending) pending.answered = answered;
    else answered();
  }

  /**
   * Lets the I/O thread open a session, or upgrade one.
   * @param {any} req of a handshake, with its response as `res`, or of an upgrade that is held
   * @param {string} sid for a new session; empty: the I/O thread chooses
   * @param {import('../session/transport').Transport | undefined} transport
   * @param {Opening['onOpen']} [onOpen]
   */
  open(req, sid, transport, onOpen) {
    const opening = transport || onOpen ? { transport, onOpen } : undefined;
    const held = this.upgrades.release(req);
    if (held === undefined) {
      this.#handOver(req, req.res, undefined, sid, opening);
    } else if (!held.socket.destroyed) {
      const id = this.#nextUpgradeId();
      this.upgrades.handOver(req, held, this.#describe(req, id, sid), opening);
    }
  }

  // HTTP requests.

  /**
   * Whether a request is a POST for the session of a place.
   * @param {number} id
   * @param {number} place
   */
  isPostOf(id, place) {
    return this.#requests.get(id)?.place === place && place >= 0;
  }

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
   * @param {import('../session/session').Socket | undefined} session
   */
  #post(req, res, session) {
    if (!isPostOf(req, session)) {
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
    const post = { req, res, isRead: false };
    session.post = post;
    req.res = null; // sessions keep their first request: it must not keep its response
    const { bodyTimeout, minBodyBytesPerSecond } = this.engine.opts;
    const { maxHttpBufferSize } = session.seenTransport ?? this.engine.opts;
    readBody(
      req,
      { maxHttpBufferSize, bodyTimeout, minBodyBytesPerSecond },
      {
        onEnd: (body) => {
          post.isRead = true;
          this.#whenInboxIsDelivered(() => {
            // The end of the session has ended the connection too. A client that leaves has not.
            const isOver = this.engine.clients[session.id] !== session;
            if (!isOver || !req.destroyed) this.#handOver(req, res, body);
          });
        },
        onTooLarge: () => {
          session.post = undefined;
          res.writeHead(413);
          res.end();
        },
        onTooSlow: () => {
          session.post = undefined;
          res.writeHead(408, { Connection: 'close' });
          res.end();
          session.fail('transport error', transportError(CUT_POST));
        },
        onCut: () => {
          if (session.post !== post) return; // it was given up
          session.post = undefined;
          session.fail('transport error', transportError(CUT_POST));
        },
      },
    );
  }

  /**
   * Holds packets back while those that came before wait for this thread.
   * @param {() => void} callback
   */
  #whenInboxIsDelivered(callback) {
    const { records } = this.engine;
    if (records.isBehind) records.whenDelivered(callback);
    else callback();
  }

  /**
   * @param {any} req
   * @param {any} res
   * @param {Buffer} [body]
   * @param {string} [sid] for a new session; empty: the engine chooses
   * @param {Opening} [opening]
   */
  #handOver(req, res, body, sid, opening) {
    const id = this.#requests.nextId();
    const { native, commands } = this.engine;
    commands.request(this.#describe(req, id, sid, 0, body));
    req.res = null;
    /** @type {import('../session/session').Socket | undefined} */
    const session = this.engine.clients[req._query.sid];
    const isPoll = session?.isPolling && req.method === 'GET' && session.poll === undefined;
    let isWaiting = isPoll;
    const end = () => {
      if (isWaiting) commands.ownWriters -= 1;
      isWaiting = false;
      if (isPoll && session.poll?.req === req) session.poll = undefined;
      if (session?.post?.req === req) session.post = undefined;
    };
    const answer = (/** @type {Answer} */ it) => {
      end();
      writeAnswer(this.engine, req, res, it);
    };
    const place = body === undefined ? undefined : session?.place;
    this.#requests.add({ id, req, answer, opening, place });
    if (isPoll) {
      logPolling('setting request');
      commands.ownWriters += 1;
      session.onPoll({ req, res });
    }
    if (session === undefined || body !== undefined) return;
    const abort = () => {
      end();
      if (this.#requests.take(id) === undefined) return;
      commands.flush(); // the request itself may be in it
      native.abort(session.place >> SLOT_BITS, id);
    };
    if (res.destroyed) abort();
    else res.on('close', abort);
  }

  /**
   * The I/O thread answers a request.
   * @param {Answer} answer
   */
  onResponse(answer) {
    const pending = this.#requests.take(answer.request);
    try {
      pending?.answer(answer);
    } finally {
      pending?.answered?.();
    }
  }

  /**
   * The I/O thread refuses a request; its answer, if it is an HTTP request, follows.
   * @param {number} id
   * @param {number} code
   * @param {string} name of the context
   * @param {import('../wire/record-fields').OwnRequest | undefined} own the request, if it came by the
   *   own port
   */
  onRefused(id, code, name, own) {
    const { engine } = this;
    if (own !== undefined) {
      const ownReq = buildRequest(readOwnRequest(own));
      const session = engine.clients[ownReq._query.sid];
      engine.emitConnectionError(ownReq, code, contextOf(ownReq, code, name, session));
      return;
    }
    const verified = this.#requests.get(id)?.verified;
    this.upgrades.end(id);
    const { req, onOpen } = this.takeOpening(id);
    if (req === undefined) return; // a poll whose client has left since
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
    const id = this.#requests.nextId();
    const flags = REQUEST_FLAG.VERIFY_ONLY | (upgrade ? REQUEST_FLAG.UPGRADE : 0);
    this.engine.commands.request(this.#describe(req, id, '', flags));
    this.#requests.add({ id, req, answer: () => {}, verified });
  }

  /** @param {number} id */
  onVerified(id) {
    const pending = this.#requests.take(id);
    if (pending && this.#asksForRoute) this.#counted.add(pending.req);
    pending?.verified?.();
  }

  /**
   * Clients have met a limit.
   * @param {string} limit
   * @param {number} count
   * @param {string} address of the last of them, if it was turned away
   * @param {string} sid of the last of them, if it is there
   */
  onLimit(limit, count, address, sid) {
    const { engine } = this;
    const from = address || engine.clients[sid]?.remoteAddress;
    engine.emit('limit', { limit, count, address: from, id: sid || undefined });
  }

  /** Whether a limit is for each address. */
  get #asksForRoute() {
    const { maxClientsPerAddress, maxHandshakesPerSecond } = this.engine.opts;
    return Boolean(maxClientsPerAddress ?? maxHandshakesPerSecond);
  }

  /**
   * Hands a WebTransport stream over.
   * @param {any} inPlaceOfRequest
   * @param {import('./webtransport').StreamCarrier} carrier
   * @param {import('./webtransport').Opening} opening
   */
  webTransport(inPlaceOfRequest, carrier, opening) {
    this.engine.optionSync.sync();
    this.upgrades.handOverStream(this.#nextUpgradeId(), inPlaceOfRequest, carrier, opening);
  }

  /** An id that no connection has either: ids are used again, and some connections live longer. */
  #nextUpgradeId() {
    return this.#requests.nextId((id) => this.upgrades.has(id));
  }

  /**
   * @param {any} req
   * @param {number} id
   * @param {string} [sid]
   * @param {number} [flags]
   * @param {Buffer} [body]
   * @returns {import('../wire/command-writer').AttachedRequest}
   */
  #describe(req, id, sid = '', flags = 0, body = undefined) {
    this.engine.optionSync.sync();
    const { method, headers } = req;
    const contentType = body === undefined ? '' : (headers['content-type'] ?? '');
    const target = targetOf(req._query);
    const origin = typeof headers.origin === 'string' ? headers.origin : undefined;
    let route = '';
    if (this.#asksForRoute) {
      route = routeOf(req);
      if (this.#counted.has(req)) flags |= REQUEST_FLAG.VERIFIED;
    }
    return { id, flags, method, target, origin, sid: wellFormed(sid), contentType, route, body };
  }
}

/**
 * The addresses that a request has come through, the nearest one last.
 * @param {any} req
 */
function routeOf({ headers, socket }) {
  const forwarded = headers['x-forwarded-for'];
  const nearest = socket?.remoteAddress ?? '';
  return forwarded === undefined ? nearest : `${forwarded},${nearest}`;
}

/**
 * Whether the I/O thread will not refuse a POST for its query.
 * @param {any} req
 * @param {import('../session/session').Socket | undefined} session
 * @returns {session is import('../session/session').Socket}
 */
function isPostOf({ _query: { transport, EIO } }, session) {
  return (
    session !== undefined &&
    session.isPolling &&
    transport === 'polling' &&
    session.protocol === (EIO === '4' ? 4 : 3)
  );
}

/**
 * Why the body of a POST cannot be read, if it cannot.
 * @param {any} req
 * @param {import('../session/session').Socket} session
 */
function postFailure(req, session) {
  if (session.post?.isRead === false) return 'data request overlap from client';
  // The client has gone while a middleware was at work, or something before us has read the body.
  return req.destroyed ? CUT_POST : undefined;
}

module.exports = { AttachedDoor };
