'use strict';

/** The public headers of C++, as a compiler sees them: each stands by itself, and all are cheap to include. */

const { execFile, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { promisify } = require('node:util');
const { listFiles } = require('../../scripts/support/files');
const { TOP } = require('../support/programs/programs');

const INCLUDE = path.join(TOP, 'native/include');
const headers = listFiles(INCLUDE, /\.hpp$/).map((file) => path.relative(INCLUDE, file));

/** Some are for users of a library that the headers do not need: they say by whom they are wanted. */
const ELSEWHERE = /^#include <(boost|nlohmann)\//m;
/** Those for addons: test/mixed/flags.test.js. */
const FOR_ADDONS = /^beastio\/native(\/|\.hpp$)/;
const plain = headers.filter(
  (header) => !FOR_ADDONS.test(header) && !ELSEWHERE.test(textOf(path.join(INCLUDE, header))),
);

const programs = listFiles(path.join(TOP, 'examples'), /^main\.cpp$/);

/** @param {string} file */
function textOf(file) {
  return fs.readFileSync(file, 'utf8');
}

describe('one header after the other', () => {
  const WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror'];

  test('there are headers', () => {
    expect(plain.length).toBeGreaterThan(15);
  });

  test('each compiles by itself, without exceptions and RTTI too', async () => {
    const compile = promisify(execFile);
    const waiting = [...plain];
    const failures = [];
    const worker = async () => {
      for (let header = waiting.shift(); header !== undefined; header = waiting.shift()) {
        const source = ['-include', header, '-x', 'c++', '/dev/null'];
        const options = ['-fsyntax-only', '-fno-exceptions', '-fno-rtti', ...WARNINGS];
        try {
          await compile('g++', ['-std=c++20', `-I${INCLUDE}`, ...options, ...source]);
        } catch (error) {
          failures.push(`${header}: ${/** @type {any} */ (error).stderr}`);
        }
      }
    };
    await Promise.all([worker(), worker()]);
    expect(failures).toEqual([]);
  });
});

describe('what including them costs', () => {
  /**
   * A user's file is to compile within 1.5 s. A loaded machine must not decide that. So the measure is the
   * processor time of a file that includes what everybody includes, 0.375 s on the machine that is meant.
   * The least time counts: other work on the machine only ever adds to one.
   */
  const MOST = 4;
  const ROUNDS = 12;
  const EVERYDAY = ['functional', 'string', 'vector'];

  /** @type {string} */
  let folder;
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-headers-'));
  });
  afterAll(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  /**
   * @param {string} name
   * @param {string[]} included
   */
  function sourceWith(name, included) {
    const file = path.join(folder, name);
    fs.writeFileSync(file, included.map((header) => `#include <${header}>\n`).join(''));
    return file;
  }

  /**
   * @param {string} source
   * @returns {number} Seconds of processor time.
   */
  function compile(source) {
    const command = 'TIMEFORMAT="%3U %3S"; { time g++ -std=c++20 "-I$1" -c "$2" -o "$3"; }';
    const args = ['-c', `${command} 2>&1`, 'bash', INCLUDE, source, path.join(folder, 'out.o')];
    const output = execFileSync('bash', args, { encoding: 'utf8', stdio: 'pipe' });
    const [, user, system] = /^([\d.]+) ([\d.]+)\n$/.exec(output) ?? [];
    if (user === undefined) throw new Error(output);
    return Number(user) + Number(system);
  }

  test.each([
    ['all headers', () => sourceWith('all.cpp', plain)],
    ...programs.map((file) => [path.relative(TOP, file), () => file]),
  ])('%s', (_name, makeSource) => {
    const source = /** @type {() => string} */ (makeSource)();
    const everyday = sourceWith('everyday.cpp', EVERYDAY);
    let [least, own] = [Infinity, Infinity];
    for (let round = 0; round < ROUNDS && (round < 3 || own / least >= MOST); round += 1) {
      least = Math.min(least, compile(everyday));
      own = Math.min(own, compile(source));
    }
    expect(least).toBeGreaterThan(0);
    expect(own / least).toBeLessThan(MOST);
  });
});
