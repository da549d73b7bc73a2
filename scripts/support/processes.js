'use strict';

/**
 * Child processes for the set-up and the checks: one function that runs a command and says how it ended.
 * Node core modules only, because the set-up runs before node_modules exists.
 */

const { spawn } = require('node:child_process');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');

const TOP = path.join(__dirname, '../..');

/** A translation unit that includes Beast needs about this much memory at its peak. */
const COMPILE_MEMORY_BYTES = 1.5 * 2 ** 30;

/** As of timeout(1). */
const LATE = 124;

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] Where to run it; the top of the repository unless given.
 * @property {NodeJS.ProcessEnv} [env] Variables to set on top of those of this process.
 * @property {'show' | 'keep' | ((line: string) => void)} [output] `show` passes the output through
 *   as it comes; `keep` (the default) only collects it; a function gets every line.
 * @property {number} [limitMs] It is killed after so long.
 * @property {boolean} [isTied] It has a channel to this process, and gets `disconnect` when this process ends.
 */

/**
 * Runs a command without standard input.
 * Errors: a command that does not exist ends with code 127, one killed by a signal with code 1. One that reaches its
 * limit ends with code 124.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} `output` is empty for `show`.
 */
function run(command, args, { cwd = TOP, env = {}, output = 'keep', limitMs, isTied } = {}) {
  return new Promise((resolve) => {
    const shown = output === 'show' ? 'inherit' : 'pipe';
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', shown, shown, ...(isTied ? /** @type {const} */ (['ipc']) : [])],
    });
    let text = '';
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = child.kill('SIGKILL');
      text += `It did not end within ${limitMs} ms.\n`;
    }, limitMs);
    if (limitMs === undefined) clearTimeout(timer);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      readline.createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
        text += `${line}\n`;
        if (typeof output === 'function') output(line);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}\n` }));
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code: isLate ? LATE : (code ?? 1), output: text });
    });
  });
}

/**
 * How many compilers may run at once: one per core, fewer where memory is short.
 * @returns {number}
 */
function compileJobs() {
  const memoryBytes = process.constrainedMemory() || os.totalmem();
  const affordable = Math.floor(Math.min(memoryBytes, os.totalmem()) / COMPILE_MEMORY_BYTES);
  return Math.max(1, Math.min(os.availableParallelism(), affordable));
}

module.exports = { TOP, compileJobs, run };
