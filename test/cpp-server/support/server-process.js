/**
 * A server in another process: the application with the genuine package, or the program in C++. What it says on
 * its standard output is kept. A server that ends badly, by a sanitizer for example, fails its test.
 */
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const readline = require('node:readline');
const { PRESET, PROGRAM } = require('./program');

const PATIENCE_MS = 20_000;
const APPLICATION = path.join(__dirname, 'application.js');
const SANITIZERS = { ASAN_OPTIONS: 'detect_leaks=1', UBSAN_OPTIONS: 'print_stacktrace=1' };

class ServerProcess {
  /** What the application was told, in the words that all servers share. @type {string[]} */
  told = [];
  /** What only the server in C++ reports. @type {string[]} */
  reports = [];
  /** What it has written to its standard error. */
  errors = '';
  port = 0;
  /** Called with what an engine tells. @type {(words: string[]) => void} */
  onEngine = () => {};
  #changed = () => {};
  #ended;
  /** How many sockets have come that the application has not seen leave. */
  #here = 0;
  #syncs = 0;
  #synced = 0;

  /** @param {string} command @param {string[]} args */
  constructor(command, args) {
    this.child = spawn(command, args, { env: { ...process.env, ...SANITIZERS } });
    this.#ended = once(this.child, 'close');
    this.child.stdin.on('error', () => {}); // it has ended before
    this.child.stderr.on('data', (chunk) => (this.errors += chunk));
    const lines = readline.createInterface({ input: this.child.stdout, crlfDelay: Infinity });
    lines.on('line', (line) => this.#take(JSON.parse(line)));
  }

  /** @param {any} said */
  #take({ port, told, report, engine, sync }) {
    if (port !== undefined) this.port = port;
    if (sync !== undefined) this.#synced = sync;
    if (told !== undefined) {
      this.told.push(told);
      if (told.endsWith(' connection')) this.#here++;
      if (told.includes(' disconnect: ')) this.#here--;
    }
    if (report !== undefined) this.reports.push(report);
    if (engine !== undefined) this.onEngine(engine);
    this.#changed();
  }

  /** @returns {import('../../support/servers/doors').Place} */
  get place() {
    return { host: '127.0.0.1', port: this.port };
  }

  /** Resident bytes of the process, on Linux. */
  get pid() {
    return this.child.pid;
  }

  /** @param {string} nsp */
  url(nsp = '/') {
    return `http://127.0.0.1:${this.port}${nsp}`;
  }

  /**
   * Waits for what the process says to satisfy a condition.
   * @param {() => boolean} condition
   * @param {string} what it is
   */
  async until(condition, what) {
    let timer;
    const expired = new Promise((_, reject) => {
      const told = () =>
        `told:\n  ${this.told.join('\n  ')}\nreports:\n  ${this.reports.join('\n  ')}`;
      const fail = () => reject(new Error(`waited in vain for ${what}\n${told()}\n${this.errors}`));
      timer = setTimeout(fail, PATIENCE_MS);
      this.#ended.then(() => setImmediate(fail));
    });
    expired.catch(() => {});
    try {
      while (!condition()) {
        const changed = new Promise((resolve) => (this.#changed = () => resolve(undefined)));
        await Promise.race([changed, expired]);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until the application was told so, so many times. @param {string} line */
  saw(line, count = 1) {
    const isThere = () => this.told.filter((each) => each === line).length >= count;
    return this.until(isThere, `"${line}" (${count})`);
  }

  /** Waits until the server in C++ has reported so. @param {string} text a part of it */
  reported(text) {
    return this.until(() => this.reports.some((line) => line.includes(text)), `"${text}"`);
  }

  /** All that the application was told so far. */
  async all() {
    const sync = ++this.#syncs;
    this.say(`${sync}`);
    await this.until(() => this.#synced >= sync, 'all that was told');
    return this.told;
  }

  /** Waits until all of the watched namespaces have left, and forgets what was told. Returns it. */
  async forget() {
    await this.all();
    await this.until(() => this.#here === 0, 'the last socket to leave');
    const { told } = this;
    this.told = [];
    this.reports = [];
    return told;
  }

  /** Gives the program a command: to close, or to answer a number. @param {string} line */
  say(line) {
    this.child.stdin.write(`${line}\n`);
  }

  /** Ends it, and checks that it has ended well. */
  async stop() {
    this.child.stdin.end();
    const [code, signal] = await this.#ended;
    if (code === 0) return;
    throw new Error(`the server ended with ${code ?? signal}\n${this.errors}`);
  }
}

/**
 * Starts the program in C++.
 * @param {'application' | 'engine'} what
 * @param {object} options
 */
async function startProgram(what, options) {
  const args = [what, JSON.stringify(options)];
  // See scripts/checks/tests/cpp.js: the thread sanitizer needs fixed addresses.
  const isThreads = PRESET === 'tsan';
  const server = isThreads
    ? new ServerProcess('setarch', ['--addr-no-randomize', PROGRAM, ...args])
    : new ServerProcess(PROGRAM, args);
  await server.until(() => server.port !== 0, 'the port of the program');
  return server;
}

/** The servers that must not be told apart, and what starts them. */
const STARTERS = {
  'socket.io': async (/** @type {object} */ options) => {
    const server = new ServerProcess(process.execPath, [APPLICATION, JSON.stringify(options)]);
    await server.until(() => server.port !== 0, 'the port of the application');
    return server;
  },
  'the server in C++': (/** @type {object} */ options) =>
    startProgram('application', { allowEIO3: true, ...options }),
  'the server in C++ on 3 threads': (/** @type {object} */ options) =>
    startProgram('application', { allowEIO3: true, ioThreads: 3, ...options }),
};

/** @typedef {keyof typeof STARTERS} Subject */

const SUBJECTS = /** @type {Subject[]} */ (Object.keys(STARTERS));
const [GENUINE, IN_CPP] = SUBJECTS;

/** @param {Subject} subject @param {object} [options] of socket.io */
const startServer = (subject, options = {}) => STARTERS[subject](options);

module.exports = { GENUINE, IN_CPP, SUBJECTS, ServerProcess, startProgram, startServer };
