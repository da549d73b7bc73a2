'use strict';

/** `npm create beastio`, as a user types it: each template is written, installed, tested and served. */

const { execFile } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { io: connect } = require('socket.io-client');
const { startRegistry } = require('../../scripts/apps/registry');
const { pack } = require('../../scripts/pack');
const { findNodeHeaders } = require('../../scripts/setup/addon');
const { TOP } = require('../support/programs/programs');
const { endAll, ended, printed, start } = require('../support/programs/server-program');
const { eventOf } = require('../support/rigs/rig');

const CREATE = path.join(TOP, 'packaging/create-beastio');
const INDEX = path.join(CREATE, 'index.js');
const INSTALL_MS = 300_000;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-create-'));
/** @type {import('../../scripts/apps/registry').Registry} */
let registry;

/** @param {string[]} args @param {string} [cwd] @param {NodeJS.ProcessEnv} [more] */
function npm(args, cwd = folder, more = {}) {
  const env = {
    ...process.env,
    ...more,
    npm_config_registry: registry?.url,
    npm_config_nodedir: findNodeHeaders(),
    npm_config_audit: 'false',
  };
  return promisify(execFile)('npm', args, { cwd, env });
}

beforeAll(async () => {
  const [{ filename }] = JSON.parse(
    (
      await promisify(execFile)('npm', ['pack', '--json', `--pack-destination=${folder}`], {
        cwd: CREATE,
      })
    ).stdout,
  );
  registry = await startRegistry(await pack(folder), path.join(folder, filename));
}, INSTALL_MS);

afterAll(() => {
  endAll();
  registry?.close();
  fs.rmSync(folder, { recursive: true });
});

test('it has the version of beast.io, and asks for it', () => {
  const { version } = require('../../package.json');
  expect(require('../../packaging/create-beastio/package.json').version).toBe(version);
  for (const template of ['javascript', 'typescript', 'mixed']) {
    const manifest = require(path.join(CREATE, 'templates', template, 'package.json'));
    expect(manifest.dependencies['beast.io']).toBe(`^${version}`);
  }
});

test.each([
  ['javascript', 'server.js'],
  ['typescript', 'dist/src/server.js'],
  ['mixed', 'server.js'],
])(
  '%s',
  async (template, server) => {
    const name = `my ${template} app`;
    // A cache of its own: npm keeps what it has run under its version, and tests run many of one version.
    const cache = { npm_config_cache: path.join(folder, 'cache') };
    const args = ['create', '--yes', 'beastio', name, '--', '--template', template];
    const { stdout } = await npm(args, folder, cache);
    expect(stdout).toContain(`cd ${name}`);
    const app = path.join(folder, name);
    expect(JSON.parse(fs.readFileSync(path.join(app, 'package.json'), 'utf8')).name).toBe(
      `my-${template}-app`,
    );
    expect(fs.existsSync(path.join(app, '.gitignore'))).toBe(true);

    await npm(['install', '--prefer-offline'], app);
    const tested = await npm(['test'], app);
    expect(tested.stdout).toMatch(/pass 1\b/);

    const program = start(process.execPath, [path.join(app, server)], { PORT: '0' });
    const [url] = await printed(program, /http:\/\/localhost:\d+/);
    expect(await (await fetch(url)).text()).toContain('<h1>Chat</h1>');
    const client = connect(url);
    await eventOf(client, 'connect');
    const said = eventOf(client, 'said');
    for (const text of [{}, ' ', 'x'.repeat(300)]) client.emit('say', text);
    expect(await said).toEqual(['x'.repeat(200)]);
    client.disconnect();
    expect(await ended(program, 'SIGTERM')).toEqual([0, null]);
    expect(program.err).toBe('');
  },
  INSTALL_MS,
);

/** What it answers, and what it has written. @param {string[]} args */
async function run(...args) {
  const program = start(process.execPath, [INDEX, ...args]);
  program.child.stdin?.end();
  const [code] = await ended(program);
  return { code, out: program.out, err: program.err };
}

test('a folder that is in use is left alone', async () => {
  const used = path.join(folder, 'used');
  fs.mkdirSync(used);
  fs.writeFileSync(path.join(used, 'mine.txt'), 'mine');
  expect(await run(used)).toMatchObject({ code: 1, err: `${used} is in use: it has mine.txt.\n` });
  expect(fs.readdirSync(used)).toEqual(['mine.txt']);
  const file = path.join(used, 'mine.txt');
  expect(await run(file)).toMatchObject({ code: 1, err: `${file} is a file.\n` });
});

test('what is wrong in the command is told, and nothing is written', async () => {
  const place = path.join(folder, 'nothing');
  const unknown = await run(place, '--template', 'rust');
  expect(unknown).toMatchObject({
    code: 1,
    err: 'There is no template rust. There are javascript, typescript, mixed.\n',
  });
  expect((await run(place, '--template')).err).toContain('npm create beastio [FOLDER]');
  expect((await run(place, 'another')).err).toContain('one folder, please');
  expect((await run('--help')).out).toContain('with a handler in C++');
  expect(fs.existsSync(place)).toBe(false);
});

test('without a terminal it takes what is usual', async () => {
  const place = path.join(folder, 'Größer & _besser');
  expect(await run(place)).toMatchObject({ code: 0, err: '' });
  const manifest = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'));
  expect(manifest.name).toBe('gr-er-_besser');
  expect(fs.existsSync(path.join(place, 'server.js'))).toBe(true);
});
