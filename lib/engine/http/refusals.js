/**
 * How requests and upgrades are refused: codes, messages and contexts of `connection_error`, and the
 * answers that a client gets.
 */
'use strict';

const { STATUS_CODES } = require('node:http');
const { HookFailure } = require('./guard');

const ERRORS = Object.freeze({
  UNKNOWN_TRANSPORT: 0,
  UNKNOWN_SID: 1,
  BAD_HANDSHAKE_METHOD: 2,
  BAD_REQUEST: 3,
  FORBIDDEN: 4,
  UNSUPPORTED_PROTOCOL_VERSION: 5,
});

/** By code. @type {Readonly<Record<number, string>>} */
const ERROR_MESSAGES = Object.freeze({
  0: 'Transport unknown',
  1: 'Session ID unknown',
  2: 'Bad handshake method',
  3: 'Bad request',
  4: 'Forbidden',
  5: 'Unsupported protocol version',
});

/** What clients are told whom a limit turns away, by the option's name. */
const TURNED_AWAY = Object.freeze({
  maxClients: { status: 503, message: 'Too many clients' },
  maxClientsPerAddress: { status: 429, message: 'Too many clients' },
  maxHandshakesPerSecond: { status: 429, message: 'Too many handshakes' },
  draining: { status: 503, message: 'Server is closing' },
});

/** The context of a client that a limit turns away. No `connection_error` tells of it: see `limit`. */
class LimitReached {
  isToldByLimit = true;

  /** @param {keyof typeof TURNED_AWAY} limit */
  constructor(limit) {
    Object.assign(this, TURNED_AWAY[limit]);
    this.name = limit;
  }
}

const SERVER_ERROR = 'Internal Server Error';

/**
 * The context of a `connection_error` event.
 * @param {any} req
 * @param {number} code
 * @param {string} name of the context, where the code alone does not tell
 * @param {import('../session/session').Socket | undefined} session the one that the request names
 */
function contextOf(req, code, name, session) {
  const { transport, sid, EIO } = req._query;
  const protocol = EIO === '4' ? 4 : 3;
  switch (code) {
    case ERRORS.UNKNOWN_TRANSPORT:
      return { transport };
    case ERRORS.UNKNOWN_SID:
      return { sid };
    case ERRORS.BAD_HANDSHAKE_METHOD:
      return { method: req.method };
    case ERRORS.UNSUPPORTED_PROTOCOL_VERSION:
      return { protocol };
    default:
  }
  switch (name) {
    case 'INVALID_ORIGIN':
      return { name, origin: req.headers.origin };
    case 'TRANSPORT_MISMATCH':
      return { name, transport, previousTransport: session?.transport.name };
    case 'PROTOCOL_MISMATCH':
      return { name, protocol, previousProtocol: session?.protocol };
    default:
      return Object.hasOwn(TURNED_AWAY, name)
        ? new LimitReached(/** @type {keyof typeof TURNED_AWAY} */ (name))
        : { name };
  }
}

/**
 * The context of a request at which a middleware has failed.
 * @param {any} err what it has passed on
 */
function middlewareContext(err) {
  return err instanceof HookFailure ? err : { name: 'MIDDLEWARE_FAILURE' };
}

/**
 * @param {any} res
 * @param {number} code
 * @param {any} [context] of its `connection_error`; may have a message in place of that of the code
 */
function refuseRequest(res, code, context) {
  if (res.headersSent) {
    if (!res.writableEnded) res.destroy(); // a middleware has begun to answer
    return;
  }
  const isOurs = context instanceof HookFailure;
  const status = isOurs ? 500 : statusOf(code, context);
  const message = isOurs ? SERVER_ERROR : context?.message || ERROR_MESSAGES[code];
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify({ code, message }));
}

/**
 * @param {number} code
 * @param {any} context
 */
function statusOf(code, context) {
  if (context instanceof LimitReached) return TURNED_AWAY[context.name].status;
  return code === ERRORS.FORBIDDEN ? 403 : 400;
}

/**
 * @param {any} socket
 * @param {number} code
 * @param {any} [context] as above; a message that is not a text is not told
 */
function refuseUpgrade(socket, code, context) {
  if (context instanceof HookFailure) {
    refuse(socket, `500 ${SERVER_ERROR}`, 'Content-type', SERVER_ERROR);
    return;
  }
  const message = context?.message;
  const text = typeof message === 'string' && message !== '' ? message : ERROR_MESSAGES[code];
  const status = context instanceof LimitReached ? TURNED_AWAY[context.name].status : 400;
  refuse(socket, `${status} ${STATUS_CODES[status]}`, 'Content-type', text);
}

/**
 * Refuses a WebSocket while the engine is closed, in the words of `ws`.
 * @param {any} socket
 */
function refuseWhileClosed(socket) {
  refuse(socket, '503 Service Unavailable', 'Content-Type', 'Service Unavailable');
}

/**
 * @param {any} socket
 * @param {string} status
 * @param {string} contentType how the name of this header is written
 * @param {string} message
 */
function refuse(socket, status, contentType, message) {
  socket.on('error', () => {}); // the client may be gone
  if (socket.writable) {
    socket.write(
      `HTTP/1.1 ${status}\r\nConnection: close\r\n${contentType}: text/html\r\n` +
        `Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`,
    );
  }
  socket.destroy();
}

module.exports = {
  ERRORS,
  ERROR_MESSAGES,
  contextOf,
  middlewareContext,
  refuseRequest,
  refuseUpgrade,
  refuseWhileClosed,
};
