/**
 * Writes what an I/O thread answers to a request of Node's HTTP server.
 */
'use strict';

const { serialize } = require('cookie');
const { logPolling } = require('../base/log');
const { chooseEncoding, writeCompressed } = require('../http/compression');
const { ERRORS, refuseRequest } = require('../http/refusals');

/** @typedef {import('../engine').Engine} Engine */
/** @typedef {import('./attached-door').Answer} Answer */

/**
 * @param {Engine} engine
 * @param {any} req
 * @param {any} res
 * @param {Answer} answer
 */
function writeAnswer(engine, req, res, answer) {
  const { status, contentType, noStore, chunked, compress, body } = answer;
  if (res.headersSent || res.destroyed) return;
  const session = engine.clients[req._query.sid || req[engine.sidOfRequest]];
  const { httpCompression } = session?.seenTransport ?? engine.opts;
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
    addSessionHeaders(engine, headers, req, noStore);
    if (req._query.sid) session?.seenTransport?.emit('headers', headers, req);
  }
  if (!writeHead(engine, req, res, status, headers)) {
    session?.terminate();
    return;
  }
  if (status === 200 && req.method === 'GET') logPolling('writing "%s"', body);
  if (encoding) logPolling('compressing');
  if (encoding) writeCompressed(res, body, encoding, httpCompression);
  else res.end(body === '' ? undefined : body);
}

/**
 * The request is refused if HTTP forbids one of the headers. A hook may have copied it from what the client
 * sent, and no client may end the process by an exception.
 * @param {Engine} engine
 * @param {any} req
 * @param {any} res
 * @param {number} status
 * @param {Record<string, any>} headers
 * @returns {boolean} whether they are written
 */
function writeHead(engine, req, res, status, headers) {
  try {
    res.writeHead(status, headers);
    return true;
  } catch (error) {
    const context = { name: 'INVALID_HEADER', error };
    engine.figures.noteRefusal(ERRORS.BAD_REQUEST);
    engine.emitConnectionError(req, ERRORS.BAD_REQUEST, context);
    res.statusMessage = ''; // that of the answer which could not be written
    for (const name of res.getHeaderNames()) res.removeHeader(name);
    refuseRequest(res, ERRORS.BAD_REQUEST, context);
    return false;
  }
}

/**
 * @param {Engine} engine
 * @param {Record<string, any>} headers
 * @param {any} req
 * @param {boolean} noStore
 */
function addSessionHeaders(engine, headers, req, noStore) {
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

module.exports = { writeAnswer };
