'use strict';

/** The libraries that zig links into a file, for a linker that is not zig's. */

const fs = require('node:fs');
const path = require('node:path');
const { CACHE, ZIG, ZIG_ENV } = require('../places');
const { run } = require('../../support/processes');
const { SetUpError } = require('../../support/set-up-error');

/** Of the system: the names of the symbols that it has, which are no code. */
const SYSTEM = path.join(path.dirname(ZIG), 'lib/libc/darwin/libSystem.13.tbd');

/**
 * Has zig compile them, if it has not yet, and tell where they lie.
 * Order: after the tools.
 * Errors: throws a SetUpError with zig's words.
 *
 * @param {import('../targets').Target} target
 * @returns {Promise<string[]>} the files, in the order in which they are linked
 */
async function zigLibraries(target) {
  const cwd = path.join(CACHE, target.name);
  fs.mkdirSync(cwd, { recursive: true });
  fs.writeFileSync(path.join(cwd, 'empty.c'), '');
  const options = ['-dynamic', '-fstrip', '-O', 'ReleaseFast', '-lc++', '--verbose-link'];
  const args = ['build-lib', '-target', target.zig, ...options, 'empty.c'];
  const { code, output } = await run(ZIG, args, { cwd, env: ZIG_ENV });
  const line = output.split('\n').find((each) => each.startsWith('zig ld ')) ?? '';
  const libraries = line.split(' ').filter((word) => word.endsWith('.a'));
  if (code !== 0 || libraries.length === 0) {
    throw new SetUpError(`${output}\nzig has no libraries for ${target.name}.`);
  }
  return [...libraries.sort(), SYSTEM];
}

module.exports = { zigLibraries };
