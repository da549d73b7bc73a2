'use strict';

/**
 * `npm start`: sets up what is missing, then runs the demo chat in its place: same terminal, signals and exit code.
 * `npm start mixed-game` and `npm start mixed-feed` run those examples, with their handlers in C++, and
 * `npm start dashboard` that page with a server to look at.
 * Node core modules only.
 */

const { spawn } = require('node:child_process');
const path = require('node:path');
const { chosenConfiguration } = require('../lib/engine/wire/addon');
const { reportFailure, setUp } = require('./setup');
const { builtByGyp } = require('./setup/gyp');
const { TOP } = require('./support/processes');
const { SetUpError } = require('./support/set-up-error');

/** The examples that it runs, and the target of the addon that each brings along, if any. */
const DEMOS = new Map([
  ['chat', undefined],
  ['dashboard', undefined],
  ['mixed-game', 'game'],
  ['mixed-feed', 'feed'],
]);

/**
 * Runs an example as a child process until it ends.
 * @param {string} folder
 */
function startDemo(folder) {
  const file = path.join(folder, 'server.js');
  const demo = spawn(process.execPath, [file], { stdio: 'inherit' });
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

/** @param {string} [name] of an example */
async function main(name = 'chat') {
  if (!DEMOS.has(name)) {
    throw new SetUpError(`There is no "${name}". There are: ${[...DEMOS.keys()].join(', ')}.`);
  }
  await setUp({ forTests: false, addon: chosenConfiguration() });
  const folder = path.join(TOP, 'examples', name);
  const target = DEMOS.get(name);
  if (target !== undefined) {
    console.log(`Building ${name}`);
    await builtByGyp(folder, target);
  }
  startDemo(folder);
}

main(process.argv[2]).catch(reportFailure);
