/**
 * The steps of a request that an application may replace, as engine.io has them: `verify`, `handshake`,
 * `createTransport`, `onWebSocket` and `generateId`. The I/O thread takes them all in one go; here is what
 * happens, one by one, where a step or a hook is installed.
 */
'use strict';

const { HookFailure, callHook } = require('../http/guard');
const { logEngine } = require('../base/log');
const { ERRORS, refuseRequest, refuseUpgrade, refuseWhileClosed } = require('../http/refusals');
const { Transport, transports } = require('../session/transport');

/** @typedef {import('../engine').Engine} Engine */
/** @typedef {(code?: number, context?: any) => void} VerifyCallback */

/**
 * Calls one middleware after the other, until one of them passes an error on or does not go on.
 * @param {readonly ((req: any, res: any, next: (err?: any) => void) => void)[]} middlewares may grow
 * @param {any} req
 * @param {any} res
 * @param {(err?: any) => void} callback
 */
function applyMiddlewares(middlewares, req, res, callback) {
  const apply = (/** @type {number} */ index) => {
    if (index === middlewares.length) {
      callback();
      return;
    }
    logEngine('applying middleware n°%d', index + 1);
    callHook(
      (next) => middlewares[index](req, res, (err) => next(err)),
      (err) => {
        if (err) callback(err);
        else apply(index + 1);
      },
      (error) => callback(new HookFailure('MIDDLEWARE_FAILURE', error)),
    );
  };
  if (middlewares.length === 0) logEngine('no middleware to apply, skipping');
  apply(0);
}

/**
 * Has the I/O thread check a request, then asks `allowRequest` about a new session.
 * @param {Engine} engine
 * @param {any} req
 * @param {boolean} upgrade
 * @param {VerifyCallback} fn
 */
function verify(engine, req, upgrade, fn) {
  engine.door.verify(req, upgrade, (code, context) => {
    const { opts } = engine;
    if (code !== undefined || req._query.sid || typeof opts.allowRequest !== 'function') {
      fn(code, context);
      return;
    }
    const refuse = (/** @type {number} */ error, /** @type {any} */ why) => {
      engine.figures.noteRefusal(error);
      fn(error, why);
    };
    callHook(
      (done) => opts.allowRequest(req, done),
      (message, success) => {
        if (success) fn();
        else refuse(ERRORS.FORBIDDEN, { message });
      },
      (error) => refuse(ERRORS.BAD_REQUEST, new HookFailure('ALLOW_REQUEST_FAILURE', error)),
    );
  });
}

/**
 * Opens a session, as far as that is not up to the I/O thread: its id and its transport.
 * @param {Engine} engine
 * @param {string} transportName
 * @param {any} req
 * @param {(code: number, context?: any) => void} closeConnection
 * @returns {Promise<Transport | undefined>} the transport, once the session is open
 */
async function handshake(engine, transportName, req, closeConnection) {
  const refuse = (/** @type {number} */ code, /** @type {any} */ context) => {
    engine.figures.noteRefusal(code);
    engine.emitConnectionError(req, code, context);
    closeConnection(code);
  };
  if (req._query.EIO !== '4' && !engine.opts.allowEIO3) {
    refuse(ERRORS.UNSUPPORTED_PROTOCOL_VERSION, { protocol: 3 });
    return undefined;
  }
  let sid = '';
  try {
    if (engine.replaces('generateId')) sid = String(await engine.generateId(req));
  } catch (error) {
    refuse(ERRORS.BAD_REQUEST, { name: 'ID_GENERATION_ERROR', error });
    return undefined;
  }
  let transport;
  try {
    transport = replacedTransport(engine, transportName, req);
  } catch (error) {
    refuse(ERRORS.BAD_REQUEST, { name: 'TRANSPORT_HANDSHAKE_ERROR', error });
    return undefined;
  }
  return new Promise((resolve) => engine.door.open(req, sid, transport, resolve));
}

/**
 * Tells of a new session. Asynchronous, as with engine.io: what a listener throws is an unhandled
 * rejection.
 * @param {Engine} engine
 * @param {import('../session/session').Socket} session
 */
async function announce(engine, session) {
  engine.emit('connection', session);
}

/**
 * The transport that the application creates, if it does.
 * @param {Engine} engine
 * @param {string} transportName
 * @param {any} req
 * @returns {Transport | undefined}
 * @throws {TypeError} if it is not one of this engine's
 */
