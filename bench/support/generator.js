/**
 * Compiles the load generator when its sources have changed since the last time.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const SOURCES = path.join(__dirname, '../load');
const FLAGS = ['-std=c++20', '-O2', '-Wall', '-Wextra', '-Wconversion', '-Werror'];

/** @returns {string} the hash of everything that decides what the compiler makes */
function fingerprint() {
  const hash = createHash('sha256').update(FLAGS.join(' '));
  for (const file of fs.readdirSync(SOURCES).sort()) {
    hash.update(file).update(fs.readFileSync(path.join(SOURCES, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * @param {string} cacheFolder
 * @param {(message: string) => void} say called before a compilation, which takes some seconds
 * @returns {string} the path of the program. Errors: an Error with the compiler's output
 */
function buildGenerator(cacheFolder, say) {
  if (process.platform !== 'linux') {
    throw new Error('the bench reads CPU counters of Linux and runs nowhere else');
  }
  const program = path.join(cacheFolder, `load-${fingerprint()}`);
  if (fs.existsSync(program)) return program;

  say('compiling the load generator');
  const sources = fs.readdirSync(SOURCES).filter((file) => file.endsWith('.cpp'));
  const unfinished = `${program}.${process.pid}`;
  try {
    execFileSync(compiler(), [...FLAGS, ...sources, '-o', unfinished], {
      cwd: SOURCES,
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
    });
  } catch (error) {
    const { stderr, message } = /** @type {Error & {stderr?: string}} */ (error);
    const words = `cannot compile the load generator with ${compiler()}\n${stderr || message}`;
    throw new Error(words, { cause: error });
  }
  fs.renameSync(unfinished, program);
  return program;
}

/** @returns {string} */
function compiler() {
  return process.env.CXX || 'g++';
}

/** @returns {string} name and version */
function compilerVersion() {
  const version = execFileSync(compiler(), ['-dumpfullversion'], { encoding: 'utf8' });
  return `${compiler()} ${version.trim()}`;
}

module.exports = { buildGenerator, compilerVersion };
