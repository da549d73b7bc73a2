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
 * Cores for the server, and another for the generator where one is left.
 * @param {number} [serverCores] at most as many as this process may use
 * @returns {Pinning}
 */
function choosePinning(serverCores = 1) {
  const cores = allowedCores();
  if (cores.length === 1) {
    return unpinned('server and generator share the only core');
  }
  if (spawnSync('taskset', ['--version']).error) {
    return unpinned('not pinned: taskset is not installed');
  }
  const own = cores.slice(0, serverCores);
  const [free] = cores.slice(serverCores);
  const isShared = free === undefined;
  const server = `server pinned to ${own.length === 1 ? 'core' : 'cores'} ${own.join(', ')}`;
  return {
    server: ['taskset', '-c', own.join(',')],
    generator: ['taskset', '-c', isShared ? own.join(',') : String(free)],
    apart: !isShared,
    description: isShared
      ? `${server}, which the generator shares: it sleeps in place of spinning`
      : `${server}, generator spins on core ${free}`,
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
