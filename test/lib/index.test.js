'use strict';

/** The files by which the package is entered. */

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const lib = require('../../lib');

const root = path.join(__dirname, '../..');

/**
 * Runs an ES module and gives what it prints.
 * @param {string} code
 */
function runModule(code) {
  const args = ['--input-type=module', '--eval', code];
  return execFileSync(process.execPath, args, { cwd: root }).toString().trim();
}

test('import gives the three classes by name, and no default', () => {
  const names = runModule(`
    import * as io from './lib/wrapper.mjs';
    console.log(Object.keys(io).join());
    process.exit();
  `);
  expect(names).toBe('Namespace,Server,Socket');
});

test('the files at the paths of the genuine package hold the same classes', () => {
  expect(require('../../dist')).toBe(lib);
  expect(require('../../dist/socket').Socket).toBe(lib.Socket);
  expect(require('../../dist/namespace').Namespace).toBe(lib.Namespace);
  const operators = require('../../dist/broadcast-operator');
  const io = new lib.Server();
  expect(io.to('a')).toBeInstanceOf(operators.BroadcastOperator);
  expect(io.of(/a/)).toBeInstanceOf(require('../../dist/parent-namespace').ParentNamespace);
  expect(require('../../dist/client').Client.prototype.writeToEngine).toBeInstanceOf(Function);
});

test('the package loads the files that tracing tools wait for', () => {
  const loaded = execFileSync(
    process.execPath,
    [
      '--eval',
      `require('./lib'); console.log(Object.keys(require.cache).join('\\n')); process.exit()`,
    ],
    { cwd: root },
  ).toString();
  expect(loaded).toContain(path.join(root, 'dist', 'socket.js'));
  expect(loaded).toContain(path.join(root, 'dist', 'broadcast-operator.js'));
});

test('what is patched on a prototype takes effect', () => {
  const { BroadcastOperator } = require('../../dist/broadcast-operator');
  const emit = jest.spyOn(BroadcastOperator.prototype, 'emit').mockReturnValue(true);
  new lib.Server().emit('hello', 1);
  expect(emit).toHaveBeenCalledWith('hello', 1);
  emit.mockRestore();
});
