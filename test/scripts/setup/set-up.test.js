'use strict';

/** What the set-up decides: which packages to install and how, whether npm's are there, who holds the lock. */

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { compiledSource } = require('../../../scripts/setup/addon');
const { identify, withLock } = require('../../../scripts/setup/lock');
const { isBoostNewEnough } = require('../../../scripts/setup/needs');
const { isInstalled } = require('../../../scripts/setup/npm-packages');
const { installSystemPackages } = require('../../../scripts/setup/system-packages');

/** @type {string} */
let folder;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-set-up-'));
  jest.spyOn(console, 'log').mockImplementation(() => {});
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true, force: true });
});

/**
 * @param {string} file Relative to the temporary folder.
 * @param {string} content
 * @returns {string} The file's path.
 */
function write(file, content) {
  const absolute = path.join(folder, file);
  fs.mkdirSync(path.dirname(absolute), { recursive: true });
  fs.writeFileSync(absolute, content);
  return absolute;
}

describe('system packages', () => {
  /** @type {string[]} */
  let installed;
  /** @type {string[]} */
  let commands;

  beforeEach(() => {
    installed = ['g++'];
    commands = [];
    const aptGet = write('bin/apt-get', '');
    fs.chmodSync(aptGet, 0o755);
    jest.replaceProperty(process, 'env', { PATH: path.dirname(aptGet) });
  });

  /** @param {string} name */
  const need = (name) => ({ name, debianPackage: name, isMet: () => installed.includes(name) });

  /**
   * @param {{ sudo?: boolean, codes?: Record<string, number> }} machine
   * @returns A stand-in for running commands: it notes them, and an install makes its packages there.
   */
  const machine =
    ({ sudo = false, codes = {} } = {}) =>
    /**
     * @param {string} command
     * @param {string[]} args
     */
    async (command, args) => {
      const line = [command, ...args].join(' ');
      commands.push(line);
      if (line === 'sudo --non-interactive true') return { code: sudo ? 0 : 1, output: '' };
      const verb = /apt-get --quiet (\w+)/.exec(line)?.[1] ?? '';
      if (codes[verb]) return { code: codes[verb], output: `${verb} says why` };
      if (verb === 'install') installed.push(...args);
      return { code: 0, output: '' };
    };

  test('root installs what is missing, and only that', async () => {
    jest.spyOn(process, 'getuid').mockReturnValue(0);
    await installSystemPackages([need('g++'), need('make'), need('cmake')], machine());
    expect(commands).toEqual([
      'env DEBIAN_FRONTEND=noninteractive apt-get --quiet update',
      expect.stringMatching(
        /^env DEBIAN_FRONTEND=noninteractive apt-get --quiet install --yes --no-install-recommends .* make cmake$/,
      ),
    ]);
  });

  test('another user installs by sudo where it needs no password', async () => {
    jest.spyOn(process, 'getuid').mockReturnValue(1000);
    await installSystemPackages([need('make')], machine({ sudo: true }));
    expect(commands.slice(1).every((line) => line.startsWith('sudo --non-interactive env '))).toBe(
      true,
    );
    expect(installed).toContain('make');
  });

  test('without the right to install, the error holds the exact command', async () => {
    jest.spyOn(process, 'getuid').mockReturnValue(1000);
    await expect(installSystemPackages([need('make'), need('cmake')], machine())).rejects.toThrow(
      'sudo apt-get update && sudo apt-get install --yes --no-install-recommends make cmake\n',
    );
  });

  test('another system gets the list of what is missing', async () => {
    process.env.PATH = folder;
    await expect(installSystemPackages([need('make')], machine())).rejects.toThrow(
      /^Missing: make\.\nThis is not a Debian system/,
    );
    expect(commands).toEqual([]);
  });

  test("a failing apt-get shows apt's words", async () => {
    jest.spyOn(process, 'getuid').mockReturnValue(0);
    await expect(
      installSystemPackages([need('make')], machine({ codes: { update: 100 } })),
    ).rejects.toThrow('update says why\napt-get update failed with code 100.');
  });

  test('a package that does not bring what was missing is an error', async () => {
    jest.spyOn(process, 'getuid').mockReturnValue(0);
    const neverMet = { name: 'Boost', debianPackage: 'libboost-dev', isMet: () => false };
    await expect(installSystemPackages([neverMet], machine())).rejects.toThrow(
      'Installed libboost-dev, and still missing: Boost.',
    );
  });
});

