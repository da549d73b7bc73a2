/**
 * The blocks of JavaScript of a page of the documentation, and what runs them.
 *
 * A block runs alone, as an asynchronous function. It may use names that it does not declare. `io` is a server, `client` one
 * of its clients (socket.io-client), and `socket` the socket of that at the server. `other` and `otherSocket` are a second
 * pair. What it logs is compared with the comments behind `console.log(…);`, in any order. `3000` stands for a free port,
 * and so do `443` and `9090`. `6379` is that of a Redis server of its own, `key.pem` and `cert.pem` are a certificate.
 * `Server` is that of the package, and the names of an application are there: see `surroundingsOf`.
 */
'use strict';

const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { createRequire } = require('node:module');
const { inspect } = require('node:util');
const clients = require('socket.io-client');
const { builtAddon } = require('../../support/programs/native-addon');
const { TOP } = require('../../support/programs/programs');
const { freePort } = require('../../support/servers/free-port');
const { certificate } = require('../../support/servers/doors');
const { startRedis } = require('../../support/servers/redis');
const { cleanUp, connectPair, startServer } = require('../../support/rigs/rig');
const beastio = require('../../../lib');

/** @typedef {{ page: string, line: number, heading: string, code: string }} Block */

const REQUIRE = createRequire(path.join(TOP, 'package.json'));
const AsyncFunction = /** @type {any} */ ((async () => {}).constructor);
const LOGGED_MS = 10_000;

