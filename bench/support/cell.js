/**
 * One cell of the bench: a fresh server process, one run of the load generator against it, and the
 * end of both. Whatever goes wrong on the way is a CellError, with the words of the process at fault.
 */
'use strict';

const { spawn } = require('node:child_process');
const { createInterface } = require('node:readline');
const { once } = require('node:events');
const { commandOf } = require('../servers');

const START_TIMEOUT_MS = 20_000;
const LEAVE_TIMEOUT_MS = 5_000;
const KEPT_STDERR_CHARACTERS = 8_192;

/**
 * What every cell needs, made once.
 * @typedef {object} Tools
 * @property {string} generator path of the program
 * @property {string} limit path of the raw epoll server
 * @property {string} cpp path of the Socket.IO server in C++
 * @property {string} mixed path of the addon with handlers in C++
 * @property {import('./peers').Peers} peers
 * @property {{ key: string, cert: string }} certificate files
 * @property {import('./machine').Pinning} pinning
 *
 * @typedef {object} Cell
 * @property {import('../servers').BenchServer} server
 * @property {import('../scenarios').Scenario} scenario
 * @property {Tools} tools
 * @property {Pick<import('./options').Options, 'seconds' | 'warmupSeconds'>} times
 * @property {Probe} [probe]
 *
 * @typedef {object} Probe What watches a server.
 * @property {string[]} nodeFlags of its process, if it runs in Node
 * @property {(pid: number) => void} [begin] called when the server listens
 * @property {() => Promise<void>} [end] called before it is asked to leave
 */

/** Why a cell has no figures. */
class CellError extends Error {
  /**
   * @param {string} message
   * @param {string} stderr of the process at fault
   * @param {boolean} [startFailed] whether the server never listened: further cells cannot work
   */
  constructor(message, stderr, startFailed = false) {
    super(message);
    this.stderr = stderr.trim();
    this.startFailed = startFailed;
  }
}

/** A child process, its last words, and how it ended. */
class Child {
  /**
   * @param {string[]} command
   * @param {NodeJS.ProcessEnv} [env] on top of those of this process
   */
  constructor([program, ...args], env = {}) {
    this.stderr = '';
    this.process = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.process.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr = (this.stderr + text).slice(-KEPT_STDERR_CHARACTERS);
    });
    this.process.stdin.on('error', () => {}); // it may have ended already; `ended` tells how
    /** @type {Promise<string>} how it ended: empty for exit code 0. Never rejects */
    this.ended = new Promise((resolve) => {
      this.process.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.process.once('close', (code, signal) => {
        if (signal) resolve(`was ended by ${signal}`);
        else resolve(code === 0 ? '' : `ended with exit code ${code}`);
      });
    });
  }
}

/**
 * Waits for one of two promises at most for some time.
 * @template Value
 * @param {Promise<Value>} promise
 * @param {number} timeoutMs
 * @returns {Promise<Value | undefined>} undefined when the time is over
 */
async function within(promise, timeoutMs) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  /** @type {Promise<undefined>} */
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, timeoutMs, undefined);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits until the server listens.
 * @param {Child} server
 * @returns {Promise<{port: number, versions: Record<string, string>}>}
 */
async function listening(server) {
  const lines = createInterface({ input: server.process.stdout });
  const firstLine = once(lines, 'line').then(([line]) => ({ line: String(line) }));
  const exit = server.ended.then((end) => ({ end: end || 'ended' }));
  const first = await within(Promise.race([firstLine, exit]), START_TIMEOUT_MS);
  if (first === undefined) {
    throw new CellError('the server did not listen in 20 seconds', server.stderr, true);
  }
  if ('end' in first) {
    throw new CellError(`the server ${first.end} before it listened`, server.stderr, true);
  }
  try {
    return JSON.parse(first.line);
  } catch {
    throw new CellError(`the server printed '${first.line}' instead of its port`, '', true);
  }
}

/**
 * Asks the server to leave, and ends it if it does not.
 * @param {Child} server
 * @returns {Promise<string>} what was wrong with its end, or nothing
 */
async function leave(server) {
  server.process.stdin.end();
  const end = await within(server.ended, LEAVE_TIMEOUT_MS);
  if (end !== undefined) return end;
  server.process.kill('SIGKILL');
  await server.ended;
  return 'did not leave when asked to';
}

