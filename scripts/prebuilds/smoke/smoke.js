'use strict';

/**
 * Starts a server in some Node, plays a session with it, and ends it. The same session with the genuine package says what
 * is right.
 */

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const readline = require('node:readline');
const { isDeepStrictEqual } = require('node:util');
const { SetUpError } = require('../../support/set-up-error');

/** Much more than a session takes, under an emulator too. */
const LIMIT_MS = 300_000;
const SERVER = path.join(__dirname, 'server.js');

/**
 * @typedef {object} Outcome
 * @property {Record<string, unknown[]>} seen by clients
 * @property {string[]} files of the addon that were loaded, from prebuilds/ on
 * @property {string} runtime
 */

/**
 * Errors: throws a SetUpError if the server does not start, end by itself, or says something on its standard error.
 *
 * @param {string[]} node the words of a command
 * @param {string} name of the package, or its folder
 * @param {{ keyFile: string, certFile: string }} identity of the server
 * @returns {Promise<Outcome>}
 */
async function smoke([command, ...args], name, { keyFile, certFile }) {
  const { session } = require('./session'); // it needs packages
  const env = { ...process.env, BEASTIO_REQUIRE_NATIVE: '1' };
  const child = spawn(command, [...args, SERVER, name, keyFile, certFile], { env });
  let errors = '';
  child.stderr.on('data', (data) => (errors += data));
  child.on('error', (error) => (errors += error.message));
  /** @type {Promise<number | null>} */
  const closed = new Promise((resolve) => child.on('close', resolve));
  const limit = setTimeout(() => {
    errors += `It was ended after ${LIMIT_MS} ms.`;
    child.kill('SIGKILL');
  }, LIMIT_MS);
  try {
    const lines = readline.createInterface({ input: child.stdout });
    const first = once(lines, 'line');
    const [line] = await Promise.race([first, closed.then(() => [undefined])]);
    if (line === undefined) throw new SetUpError(`The server did not start.\n${errors}`);
    const { ports, files, arch, version } = JSON.parse(String(line));
    const last = once(lines, 'line');
    const seen = await session(ports, async () => {
      child.stdin.end();
      await Promise.race([last, closed]);
    });
    const code = await closed;
    if (code !== 0 || errors !== '') {
      throw new SetUpError(`The server ended with code ${code}.\n${errors}`);
    }
    return { seen, files, runtime: `Node ${version} for ${arch}` };
  } finally {
    clearTimeout(limit);
    child.kill('SIGKILL');
  }
}

/**
 * @param {Record<string, unknown[]>} seen
 * @param {Record<string, unknown[]>} right
 * @returns {string[]} the parts of the session that went otherwise
 */
function differences(seen, right) {
  const names = [...new Set([...Object.keys(seen), ...Object.keys(right)])];
  return names.filter((name) => !isDeepStrictEqual(seen[name], right[name]));
}

module.exports = { differences, smoke };
