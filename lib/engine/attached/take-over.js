/**
 * Takes from a stream that Node has accepted what an I/O thread needs to go on with it. That is its
 * descriptor, the bytes that were read too far, and its place in the count of its HTTP server.
 */
'use strict';

const http = require('node:http');
const net = require('node:net');

/**
 * The descriptor of a stream that can be handed over: a plain socket of this process.
 * @param {any} socket
 * @returns {number} -1 if it has none, or has bytes left to write
 */
function descriptorOf(socket) {
  if (!(socket instanceof net.Socket) || 'encrypted' in socket || socket.writableLength > 0) {
    return -1;
  }
  const descriptor = /** @type {any} */ (socket)._handle?.fd;
  return Number.isInteger(descriptor) ? descriptor : -1;
}

/**
 * All bytes that Node has read past the request, of a socket that it will not read from again.
 * @param {import('node:net').Socket} stream
 * @param {Buffer} head
 * @returns {Buffer}
 */
function readAhead(stream, head) {
  const chunks = [head];
  for (let chunk; (chunk = stream.read()) !== null;) chunks.push(chunk);
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
 * Makes Node's socket go away without its connection. Its server goes on counting the connection. So
 * `server.close()`, `getConnections()` and `maxConnections` see what they would see without us.
 * @param {any} socket
 * @returns {any} the server, for `uncount`
 */
function abandon(socket) {
  const server = socket._server;
  if (typeof server?._connections === 'number') server._connections++;
  socket.destroy();
  return server;
}

/**
 * The connection of an abandoned socket is over.
 * @param {any} server
 */
function uncount(server) {
  if (typeof server?._connections !== 'number') return;
  server._connections--;
  server._emitCloseIfDrained?.();
}

module.exports = { abandon, descriptorOf, headerLines, readAhead, uncount };
