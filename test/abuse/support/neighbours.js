/**
 * Well-behaved official clients beside an attack. They ask for an echo all the time. They note how long each
 * took, and whether they were lost.
 */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { io: connectClient } = require('socket.io-client');
const { closers } = require('./abused-server');

const ECHO_MS = 50;

class Neighbours {
  /** @type {any[]} */
  #clients = [];
  #isOver = false;
  /** Why some were lost. @type {string[]} */
  losses = [];
  /** How long each echo took. @type {number[]} */
  latencies = [];

  /**
   * Connects them, and has them ask from now on.
   * @param {{ url: string, trust: object }} server
   * @param {Record<string, number>} counts by transport
   */
  static async beside({ url, trust }, counts) {
    const neighbours = new Neighbours();
    closers.push(() => neighbours.#leave());
    const all = Object.entries(counts).flatMap(([transport, count]) =>
      Array(count).fill(transport),
    );
    await Promise.all(
      all.map(async (transport) => {
        const options = { forceNew: true, reconnection: false, transports: [transport], ...trust };
        const client = connectClient(url, options);
        neighbours.#clients.push(client);
        await new Promise((resolve, reject) => {
          client.once('connect', () => resolve(undefined));
          client.once('connect_error', reject);
        });
        client.on('disconnect', (reason) => {
          if (!neighbours.#isOver) neighbours.losses.push(`${transport}: ${reason}`);
        });
        neighbours.#askOn(client);
      }),
    );
    return neighbours;
  }

  /** @param {any} client */
  async #askOn(client) {
    while (!this.#isOver && client.connected) {
      const before = performance.now();
      await new Promise((resolve) => client.emit('echo', 'x', resolve));
      this.latencies.push(performance.now() - before);
      await delay(ECHO_MS);
    }
  }

  /** Resolves when each has had an answer to what it asks from now on. */
  async allAnswered() {
    await Promise.all(
      this.#clients
        .filter((client) => client.connected)
        .map(
          (client) =>
            new Promise((resolve) => {
              client.once('disconnect', resolve);
              client.emit('echo', 'x', resolve);
            }),
        ),
    );
  }

  get worstLatency() {
    return Math.max(...this.latencies);
  }

  /** Closes them while the server can still answer, at the latest when it does not. */
  async #leave() {
    this.#isOver = true;
    const engines = this.#clients.map((client) => client.io.engine);
    const closed = engines
      .filter(({ readyState }) => readyState !== 'closed')
      .map((engine) => new Promise((resolve) => engine.once('close', resolve)));
    for (const client of this.#clients) client.disconnect();
    await Promise.race([Promise.all(closed), delay(2000, undefined, { ref: false })]);
  }
}

module.exports = { Neighbours };
