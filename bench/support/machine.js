/**
 * What the bench runs on: the description that goes with every figure, and which core does what.
 */
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');

/**
 * @typedef {object} Pinning
 * @property {string[]} server the prefix of the server's command line
 * @property {string[]} generator
 * @property {boolean} apart whether the generator has a core for itself, on which it may spin
 * @property {string} description
 */

/** @returns {number[]} the cores that this process may use: a container may not have core 0 */
function allowedCores() {
  const status = fs.readFileSync('/proc/self/status', 'utf8');
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? '0';
  return list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}

/**
 * A core for the server and another for the generator.
 * @returns {Pinning}
 */
function choosePinning() {
  const [first, second] = allowedCores();
  if (second === undefined) {
    return unpinned('server and generator share the only core');
  }
  if (spawnSync('taskset', ['--version']).error) {
    return unpinned('not pinned: taskset is not installed');
  }
  return {
    server: ['taskset', '-c', String(first)],
    generator: ['taskset', '-c', String(second)],
    apart: true,
    description: `server pinned to core ${first}, generator spins on core ${second}`,
  };
}

/**
 * @param {string} description
 * @returns {Pinning}
 */
function unpinned(description) {
  return { server: [], generator: [], apart: false, description };
}

/** @returns {string} */
function distribution() {
  try {
    return /^PRETTY_NAME="?(.*?)"?$/m.exec(fs.readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  } catch {
    return 'unknown distribution';
  }
}

/** @returns {string} */
function describeMachine() {
  const cpus = os.cpus();
  const gigabytes = (os.totalmem() / 2 ** 30).toFixed(1);
  return (
    `${cpus.length} × ${cpus[0]?.model.trim() || 'unknown CPU'}, ${gigabytes} GiB, ` +
    `${distribution()}, Linux ${os.release()} ${os.machine()}`
  );
}

module.exports = { choosePinning, describeMachine };
