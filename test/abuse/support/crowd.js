/**
 * Clients of a server process: slow readers, who take nothing, and witnesses, who must not notice
 * them. `cleanUp()` closes all.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const { io: connectClient } = require('socket.io-client');
const { startServerProcess } = require('./server-process');
const { Wire, frame, upgradeText } = require('../../support/clients/wire');

const PATH = '/socket.io/?EIO=4&transport=';
const ECHO_EVERY_MS = 20;

/** @type {(() => unknown)[]} */
const closers = [];

/**
 * A server process, stopped after the test.
 * @param {string} doorName
 * @param {object} [opts]
 */
async function startServer(doorName, opts) {
  const server = await startServerProcess(doorName, opts);
  closers.push(server.stop);
  return server;
}

/** @param {any} place */
const urlOf = ({ ca, port }) => `http${ca ? 's' : ''}://127.0.0.1:${port}`;

/**
 * A WebSocket by hand, in the main namespace.
 * @param {any} place
 */
async function joinByHand(place) {
  const wire = await Wire.connect(place);
  closers.push(() => wire.socket.destroy());
  wire.write(upgradeText(`${PATH}websocket`));
  await wire.framesUpTo(1);
  wire.write(frame('40'));
  await wire.framesUpTo(2);
  return wire;
}

/**
 * Clients that are connected and read nothing.
 * @param {any} place
 * @param {number} count
 */
async function openSlowReaders(place, count) {
  const wires = await Promise.all(Array.from({ length: count }, () => joinByHand(place)));
  for (const wire of wires) wire.socket.pause();
  return wires;
}

/** A client of the polling transport by hand, in the main namespace. */
class Poller {
  /** @param {any} place */
  constructor(place) {
    this.place = place;
    const { Agent } = place.ca ? https : http;
    this.agent = new Agent({ keepAlive: true, ca: place.ca });
    this.sid = '';
    closers.push(() => this.agent.destroy());
  }

  /** @param {any} place */
  static async join(place) {
    const poller = new Poller(place);
    poller.sid = JSON.parse((await poller.ask('GET')).slice(1)).sid;
    await poller.ask('POST', '40');
    await poller.ask('GET');
    return poller;
  }

  /**
   * @param {string} method
   * @param {string} [body]
   * @returns {Promise<string>} the body of the answer
   */
  async ask(method, body) {
    const client = this.place.ca ? https : http;
    const url = `${urlOf(this.place)}${PATH}polling${this.sid && `&sid=${this.sid}`}`;
    const request = client.request(url, { method, agent: this.agent });
    request.end(body);
    const [response] = await once(request, 'response');
    const chunks = [];
    for await (const chunk of response) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }
}

/** Well-behaved clients, who ask for an echo again and again. */
class Witnesses {
  lost = 0;
  answered = 0;
  slowestMs = 0;

  /**
   * One with WebSocket and one with polling.
   * @param {any} place
   */
  static async join(place) {
    const witnesses = new Witnesses();
    await Promise.all(['websocket', 'polling'].map((name) => witnesses.#join(place, name)));
    return witnesses;
  }

  /**
   * @param {any} place
   * @param {string} transport
   */
  async #join(place, transport) {
    const client = connectClient(urlOf(place), {
      transports: [transport],
      forceNew: true,
      reconnection: false,
      ca: place.ca,
      rejectUnauthorized: false, // the certificate is of another name than the address
    });
    let timer = setTimeout(() => {}, 0);
    closers.push(() => {
      clearTimeout(timer);
      client.off().disconnect();
    });
    await new Promise((resolve, reject) => {
      client.once('connect', () => resolve(undefined));
      client.once('connect_error', reject);
    });
    client.once('disconnect', () => this.lost++);
    const ask = () => {
      const start = performance.now();
      client.emit('echo', start, (/** @type {number} */ value) => {
        expect(value).toBe(start);
        this.slowestMs = Math.max(this.slowestMs, performance.now() - start);
        this.answered++;
        timer = setTimeout(ask, ECHO_EVERY_MS);
      });
    };
    ask();
  }

  /** Waits for so many more answers. @param {number} count */
  async areAnswered(count = 4) {
    await until(() => this.lost > 0 || this.answered >= count, `${count} answers`);
    const enough = this.answered + count;
    await until(() => this.lost > 0 || this.answered >= enough, 'further answers');
  }
}

const PATIENCE_MS = 30_000;

/**
 * Waits for what no event tells of.
 * @param {() => unknown} condition
 * @param {string} what
 */
async function until(condition, what) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Closes everything that was opened, the last first. */
async function cleanUp() {
  for (const close of closers.splice(0).reverse()) await close();
}

module.exports = {
  PATH,
  Poller,
  Witnesses,
  cleanUp,
  closers,
  joinByHand,
  openSlowReaders,
  startServer,
  until,
  urlOf,
};
