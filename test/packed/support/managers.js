'use strict';

/** The package managers: how each installs an application without running scripts, and how it then runs there. */

const fs = require('node:fs');
const path = require('node:path');
const {
  MANAGERS,
  RUNTIMES,
  installKept,
  runtime,
} = require('../../support/programs/kept-packages');

/**
 * @typedef {object} Manager
 * @property {string} name As the documentation tells it.
 * @property {string} version
 * @property {string} program
 * @property {string[]} install Its arguments.
 * @property {[string, ...string[]]} serve What runs the application.
 * @property {string} [settings] A file of the application, `.yarnrc.yml`.
 */

/** @param {string} kept @param {string} name @returns {string} the version in a lock file */
function locked(kept, name) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(kept, 'package-lock.json'), 'utf8'));
  return packages[`node_modules/${name}`].version;
}

const node = process.execPath;
const APP = 'app.cjs';
const NO_SCRIPTS = '--ignore-scripts';

/**
 * The managers, once they are installed. Yarn 4 leaves packages in archives (Plug'n'Play), and unpacks ours, which
 * has binaries. npm 12 asks for a later Node than the oldest of ours.
 * @param {string} modules their node_modules
 * @param {string} registry
 * @returns {Manager[]}
 */
function managersIn(modules, registry) {
  const cli = (/** @type {string} */ file) => path.join(modules, file);
  const npm = (/** @type {number} */ major, /** @type {string} */ program) => ({
    name: `npm ${major}`,
    version: locked(MANAGERS, `npm-${major}`),
    program,
    install: [cli(`npm-${major}/bin/npm-cli.js`), 'install', NO_SCRIPTS, '--no-audit', '--no-fund'],
    serve: /** @type {Manager['serve']} */ ([program, APP]),
  });
  const berry = cli('@yarnpkg/cli-dist/bin/yarn.js');
  const [bun, deno] = [runtime('bun'), runtime('deno')];
  return [
    npm(10, node),
    npm(11, node),
    npm(12, runtime('node')),
    {
      name: 'pnpm',
      version: locked(MANAGERS, 'pnpm'),
      program: cli(`@pnpm/exe.${process.platform}-${process.arch}/pnpm`),
      install: ['install', NO_SCRIPTS, `--registry=${registry}`],
      serve: [node, APP],
    },
    {
      name: 'Yarn 1',
      version: locked(MANAGERS, 'yarn'),
      program: node,
      install: [cli('yarn/bin/yarn.js'), 'install', NO_SCRIPTS, '--registry', registry],
      serve: [node, APP],
    },
    {
      name: 'Yarn 4',
      version: locked(MANAGERS, '@yarnpkg/cli-dist'),
      program: node,
      install: [berry, 'install'],
      serve: [node, berry, 'node', APP],
      settings: [
        `npmRegistryServer: ${registry}`,
        'unsafeHttpWhitelist: [127.0.0.1]',
        'enableScripts: false',
        'enableImmutableInstalls: false',
        'enableTelemetry: false',
        '',
      ].join('\n'),
    },
    {
      name: 'Bun',
      version: locked(RUNTIMES, 'bun'),
      program: bun,
      install: ['install', NO_SCRIPTS, `--registry=${registry}`],
      serve: [bun, 'run', APP],
    },
    {
      name: 'Deno',
      version: locked(RUNTIMES, 'deno'),
      program: deno,
      install: ['install', '--node-modules-dir=auto'],
      serve: [deno, 'run', '--allow-all', APP],
    },
  ];
}

/** Downloads what is missing. @returns {Promise<string>} the node_modules of the managers */
async function installManagers() {
  await installKept(RUNTIMES);
  return installKept(MANAGERS);
}

/**
 * Variables that keep a manager off this user's settings, and off what it has kept of other builds of one version.
 * @param {string} home a folder
 * @param {string} registry
 * @returns {NodeJS.ProcessEnv}
 */
function environment(home, registry) {
  const variables = ['CACHE', 'DATA', 'STATE', 'CONFIG'].map((kind) => [
    `XDG_${kind}_HOME`,
    path.join(home, kind),
  ]);
  // Under `npm test`, npm hands its settings on in variables.
  const own = Object.entries(process.env).filter(([name]) => !/^npm_config_/i.test(name));
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(variables),
    HOME: home,
    YARN_GLOBAL_FOLDER: path.join(home, 'yarn'),
    BUN_INSTALL_CACHE_DIR: path.join(home, 'bun'),
    DENO_DIR: path.join(home, 'deno'),
    npm_config_registry: registry,
    NPM_CONFIG_REGISTRY: registry,
    npm_config_update_notifier: 'false',
  };
}

/** Their names, in the order of `managersIn`. */
const MANAGER_NAMES = managersIn('', '').map(({ name }) => name);

module.exports = { APP, MANAGER_NAMES, environment, installManagers, locked, managersIn };
