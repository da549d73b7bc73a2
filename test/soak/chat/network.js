/**
 * The network between the members of a chat and a door: a TCP proxy, which knows nothing of what it carries. It can
 * reset connections, for both sides or for the client alone. It can also let them fall silent for both.
 */
'use strict';

const { once } = require('node:events');
const net = require('node:net');

/** A connection that has fallen silent is reset at last: the server has given it up long before. */
const SILENCE_MS = 15_000;

class Connection {
  #client;
  #server;
  #timer = setTimeout(() => {}, 0);
  isSilent = false;

  /**
   * @param {net.Socket} client
   * @param {net.Socket} server
   * @param {() => void} onEnd
   */
  constructor(client, server, onEnd) {
    this.#client = client;
    this.#server = server;
    for (const [from, to] of [
      [client, server],
      [server, client],
    ]) {
      from.pipe(to);
      // One that breaks takes the other with it, unless nobody is to hear of it.
      from.on('error', () => !this.isSilent && to.resetAndDestroy());
      from.on('close', () => {
        if (client.closed && server.closed) {
          clearTimeout(this.#timer);
          onEnd();
        } else if (!this.isSilent) {
          to.end();
        }
      });
    }
  }

  reset() {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  /** Swallows everything from now on, the ends of both sides as well. */
  silence() {
    this.isSilent = true;
    this.#client.unpipe().resume();
    this.#server.unpipe().resume();
    this.#timer = setTimeout(() => this.reset(), SILENCE_MS);
  }

  /** The client loses it, and the server hears nothing of that. */
  cut() {
    this.silence();
    this.#client.resetAndDestroy();
  }
}

class Network {
  /** @type {Set<Connection>} */
  #connections = new Set();
  #proxy;

  /** @param {{ host: string, port: number }} place of the server */
  constructor({ host, port }) {
    this.#proxy = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      const server = net.connect({ host, port, allowHalfOpen: true, noDelay: true });
      const connection = new Connection(client, server, () => this.#connections.delete(connection));
      this.#connections.add(connection);
    });
  }

  /** @param {{ host: string, port: number }} place */
  static async before(place) {
    const network = new Network(place);
    await once(network.#proxy.listen(0, '127.0.0.1'), 'listening');
    return network;
  }

  get port() {
    return /** @type {net.AddressInfo} */ (this.#proxy.address()).port;
  }

  /** Those that work. */
  get connections() {
    return [...this.#connections].filter(({ isSilent }) => !isSilent);
  }

  async close() {
    const closed = once(this.#proxy, 'close');
    this.#proxy.close();
    for (const connection of this.#connections) connection.reset();
    await closed;
  }
}

module.exports = { Network };
