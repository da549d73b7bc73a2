/**
 * `socket.handshake`: how a client came in. Built when first read, from the request that opened the
 * connection, which the application may have discarded to save memory.
 */
'use strict';

/**
 * @param {import('./client').Client} client
 * @param {Record<string, any> | undefined} auth what the client sent along with its CONNECT packet
 * @param {number} issued when the socket was created
 */
function buildHandshake({ conn }, auth, issued) {
  // The native engine's connections make their request when it is read; a look must not keep it.
  const request = conn.peekRequest ? conn.peekRequest() : conn.request;
  return {
    headers: request?.headers ?? {},
    time: `${new Date(issued)}`,
    address: conn.remoteAddress,
    xdomain: Boolean(request?.headers.origin),
    secure: !request || Boolean(request.connection?.encrypted),
    issued,
    url: request?.url,
    query: request?._query ?? {},
    auth: auth ?? {},
  };
}

module.exports = { buildHandshake };
