/**
 * Servers as programs: each says on its standard output when it is ready, and is ended by a signal.
 */
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');

/** @typedef {{ child: import('node:child_process').ChildProcess, out: string, err: string }} Run */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * @param {string} command
 * @param {string[]} [args]
 * @param {NodeJS.ProcessEnv} [env] on top of that of this process
 * @returns {Run}
 */
function start(command, args = [], env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env } });
  const result = { child, out: '', err: '' };
  child.stdout.on('data', (data) => (result.out += data));
  child.stderr.on('data', (data) => (result.err += data));
  running.add(child);
  child.once('exit', () => running.delete(child));
  return result;
}

/**
 * Waits until a program has printed this.
 * @param {Run} started
 * @param {RegExp} pattern
 * @returns {Promise<RegExpExecArray>}
 */
async function printed(started, pattern) {
  const stdout = /** @type {import('node:stream').Readable} */ (started.child.stdout);
  let isOver = false;
  const closed = once(started.child, 'close').then(() => (isOver = true));
  for (;;) {
    const match = pattern.exec(started.out);
    if (match) return match;
    if (isOver) throw new Error(`It did not become ready: ${started.out}${started.err}`);
    await Promise.race([once(stdout, 'data'), closed]);
  }
}

/**
 * @param {Run} started
 * @param {NodeJS.Signals} [signal] to send first
 * @returns {Promise<unknown[]>} exit code and signal, when all output was read too
 */
function ended(started, signal) {
  const end = once(started.child, 'close');
  if (signal) started.child.kill(signal);
  return end;
}

/** Ends what a test has left behind. */
function endAll() {
  for (const child of running) child.kill('SIGKILL');
}

module.exports = { endAll, ended, printed, start };
