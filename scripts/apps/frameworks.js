'use strict';

/** The applications of examples/frameworks, installed as their users do it. Node core modules only. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pack } = require('../pack');
const { TOP } = require('../support/processes');
const { installWithBun, installWithNpm } = require('./install');
const { startRegistry } = require('./registry');

const EXAMPLES = path.join(TOP, 'examples/frameworks');

const FRAMEWORKS = fs
  .readdirSync(EXAMPLES, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/**
 * Copies one and installs what it depends on.
 *
 * @param {string} name
 * @param {string} folder Where it is to be. What lay there is removed.
 * @param {import('./registry').Registry} registry
 * @param {NodeJS.ProcessEnv} [env]
 */
async function installFramework(name, folder, registry, env) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.cpSync(path.join(EXAMPLES, name), folder, {
    recursive: true,
    filter: (file) => path.basename(file) !== 'node_modules',
  });
  if (fs.existsSync(path.join(folder, 'bun.lock'))) await installWithBun(folder, registry, env);
  else await installWithNpm(folder, registry, 'ci');
}

/**
 * Packs beast.io and installs one with it.
 *
 * @param {string} name
 * @returns {Promise<string>} Where it is.
 */
async function prepareFramework(name) {
  const folder = path.join(TOP, '.cache/frameworks', name);
  const packed = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-frameworks-'));
  const registry = await startRegistry(await pack(packed));
  console.log(`Installing ${name} in ${path.relative(TOP, folder)}`);
  try {
    await installFramework(name, folder, registry);
  } finally {
    registry.close();
    fs.rmSync(packed, { recursive: true });
  }
  return folder;
}

module.exports = { EXAMPLES, FRAMEWORKS, installFramework, prepareFramework };
