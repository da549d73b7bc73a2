/** Starts the server of a soak in a separate process, asks it, and looks at it from outside. */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { certificate } = require('../../support/servers/doors');

const MOST_WORDS = 4000;

/** A server that answers nothing and nobody for so long has come to a stop. */
const PATIENCE_MS = 60_000;

/** It loads the addon first, on a machine that may be busy. */
const START_PATIENCE_MS = 180_000;

class ServerProcess {
  /** Where each door is. @type {Record<string, any>} */
  places = {};
  /** How it ended, unless it was told to. @type {string | undefined} */
  death;
  /** The end of what it has said on its standard error. */
  words = '';
  #child;
  #isTold = false;
  #lastId = 0;
  #lastAnswerAt = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();

  /** @param {object} settings see main.js */
  constructor(settings) {
    const told = JSON.stringify({ identity: certificate(), ...settings });
    const main = path.join(__dirname, 'main.js');
    this.#child = fork(main, [told], { execArgv: ['--expose-gc'], silent: true });
    this.#child.stderr?.on('data', (text) => {
      this.words = (this.words + text).slice(-MOST_WORDS);
    });
    this.#child.stdout?.resume();
    this.#child.on('message', (/** @type {any} */ { id, result, error }) => {
      this.#lastAnswerAt = performance.now();
      const waiting = this.#waiting.get(id);
      if (error) waiting?.reject(new Error(error));
      else waiting?.resolve(result);
    });
    /** Resolves when it has ended. */
    this.ended = once(this.#child, 'close').then(([code, signal]) => {
      if (!this.#isTold) this.death = signal === null ? `code ${code}` : String(signal);
      for (const { reject } of this.#waiting.values()) reject(new Error('the server is gone'));
      this.#waiting.clear();
    });
  }

  /**
   * Errors: rejects when it ends before it serves, or does not serve in time.
   * @param {object} settings
   * @param {number} [patienceMs]
   */
  static async start(settings, patienceMs = START_PATIENCE_MS) {
    const server = new ServerProcess(settings);
    const ready = once(server.#child, 'message').then(([{ places }]) => (server.places = places));
    const timer = setTimeout(() => {
      server.words += `It took longer than ${patienceMs / 1000} s.`;
      server.#child.kill('SIGKILL');
    }, patienceMs);
    await Promise.race([ready, server.ended]);
    clearTimeout(timer);
    if (server.death)
      throw new Error(`The server did not start (${server.death}):\n${server.words}`);
    return server;
  }

  /**
   * @param {string} what of main.js
   * @param {unknown} [value]
   * @returns {Promise<any>} Errors: rejects when the server is gone, or does not answer
   */
  async ask(what, value) {
    if (this.death) throw new Error('the server is gone');
    const id = ++this.#lastId;
    const askedAt = performance.now();
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    try {
      return await new Promise((resolve, reject) => {
        const look = () => {
          const waitedMs = performance.now() - Math.max(askedAt, this.#lastAnswerAt);
          if (waitedMs >= PATIENCE_MS) reject(new Error('the server does not answer'));
          else timer = setTimeout(look, PATIENCE_MS - waitedMs);
        };
        look();
        this.#waiting.set(id, { resolve, reject });
        this.#child.send({ id, what, value }, (error) => error && reject(error));
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  /** From Linux, so that a blocked server is seen as well. 0 when it is gone, and on other systems. */
  look() {
    try {
      const folder = `/proc/${this.#child.pid}`;
      const status = fs.readFileSync(`${folder}/status`, 'utf8');
      return {
        rss: 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0),
        threads: Number(/Threads:\s+(\d+)/.exec(status)?.[1] ?? 0),
        descriptors: fs.readdirSync(`${folder}/fd`).length,
      };
    } catch {
      return { rss: 0, threads: 0, descriptors: 0 };
    }
  }

  async stop() {
    this.#isTold = true;
    this.#child.kill('SIGKILL');
    await this.ended;
  }
}

module.exports = { ServerProcess };