function replacedTransport(engine, transportName, req) {
  if (!engine.replaces('createTransport')) return undefined;
  const transport = engine.createTransport(transportName, req);
  if (transport instanceof Transport) return transport;
  throw new TypeError('createTransport must return a Transport of beast.io/engine');
}

/**
 * @param {string} transportName
 * @param {any} req
 * @returns {Transport}
 */
function createTransport(transportName, req) {
  const TransportClass = /** @type {any} */ (transports)[transportName];
  return new TransportClass(req);
}

/**
 * Serves a request that the middlewares let through.
 * @param {Engine} engine
 * @param {any} req
 * @param {any} res
 */
function serveRequest(engine, req, res) {
  const { sid } = req._query;
  const refuse = (/** @type {number} */ code, /** @type {any} */ context) =>
    refuseRequest(res, code, context);
  const transport = sid ? engine.clients[sid]?.seenTransport : undefined;
  const proceed = () => {
    if (transport?.isRequestReplaced) transport.onRequest(req);
    else if (sid || !replacesHandshake(engine)) engine.door.request(req, res);
    else engine.handshake(req._query.transport, req, refuse);
  };
  if (!asksToVerify(engine, sid) && !transport?.isRequestReplaced) {
    proceed();
    return;
  }
  engine.verify(req, false, (code, context) => {
    if (code === undefined) {
      proceed();
      return;
    }
    engine.emitConnectionError(req, code, context);
    refuse(code, context);
  });
}

/**
 * Serves an upgrade that the middlewares let through.
 * @param {Engine} engine
 * @param {any} req
 * @param {import('node:stream').Duplex} socket
 * @param {Buffer} head
 * @param {import('../http/upgrade-response').UpgradeResponse} res
 */
function serveUpgrade(engine, req, socket, head, res) {
  const { sid } = req._query;
  const proceed = () => {
    const headers = res.accept();
    if (isSeen || replacesHandshake(engine)) {
      if (!engine.door.upgrades.isAcceptable(req)) {
        engine.door.upgrades.hold(req, socket, head, {});
        engine.door.open(req, '', undefined); // the I/O thread refuses it
        return;
      }
      if (engine.isClosed) {
        refuseWhileClosed(socket);
        return;
      }
    }
    if (!sid) engine.emit('initial_headers', headers, req);
    engine.emit('headers', headers, req);
    engine.door.upgrades.hold(req, socket, head, headers);
    if (!engine.replaces('onWebSocket')) {
      onWebSocket(engine, req, socket);
      return;
    }
    req.websocket = new transports.websocket(req).socket;
    engine.onWebSocket(req, socket, req.websocket);
  };
  const isSeen =
    engine.isClosed ||
    engine.listenerCount('headers') + engine.listenerCount('initial_headers') > 0 ||
    engine.replaces('onWebSocket') ||
    engine.replaces('createTransport');
  if (!isSeen && !asksToVerify(engine, sid)) {
    proceed();
    return;
  }
  engine.verify(req, true, (code, context) => {
    if (code === undefined) {
      proceed();
      return;
    }
    engine.emitConnectionError(req, code, context);
    refuseUpgrade(socket, code, context);
  });
}

/**
 * Goes on with an upgrade: a new session, or a new transport for one.
 * @param {Engine} engine
 * @param {any} req
 * @param {any} socket
 */
function onWebSocket(engine, req, socket) {
  const { sid, transport: transportName } = req._query;
  if (!sid && transportName !== 'polling' && replacesHandshake(engine)) {
    engine.handshake(transportName, req, (code, context) => refuseUpgrade(socket, code, context));
    return;
  }
  const session = engine.clients[sid];
  const isWanted = session !== undefined && !session.upgrading && !session.upgraded;
  engine.door.open(req, '', isWanted ? replacedTransport(engine, transportName, req) : undefined);
}

/**
 * @param {Engine} engine
 * @param {string | undefined} sid
 */
function asksToVerify(engine, sid) {
  if (engine.replaces('verify')) return true;
  return !sid && (typeof engine.opts.allowRequest === 'function' || replacesHandshake(engine));
}

/** @param {Engine} engine */
function replacesHandshake(engine) {
  return (
    engine.replaces('generateId') ||
    engine.replaces('createTransport') ||
    engine.replaces('handshake')
  );
}

module.exports = {
  announce,
  applyMiddlewares,
  createTransport,
  handshake,
  onWebSocket,
  serveRequest,
  serveUpgrade,
  verify,
};
