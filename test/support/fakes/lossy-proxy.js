/**
 * A network that can fail unnoticed. It is a TCP proxy that ends the connections of the clients. It keeps
 * those to the server open, and silent, until it is closed.
 */
'use strict';

const { once } = require('node:events');
const net = require('node:net');

/** @param {number} port of the server */
async function startProxy(port) {
  /** @type {Set<net.Socket>} */
  const clients = new Set();
  /** @type {Set<net.Socket>} */
  const ends = new Set();
  let isDown = false;
  const proxy = net.createServer((client) => {
    if (isDown) {
      client.destroy();
      return;
    }
    const server = net.connect(port, 'localhost');
    clients.add(client);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      ends.add(from);
      from.on('error', () => {});
      from.on('data', (data) => clients.has(client) && to.write(data));
      from.on('end', () => clients.has(client) && to.end());
    }
  });
  await once(proxy.listen(0), 'listening');
  return {
    port: /** @type {net.AddressInfo} */ (proxy.address()).port,
    /** The clients lose their connections, and get no others; the server does not hear of it. */
    fail() {
      isDown = true;
      for (const client of clients) {
        clients.delete(client);
        client.destroy();
      }
    },
    /** New connections are served. */
    recover() {
      isDown = false;
    },
    async close() {
      for (const end of ends) end.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

module.exports = { startProxy };
