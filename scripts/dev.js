'use strict';

/**
 * `npm run dev`: the demo chat for those who change the server. A change of C++ builds the addon; a change of
 * anything that the demo loads starts it anew. BEASTIO_ADDON=debug does so with asserts.
 * Node core modules only, because it runs before the set-up.
 */

const { once } = require('node:events');
const path = require('node:path');
const { chosenConfiguration } = require('../lib/engine/wire/addon');
const { RebuildLoop } = require('./dev/rebuild-loop');
const { RestartedProgram } = require('./dev/restarted-program');
const { SourceWatch } = require('./dev/source-watch');
const { reportFailure, setUp } = require('./setup');
const { isAddonCurrent } = require('./setup/addon');
const { TOP } = require('./support/processes');
const { tellsHelp } = require('./support/help');
const { SetUpError } = require('./support/set-up-error');

const DEMO = path.join(TOP, 'examples/chat/server.js');
const FOLDERS = ['native', 'lib', 'examples/chat'].map((folder) => path.join(TOP, folder));

/** C++, and the list of its sources. */
const NATIVE = /\.(cpp|hpp|h)$|^sources\.txt$/;
/** What the demo loads. */
const LOADED = /\.(js|mjs|html|css|svg|webmanifest)$/;

/**
 * Brings the addon up to date.
 * Errors: rejects when the sources do not compile; the compiler has shown its reasons by then.
 *
 * @returns {Promise<boolean>} Whether there was anything to build.
 */
async function build() {
  const addon = chosenConfiguration();
  if (isAddonCurrent(addon)) return false;
  await setUp({ forTests: false, addon });
  return true;
}

/** @param {unknown} error Of a build. */
function tellFailure(error) {
  console.error(error instanceof SetUpError ? `\n${error.message}` : error);
  console.error('The demo stays as it was. The next change builds again.');
}

/**
 * Ends the demo, and then this process.
 * @param {RestartedProgram} demo
 * @param {NodeJS.Signals} signal
 */
async function leave(demo, signal) {
  const { child } = demo;
  // Ctrl-C in a terminal reaches the demo by itself; a second signal would cut its clean-up short.
  const isTold = signal === 'SIGINT' && process.stdin.isTTY;
  if (isTold && child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
  else await demo.stop();
  process.exit();
}

async function main() {
  await setUp({ forTests: false, addon: 'none' });
  const demo = new RestartedProgram(DEMO);
  const loop = new RebuildLoop({ build, restart: () => demo.restart(), onFailure: tellFailure });
  new SourceWatch(FOLDERS, (file) => {
    const name = path.basename(file);
    if (NATIVE.test(name)) loop.notice({ isNative: true });
    else if (LOADED.test(name)) loop.notice({ isNative: false });
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => leave(demo, signal));
  }
  loop.notice({ isNative: true });
  loop.notice({ isNative: false });
}

if (!tellsHelp(__filename)) main().catch(reportFailure);