/** @param {string} folder of docs/ */
const pagesIn = (folder) =>
  fs
    .readdirSync(path.join(TOP, 'docs', folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${folder}/${name}`);

/** Those whose blocks run so. */
const EXAMPLE_PAGES = [
  ...['README.md', 'examples/dashboard/README.md', ...pagesIn('api'), ...pagesIn('guide')],
  ...['limits', 'metrics', 'mixed', 'performance', 'restarts'].map((name) => `docs/${name}.md`),
];

/**
 * @param {string} page below the top
 * @returns {Block[]} without those that need an addon of the page's
 */
function blocksOf(page) {
  const text = fs.readFileSync(path.join(TOP, page), 'utf8');
  const all = [...text.matchAll(/^```js\n([^]*?)^```$/gm)].map((match) => {
    const before = text.slice(0, match.index);
    const [, heading = page] = /^#+ (.*)$/m.exec(before.slice(before.lastIndexOf('\n#') + 1)) ?? [];
    return { page, line: before.split('\n').length, heading, code: match[1] };
  });
  return all.filter(({ code }) => !code.includes("require('./build/Release/"));
}

/** What a block says that it logs. @param {string} code */
function expectedOf(code) {
  return [...code.matchAll(/console\.log\(.*\);? *\/\/ (.*)$/gm)].map(([, text]) => text);
}

/** Those that a block uses and does not declare. @param {string} code @param {string[]} names */
function freeNames(code, names) {
  const text = code.replace(/\/\/.*$/gm, '').replace(/'[^'\n]*'/g, "''");
  return names.filter(
    (name) =>
      new RegExp(`(?<![.\\w$])${name}(?![\\w$]|\\s*:)`).test(text) &&
      !new RegExp(
        `\\b(const|let)\\s+(${name}\\b|\\{[^}]*\\b${name}\\b(?!\\s*:)|\\[[^\\]]*\\b${name}\\b)`,
      ).test(text),
  );
}

/** What a block may require; what it makes by that is closed afterwards. */
class Modules {
  /** @type {(() => unknown)[]} */
  #closers = [];

  /** @param {() => unknown} closer */
  keep = (closer) => this.#closers.push(closer);

  constructor() {
    const { keep } = this;
    class Server extends beastio.Server {
      constructor(/** @type {any[]} */ ...args) {
        super(...args);
        keep(() => this.close());
      }
    }
    const io = (/** @type {any[]} */ ...args) => {
      const client = /** @type {any} */ (clients.io)(...args);
      keep(() => client.disconnect());
      return client;
    };
    this.replaced = new Map(
      /** @type {[string, any][]} */ ([
        ['beast.io', { ...beastio, Server }],
        ['socket.io-client', { ...clients, io }],
      ]),
    );
  }

  /** @param {string} name */
  require = (name) => {
    if (this.replaced.has(name)) return this.replaced.get(name);
    if (name === './dashboard') return REQUIRE('./examples/dashboard');
    const ours = /^beast\.io\/(\w+)$/.exec(name);
    return ours ? REQUIRE(`./lib/${ours[1]}`) : REQUIRE(name);
  };

  /** The clients first: they would come back. */
  async close() {
    for (const closer of this.#closers.reverse()) await closer();
  }
}

/** Collects what is logged; `complete` ends when so many lines are there. */
class Log {
  /** @type {string[]} */
  lines = [];
  /** @type {() => void} */
  #wake = () => {};

  /** @param {any[]} values */
  log = (...values) => {
    const texts = values.map((value) =>
      typeof value === 'string' ? value : inspect(value, { breakLength: Infinity }),
    );
    this.lines.push(texts.join(' '));
    this.#wake();
  };

  /** @param {number} count */
  async complete(count) {
    const timer = setTimeout(() => this.#wake(), LOGGED_MS);
    const end = Date.now() + LOGGED_MS;
    while (this.lines.length < count && Date.now() < end) {
      await new Promise((resolve) => (this.#wake = () => resolve(undefined)));
    }
    clearTimeout(timer);
  }
}

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-docs-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** @param {'key' | 'cert'} name */
function pemFile(name) {
  const file = path.join(folder, `${name}.pem`);
  fs.writeFileSync(file, certificate()[name]);
  return file;
}

/**
 * What an application has around a block: names that it uses and does not declare.
 * @param {string} code
 * @param {Modules} modules
 */
async function surroundingsOf(code, modules) {
  const httpServer = http.createServer();
  modules.keep(() => httpServer.close());
  const createServer = (/** @type {any[]} */ ...args) => {
    const server = http.createServer(...args);
    modules.keep(() => server.close());
    return server;
  };
  const signals = new EventEmitter();
  const all = {
    ...{ Server: modules.require('beast.io').Server, http: { createServer }, httpServer },
    ...{ ...certificate(), app: () => {} },
    ...{ isAdmin: () => true, isBanned: () => false },
    process: Object.assign(signals, { env: process.env }),
  };
  const names = freeNames(code, [...Object.keys(all), 'addon']);
  const used = names.map((name) => [name, /** @type {any} */ (all)[name]]);
  if (names.includes('addon')) {
    const file = await builtAddon('test/mixed/addon/addon.cpp');
    used.push(['addon', { moveHandlers: REQUIRE(file).doubler() }]);
  }
  return { names: Object.fromEntries(used), signals };
}

/**
 * The server and the pairs that a block uses. A server does not listen yet if the block has it listen.
 * @param {string} code
 * @param {Modules} modules
 */
async function rigFor(code, modules) {
  const names = freeNames(code, ['io', 'socket', 'client', 'other', 'otherSocket']);
  if (names.length === 0) return {};
  if (code.includes('io.listen(')) return { io: new (modules.require('beast.io').Server)() };
  const io = startServer();
  const uses = (/** @type {string[]} */ ...some) => some.some((name) => names.includes(name));
  const { client, socket } = uses('client', 'socket') ? await connectPair(io) : {};
  const second = uses('other', 'otherSocket') ? await connectPair(io) : {};
  const all = { io, client, socket, other: second.client, otherSocket: second.socket };
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

/**
 * Runs a block.
 * @param {Block} block
 * @returns {Promise<{ logged: string[], expected: string[] }>} both sorted
 */
async function runBlock({ code }) {
  const modules = new Modules();
  const log = new Log();
  const around = await surroundingsOf(code, modules);
  const rig = { ...(await rigFor(code, modules)), ...around.names };
  const redis = code.includes('6379') ? await startRedis() : undefined;
  const port = await freePort();
  const text = code
    .replaceAll(/\b(?:3000|443|9090|6379)\b/g, (of) => String(of === '6379' ? redis?.port : port))
    .replaceAll(/'(key|cert)\.pem'/g, (_, name) => `'${pemFile(name)}'`);
  const names = ['require', 'console', ...Object.keys(rig)];
  const expected = expectedOf(code);
  try {
    const run = new AsyncFunction(...names, text);
    await run(modules.require, { ...console, log: log.log }, ...Object.values(rig));
    // A block that logs has its end in itself.
    const signals = expected.length === 0 ? around.signals.eventNames() : [];
    for (const signal of signals) around.signals.emit(signal);
    await log.complete(expected.length);
    return { logged: [...log.lines].sort(), expected: expected.sort() };
  } finally {
    await modules.close();
    await cleanUp();
    await redis?.stop();
  }
}

module.exports = { EXAMPLE_PAGES, blocksOf, freeNames, runBlock };
