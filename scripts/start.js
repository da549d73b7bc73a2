'use strict';

/**
 * `npm start`: sets up what is missing, then runs the demo chat in its place: same terminal, signals and exit code.
 * Node core modules only.
 */

const { spawn } = require('node:child_process');
const path = require('node:path');
const { chosenConfiguration } = require('../lib/engine/wire/addon');
const { reportFailure, setUp } = require('./setup');
const { TOP } = require('./support/processes');

const DEMO = path.join(TOP, 'examples/chat/server.js');

/** Runs the demo as a child process until it ends. */
function startDemo() {
  const demo = spawn(process.execPath, [DEMO], { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the demo by itself; a second SIGINT would cut its clean-up short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) demo.kill(signal);
    });
  }
  demo.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function main() {
  await setUp({ forTests: false, addon: chosenConfiguration() });
  startDemo();
}

main().catch(reportFailure);
