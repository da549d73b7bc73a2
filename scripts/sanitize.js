'use strict';

/**
 * `npm run sanitize`: the addon and the game of examples/mixed-game, built with a sanitizer of the compiler, under load.
 *
 *     npm run sanitize -- address                    the game with AddressSanitizer, for a minute
 *     npm run sanitize -- thread --seconds N         with ThreadSanitizer, for so long
 *     npm run sanitize -- address PATH…              tests of JavaScript on such an addon, in place of the game
 *
 * It works on a copy of the tree, .cache/sanitize/NAME, which keeps what is built. It ends with code 1 if the sanitizer
 * has found something, or if the game or a test has failed.
 */

const { execFileSync, spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');
const { reportFailure, setUp } = require('./setup');
const { copyChanged } = require('./support/copies');
const { TOP, run } = require('./support/processes');
const { readCommandLine, readSeconds } = require('./support/arguments');
const { tellsHelp } = require('./support/help');
const { SetUpError } = require('./support/set-up-error');

const USUAL_SECONDS = 60;
const FLAGS = '-g -fno-omit-frame-pointer';

/**
 * What a sanitizer is: its flags, the library that must be loaded first, and its options. Leaks are not looked for: Node
 * frees little at its end.
 *
 * @type {Record<string, { flag: string, library: string, env: NodeJS.ProcessEnv }>}
 */
const SANITIZERS = {
  address: {
    flag: '-fsanitize=address,undefined',
    library: 'libasan.so',
    env: {
      ASAN_OPTIONS: 'detect_leaks=0:halt_on_error=1',
      UBSAN_OPTIONS: 'print_stacktrace=1:halt_on_error=1',
    },
  },
  thread: {
    flag: '-fsanitize=thread',
    library: 'libtsan.so',
    env: { TSAN_OPTIONS: 'halt_on_error=0:report_signal_unsafe=0:second_deadlock_stack=1' },
  },
};
const FINDING = /(AddressSanitizer|ThreadSanitizer|runtime error):/;

/**
 * Errors: throws a SetUpError that says what is wrong with the command line.
 *
 * @param {string[]} argv
 * @returns {{ name: string, seconds: number, tests: string[] }}
 */
function readArguments(argv) {
  const { values, positionals } = readCommandLine(argv, ['seconds']);
  const [name = 'address', ...tests] = positionals;
  if (!(name in SANITIZERS)) {
    throw new SetUpError(`There is no sanitizer ${name}: address or thread.`);
  }
  const seconds = readSeconds(values.seconds, USUAL_SECONDS);
  return { name, seconds, tests };
}

/**
 * Brings the copy of the tree up to date.
 * @param {string} copy
 */
function copyTree(copy) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = String(execFileSync('git', args, { cwd: TOP, maxBuffer: 2 ** 26 })).split('\0');
  const isThere = (/** @type {string} */ file) =>
    file !== '' && fs.existsSync(path.join(TOP, file));
  copyChanged(files.filter(isThere), copy);
}

/** @param {string} library @returns {string} where the compiler has it */
function libraryFile(library) {
  const { CXX = 'g++' } = process.env;
  return fs.realpathSync(
    String(execFileSync(CXX, [`-print-file-name=${library}`], { encoding: 'utf8' })).trim(),
  );
}

/**
 * Runs a script in the copy that builds something, with the flags of the sanitizer.
 *
 * @param {string} copy
 * @param {string} flag
 * @param {string} script
 */
async function build(copy, flag, script) {
  const flags = `${FLAGS} ${flag}`;
  const env = { CXXFLAGS: flags, CFLAGS: flags, LDFLAGS: flag };
  const { code } = await run(process.execPath, ['-e', script], { cwd: copy, env, output: 'show' });
  if (code !== 0) throw new SetUpError('The build failed.');
}

/**
 * Plays the game: clients that are not sanitized, in a process of their own.
 *
 * @param {string} copy
 * @param {NodeJS.ProcessEnv} env
 * @param {number} seconds
 * @returns {Promise<{ code: number, output: string }>}
 */
async function play(copy, env, seconds) {
  const server = spawn(process.execPath, ['examples/mixed-game/server.js'], {
    cwd: copy,
    env: { ...process.env, ...env, PORT: '0' },
  });
  let output = '';
  server.stdout.on('data', (data) => (output += data));
  server.stderr.on('data', (data) => {
    output += data;
    process.stderr.write(data);
  });
  const closed = once(server, 'close');
  while (server.exitCode === null && !/http:\S+/.test(output)) {
    await Promise.race([once(server.stdout, 'data'), closed]);
  }
  const [url = ''] = /http:\S+/.exec(output) ?? [];
  const args = [path.join(TOP, 'test/mixed/support/players.js'), url, String(seconds)];
  const players = url === '' ? { code: 1 } : await run(process.execPath, args, { output: 'show' });
  server.kill('SIGTERM');
  const [code] = await closed;
  return { code: players.code || (code ?? 1), output };
}

async function main() {
  const { name, seconds, tests } = readArguments(process.argv.slice(2));
  await setUp({ forTests: true, addon: 'none' });
  const { flag, library, env: options } = SANITIZERS[name];
  const copy = path.join(TOP, '.cache/sanitize', name);
  copyTree(copy);
  await build(copy, flag, "require('./scripts/setup/addon').buildAddon('Debug')");
  const game = "require('./scripts/setup/gyp').builtByGyp('examples/mixed-game', 'game')";
  if (tests.length === 0) await build(copy, flag, game);

  const preload = [library, 'libstdc++.so.6'].map(libraryFile).join(':');
  const env = { ...options, BEASTIO_ADDON: 'debug', LD_PRELOAD: preload };
  const jest = ['node_modules/jest/bin/jest.js', '--runInBand', '--selectProjects', 'beast.io'];
  const { code, output } =
    tests.length === 0
      ? await play(copy, env, seconds)
      : await run(process.execPath, [...jest, '--runTestsByPath', ...tests], { cwd: copy, env });
  const findings = output.split('\n').filter((line) => FINDING.test(line));
  if (tests.length > 0) console.log(output);
  console.log(`${name}: ${findings.length} findings, ended with code ${code}`);
  process.exitCode = code === 0 && findings.length === 0 ? 0 : 1;
}

if (!tellsHelp(__filename)) main().catch(reportFailure);
