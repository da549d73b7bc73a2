/**
 * What stands before the processes: an HTTP proxy. A handshake goes to one of those that are ready, in turn.
 * What else a client asks goes where its handshake went: the query `key` says whose it is.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const net = require('node:net');

async function startFront() {
  /** The ports of those that are ready. @type {number[]} */
  const ready = [];
  /** Where the session of a client is. @type {Map<string, number>} */
  const homes = new Map();
  let turn = 0;

  /** @param {http.IncomingMessage} request */
  const portFor = ({ url }) => {
    const query = new URL(/** @type {string} */ (url), 'http://front').searchParams;
    const key = /** @type {string} */ (query.get('key'));
    if (!query.has('sid')) homes.set(key, ready[turn++ % ready.length]);
    return homes.get(key);
  };

  const front = http.createServer((request, response) => {
    const { method, url: path, headers } = request;
    const onward = http.request({ port: portFor(request), method, path, headers, agent: false });
    onward.on('error', () => response.destroy());
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  front.on('upgrade', (request, client, head) => {
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let i = 0; i < request.rawHeaders.length; i += 2) {
      lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
    }
    const server = net.connect(Number(portFor(request)), '127.0.0.1');
    server.write(`${lines.join('\r\n')}\r\n\r\n`);
    server.write(head);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      from.on('error', () => {});
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await once(front.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${/** @type {net.AddressInfo} */ (front.address()).port}`,
    /** @param {number} port */
    add: (port) => ready.push(port),
    /** @param {number} port */
    remove: (port) => ready.splice(ready.indexOf(port), 1),
    async close() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
    },
  };
}

module.exports = { startFront };
