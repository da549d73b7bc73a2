/**
 * `socket.handshake`: how a client came in. It is built when first read, from the request that opened the
 * connection. The application may have deleted that request to save memory.
 */
'use strict';

/**
 * @param {import('../clients/client').Client} client
 * @param {Record<string, any> | undefined} auth what the client sent along with its CONNECT packet
 * @param {number} issued when the socket was created
 */
function buildHandshake({ conn, wire }, auth, issued) {
  const request = wire.peekRequest(conn);
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
