/**
 * Runs a file of scenarios on one package behind one door, in a separate process. Handlers may throw there,
 * and ticks and microtasks are Node's, not those of a test runner.
 */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');

/** @typedef {import('./compare').Lanes} Lanes */
/**
 * @typedef {object} FileRun
 * @property {(name: string) => Promise<Lanes>} traceOf
 * @property {(name: string) => Promise<Lanes>} playAgain by itself, in a separate process
 * @property {() => Promise<void>} stop
 */

/**
 * @param {'genuine' | 'ours'} subject
 * @param {string} door
 * @param {string} file
 * @param {{ fault?: string, only?: string }} [options] a fault to seed; the one scenario to run
 * @returns {FileRun}
 */
function runFile(subject, door, file, { fault = '', only = '' } = {}) {
  const program = path.join(__dirname, 'run.js');
  const child = fork(program, [subject, door, file, fault, only], {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  /** @type {Map<string, Lanes>} */
  const traces = new Map();
  let end = '';
  /** Several tests may wait at once. @type {(() => void)[]} */
  const waiting = [];
  const wakeAll = () => waiting.splice(0).forEach((wake) => wake());
  child.on('message', (/** @type {any} */ { name, trace }) => {
    traces.set(name, trace);
    wakeAll();
  });
  const closed = once(child, 'close').then(([code, signal]) => {
    end = `${subject} on ${door} ended with ${code ?? signal}\n${output}`;
    wakeAll();
  });
  return {
    async traceOf(name) {
      for (;;) {
        const trace = traces.get(name);
        if (trace) return trace;
        if (end !== '') throw new Error(`no trace of "${name}": ${end}`);
        await new Promise((resolve) => waiting.push(() => resolve(undefined)));
      }
    },
    async playAgain(name) {
      const again = runFile(subject, door, file, { fault, only: name });
      try {
        return await again.traceOf(name);
      } finally {
        await again.stop();
      }
    },
    async stop() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

module.exports = { runFile };
