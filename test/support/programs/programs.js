/**
 * Functions as programs. Each runs in a separate Node process, where it may do to the process what a test
 * must not do to its runner. A program sees nothing of its surroundings but its data.
 */
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');

const TOP = path.join(__dirname, '../../..');

/** The option that turns Node's permission model on: Node 20 has it as an experiment. */
const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

/**
 * Starts a function as a program. It is called with `data` and with a `require` that finds packages
 * and files from the top folder.
 * @param {(data: any) => unknown} program
 * @param {Record<string, unknown>} [data]
 * @param {string[]} [nodeOptions]
 * @param {number} [openFiles] how many it may have; as many as this process
 */
function startProgram(program, data = {}, nodeOptions = [], openFiles = undefined) {
  const load = `require('node:module').createRequire(${JSON.stringify(path.join(TOP, 'package.json'))})`;
  const source = `(${program})({ require: ${load}, ...${JSON.stringify(data)} })`;
  const command = [process.execPath, ...nodeOptions, '-e', source];
  // Node raises its soft limit: only the shell can lower the hard one.
  const limited = ['sh', '-c', `ulimit -n ${openFiles} && exec "$@"`, 'sh', ...command];
  const [file, ...args] = openFiles === undefined ? command : limited;
  const child = spawn(file, args, {
    cwd: TOP,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  const run = { child, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (run.stdout += chunk));
  child.stderr.on('data', (chunk) => (run.stderr += chunk));
  return Object.assign(run, { closed: once(child, 'close') });
}

/**
 * Runs a function as a program to its end.
 * @param {(data: any) => unknown} program
 * @param {Record<string, unknown>} [data]
 * @param {string[]} [nodeOptions]
 */
async function runProgram(program, data, nodeOptions) {
  const run = startProgram(program, data, nodeOptions);
  run.child.stdin.end();
  const [code, signal] = await run.closed;
  return { code, signal, stdout: run.stdout, stderr: run.stderr };
}

module.exports = { PERMISSION, TOP, runProgram, startProgram };
