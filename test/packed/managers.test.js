'use strict';

/**
 * The packed package is installed by each package manager, which may run no scripts. The registry of this test has
 * what it depends on, and nothing else. Then the application serves real clients, by the native engine.
 */

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { pack } = require('../../scripts/pack');
const { startApp } = require('../alias/support/apps');
const { startClosedRegistry } = require('../../scripts/apps/registry');
const { INSTALL_TIMEOUT_MS } = require('../support/programs/kept-packages');
const { packDependencies } = require('./support/dependencies');
const {
  APP,
  MANAGER_NAMES,
  environment,
  installManagers,
  managersIn,
} = require('./support/managers');
const { ECHOES, echoes } = require('./support/unpacked');

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-managers-')));
/** @type {import('../../scripts/apps/registry').Registry} */
let registry;
/** @type {import('./support/managers').Manager[]} */
let managers;

beforeAll(async () => {
  const modules = await installManagers();
  const packed = path.join(folder, 'packed');
  fs.mkdirSync(packed);
  registry = await startClosedRegistry(await pack(packed), ...(await packDependencies(packed)));
  managers = managersIn(modules, registry.url);
}, INSTALL_TIMEOUT_MS);

afterAll(() => {
  registry?.close();
  fs.rmSync(folder, { recursive: true });
});

test.each(MANAGER_NAMES)('%s installs it, and the native engine serves', async (wanted) => {
  const manager = managers.find(({ name }) => name === wanted);
  const { program, install, serve, settings, version } = /** @type {any} */ (manager);
  const app = path.join(folder, wanted);
  fs.mkdirSync(app);
  const dependencies = { [registry.manifest.name]: `^${registry.manifest.version}` };
  const manifest = { name: 'app', private: true, dependencies };
  fs.writeFileSync(path.join(app, 'package.json'), JSON.stringify(manifest));
  fs.copyFileSync(path.join(__dirname, 'support', APP), path.join(app, APP));
  if (settings !== undefined) fs.writeFileSync(path.join(app, '.yarnrc.yml'), settings);
  const env = environment(path.join(folder, 'homes', wanted), registry.url);
  fs.mkdirSync(String(env.HOME), { recursive: true });

  const asked = install.slice(0, install.indexOf('install'));
  const told = await promisify(execFile)(program, [...asked, '--version'], { cwd: app, env });
  expect(told.stdout).toContain(version);
  await promisify(execFile)(program, install, { cwd: app, env });

  const [command, ...args] = serve;
  const served = await startApp(app, args, { program: command, env });
  expect(served.isNative).toBe(true);
  expect(await echoes(served.port)).toEqual(ECHOES);
  expect(await served.stop()).toEqual({ code: 0, errors: '', lines: [] });
});