/**
 * @param {Cell} cell
 * @param {number} port
 * @param {number} pid
 */
function generatorArguments({ scenario, tools, times }, port, pid) {
  const { needs = [], leastWarmupSeconds = 0, leastSeconds = 0 } = scenario;
  /** @param {boolean | undefined} value */
  const yesNo = (value) => (value ? 'yes' : 'no');
  return Object.entries({
    '--port': port,
    '--pid': pid,
    '--workload': scenario.workload,
    '--transport': scenario.transport ?? 'websocket',
    '--tls': yesNo(needs.includes('tls')),
    '--deflate': yesNo(needs.includes('deflate')),
    '--connections': scenario.connections,
    '--connect-over-ms': scenario.connectOverMs ?? 0,
    '--namespaces': scenario.namespaces ?? 1,
    '--rooms': scenario.rooms ?? 0,
    '--in-flight': scenario.inFlight ?? 1,
    '--payload': scenario.payload ?? 'text',
    '--payload-bytes': scenario.payloadBytes ?? 32,
    '--rate': scenario.rate ?? 0,
    '--pause-us': scenario.pauseUs ?? 0,
    '--spin': yesNo(tools.pinning.apart),
    '--collect': yesNo(scenario.collect),
    '--warmup-ms': Math.round(Math.max(times.warmupSeconds, leastWarmupSeconds) * 1000),
    '--measure-ms': Math.round(Math.max(times.seconds, leastSeconds) * 1000),
  }).flatMap(([name, value]) => [name, String(value)]);
}

/**
 * @param {Cell} cell
 * @returns {Child}
 */
function startServer({ server, scenario, tools, probe }) {
  const { cpp, limit, mixed, peers, pinning } = tools;
  const settings = settingsOf(scenario, tools);
  const [program, ...args] = commandOf(server, { bun: peers.bun, cpp, limit }, settings);
  const flags = server.runtime === 'node' ? (probe?.nodeFlags ?? []) : [];
  const command = [program, ...flags, ...args];
  return new Child([...pinning.server, ...command], {
    BENCH_PEERS: peers.folder,
    BENCH_MIXED: mixed,
  });
}

/**
 * @param {import('../scenarios').Scenario} scenario
 * @param {Tools} tools
 * @returns {import('../servers').ServerSettings}
 */
function settingsOf({ needs = [], serverOptions }, { certificate }) {
  return {
    tls: needs.includes('tls') ? certificate : undefined,
    deflate: needs.includes('deflate'),
    options: serverOptions,
  };
}

/**
 * Runs a cell.
 * @param {Cell} cell
 * @returns {Promise<{sample: import('./metrics').Sample, versions: Record<string, string>,
 *   serverStderr: string}>} Errors: rejects with a CellError
 */
async function runCell(cell) {
  const { pinning, generator } = cell.tools;
  const serving = startServer(cell);
  const start = await listening(serving).catch(async (error) => {
    await leave(serving);
    throw error;
  });
  const pid = Number(serving.process.pid);
  cell.probe?.begin?.(pid);
  const args = generatorArguments(cell, start.port, pid);
  const run = await generate([...pinning.generator, generator, ...args]);
  await cell.probe?.end?.();
  // Only now: a server that has crashed may have said why after the generator noticed.
  const fault = await leave(serving);
  const serverStderr = serving.stderr.trim();
  if (run.fault || fault) {
    const faults = [run.fault && `the load generator ${run.fault}`, fault && `the server ${fault}`];
    const words = [run.stderr, serverStderr && `the server's stderr: ${serverStderr}`];
    throw new CellError(faults.filter(Boolean).join('; '), words.filter(Boolean).join('\n'));
  }
  const sample = { ...JSON.parse(run.stdout), clients: cell.scenario.connections };
  return { sample, versions: start.versions, serverStderr };
}

/**
 * Runs the load generator to its end.
 * @param {string[]} command
 */
async function generate(command) {
  const child = new Child(command);
  let stdout = '';
  child.process.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  const fault = await child.ended;
  return { fault, stdout, stderr: child.stderr.trim() };
}

module.exports = { runCell, CellError };
