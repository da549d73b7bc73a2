'use strict';

/** The applications beside this folder, installed by npm into temporary folders and run as processes. */

const { execFile, spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const { promisify } = require('node:util');
const { installWithNpm } = require('../../../scripts/apps/install');

const execute = promisify(execFile);

/**
 * Installs an application.
 * @param {string} name of its folder
 * @param {import('../../../scripts/apps/registry').Registry} registry
 * @returns {Promise<string>} the folder where it is now
 */
async function installApp(name, registry) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `beastio-${name}-`));
  fs.cpSync(path.join(__dirname, '..', name), folder, { recursive: true });
  await installWithNpm(folder, registry);
  return folder;
}

/**
 * Whether npm finds nothing amiss in an installed tree, peer dependencies included.
 * @param {string} folder
 * @returns {Promise<string>} the tree
 */
async function listTree(folder) {
  const { stdout } = await execute('npm', ['ls', '--all'], { cwd: folder });
  return stdout;
}

/**
 * Runs an installed application until `stop()`, which ends its standard input and waits for its end.
 * @param {string} folder
 * @param {string[]} [args]
 * @param {{ program?: string, env?: NodeJS.ProcessEnv }} [options] what runs it, and its variables
 */
async function startApp(
  folder,
  args = ['app.js'],
  { program = process.execPath, env = process.env } = {},
) {
  const child = spawn(program, args, {
    cwd: folder,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  /** @type {string[]} */
  const lines = [];
  const reader = readline.createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const closed = once(child, 'close');
  await Promise.race([once(reader, 'line'), closed]);
  if (lines.length === 0) throw new Error(`the application has not started:\n${errors}`);
  return {
    /** What it said when it was listening. */
    ...JSON.parse(lines[0]),
    async stop() {
      child.stdin.end();
      const [code] = await closed;
      return { code, errors, lines: lines.slice(1) };
    },
  };
}

module.exports = { installApp, listTree, startApp };
