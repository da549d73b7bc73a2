'use strict';

/**
 * The applications beside this folder, installed by npm into temporary folders and run as processes.
 * Each has its lock file, but for beast.io itself, so that everybody tests the same versions.
 */

const { execFile, spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const readline = require('node:readline');
const { promisify } = require('node:util');

const execute = promisify(execFile);

/** Some packages ask for a certain package manager when they are installed: no scripts of theirs. */
const INSTALL = [
  'install',
  '--ignore-scripts',
  '--prefer-offline',
  '--no-audit',
  '--no-fund',
  '--replace-registry-host=never',
];

/**
 * Completes a lock file by what depends on where it is used: beast.io, and the places of all others. With
 * these npm needs no document of the registry, and no download of what it has in its cache.
 * @param {string} file
 * @param {import('./registry').Registry} registry
 */
function completeLock(file, { manifest, upstream }) {
  const lock = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const [location, entry] of Object.entries(lock.packages)) {
    if (location === '') continue;
    const name = entry.name ?? location.slice(location.lastIndexOf('node_modules/') + 13);
    if (name === manifest.name) {
      const { version, license, dependencies, engines } = manifest;
      lock.packages[location] = { name, version, license, dependencies, engines };
    } else {
      const base = name.slice(name.indexOf('/') + 1);
      entry.resolved = new URL(`${name}/-/${base}-${entry.version}.tgz`, upstream).href;
    }
  }
  fs.writeFileSync(file, JSON.stringify(lock));
}

/**
 * Installs an application.
 * @param {string} name of its folder
 * @param {import('./registry').Registry} registry
 * @returns {Promise<string>} the folder where it is now
 */
async function installApp(name, registry) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `beastio-${name}-`));
  fs.cpSync(path.join(__dirname, '..', name), folder, { recursive: true });
  completeLock(path.join(folder, 'package-lock.json'), registry);
  await execute('npm', [...INSTALL, `--registry=${registry.url}`], { cwd: folder });
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