test.each([
  ['108100', true],
  ['108300', true],
  ['107400', false],
])('Boost %s is new enough: %s', (version, expected) => {
  const header = write('version.hpp', `#define BOOST_VERSION ${version}\n`);
  expect(isBoostNewEnough(header)).toBe(expected);
});

test('no Boost is not new enough', () => {
  expect(isBoostNewEnough(undefined)).toBe(false);
});

describe('npm packages', () => {
  const locked = {
    '': { version: '4.0.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
  };

  /** @param {Record<string, object>} installed What npm noted as installed. */
  const isInstalledWith = (installed) => {
    write('package-lock.json', JSON.stringify({ packages: locked }));
    write('node_modules/.package-lock.json', JSON.stringify({ packages: installed }));
    return isInstalled(folder);
  };

  test('are there when every one has its version, optional ones apart', () => {
    expect(isInstalledWith({ 'node_modules/a': locked['node_modules/a'] })).toBe(true);
  });

  test('are not there when one is missing', () => {
    expect(isInstalledWith({ 'node_modules/b': locked['node_modules/b'] })).toBe(false);
  });

  test('are not there when one has another version or content', () => {
    const other = { version: '1.0.1', integrity: 'sha512-a' };
    expect(isInstalledWith({ 'node_modules/a': other })).toBe(false);
    const changed = { version: '1.0.0', integrity: 'sha512-x' };
    expect(isInstalledWith({ 'node_modules/a': changed })).toBe(false);
  });

  test('are not there without node_modules', () => {
    write('package-lock.json', JSON.stringify({ packages: locked }));
    expect(isInstalled(folder)).toBe(false);
  });
});

describe('lock', () => {
  /** @returns {string} */
  const lockFile = () => path.join(folder, 'lock');

  test('one at a time', async () => {
    /** @type {string[]} */
    const events = [];
    /** @param {string} name */
    const job = (name) =>
      withLock(lockFile(), async () => {
        events.push(`${name} starts`);
        await new Promise((resolve) => setImmediate(resolve));
        events.push(`${name} ends`);
      });
    await Promise.all([job('a'), job('b')]);
    expect(events).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
  });

  test('a waiting process says for whom it waits', async () => {
    const waits = jest.fn();
    await withLock(lockFile(), async () => {
      const second = withLock(lockFile(), async () => 'second', waits);
      await new Promise((resolve) => setImmediate(resolve));
      expect(waits).toHaveBeenCalledWith(`${process.pid}`);
      fs.rmSync(lockFile());
      expect(await second).toBe('second');
    });
  });

  test('is released after a failure', async () => {
    await expect(withLock(lockFile(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('in a folder that is not writable is an error that says so', async () => {
    const missing = path.join(folder, 'missing/lock');
    await expect(withLock(missing, async () => {})).rejects.toThrow('this folder is not writable');
  });

  test('is taken over from a process that ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    fs.writeFileSync(lockFile(), `${child.pid} 1`);
    expect(await withLock(lockFile(), async () => 'done')).toBe('done');
  });

  test('is taken over when another process has the number of its holder', async () => {
    expect(identify(process.pid)).toMatch(new RegExp(`^${process.pid} \\d+$`));
    fs.writeFileSync(lockFile(), `${process.pid} 1`);
    expect(await withLock(lockFile(), async () => 'done')).toBe('done');
  });
});

test.each([
  ['  CXX(target) Release/obj.target/core/native/src/session/session.o', 'src/session/session.cpp'],
  [
    "printf '%s\\n' '  CXX(target) Release/obj.target/beastio/native/node/addon.o'",
    'node/addon.cpp',
  ],
  ['  SOLINK_MODULE(target) Release/obj.target/beastio.node', undefined],
  ['../native/node/addon.cpp:1:10: error: CXX(target) a.o', undefined],
])('the source that %j announces', (line, source) => {
  expect(compiledSource(line)).toBe(source);
});
