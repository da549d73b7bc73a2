'use strict';

/**
 * `npm start`: sets up what is missing, then runs the demo chat in its place: same terminal, signals and exit code.
 * `npm start mixed-game` and `npm start mixed-feed` run those examples, with their handlers in C++, and
 * `npm start dashboard` that page with a server to look at. `npm start express` and the other names of
 * examples/frameworks install those with this beast.io in .cache/frameworks, and start them there.
 * Node core modules only.
 */

const { spawn } = require('node:child_process');
const path = require('node:path');
const { chosenConfiguration } = require('../lib/engine/wire/addon');
const { FRAMEWORKS, prepareFramework } = require('./apps/frameworks');
const { reportFailure, setUp } = require('./setup');
const { builtByGyp } = require('./setup/gyp');
const { TOP } = require('./support/processes');
const { SetUpError } = require('./support/set-up-error');

/** The examples of this repository that it runs, and the target of the addon that each brings along, if any. */
const DEMOS = new Map([
  ['chat', undefined],
  ['dashboard', undefined],
  ['mixed-game', 'game'],
  ['mixed-feed', 'feed'],
]);

/**
 * Runs an example as a child process until it ends.
 * @param {string} command
 * @param {string[]} args
 * @param {string} [cwd]
 */
function startDemo(command, args, cwd) {
  const demo = spawn(command, args, { cwd, stdio: 'inherit' });
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
  if (FRAMEWORKS.includes(name)) {
    startDemo('npm', ['start'], await prepareFramework(name));
    return;
  }
  if (!DEMOS.has(name)) {
    const names = [...DEMOS.keys(), ...FRAMEWORKS].join(', ');
    throw new SetUpError(`There is no "${name}". There are: ${names}.`);
  }
  await setUp({ forTests: false, addon: chosenConfiguration() });
  const folder = path.join(TOP, 'examples', name);
  const target = DEMOS.get(name);
  if (target !== undefined) {
    console.log(`Building ${name}`);
    await builtByGyp(folder, target);
  }
  startDemo(process.execPath, [path.join(folder, 'server.js')]);
}

main(process.argv[2]).catch(reportFailure);
