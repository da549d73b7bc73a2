/**
 * V8's profiler, where there is no perf: the JavaScript thread only, without the kernel and the I/O threads.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { fileURLToPath } = require('node:url');

const TOP = path.join(__dirname, '../..');

/** What V8 calls the time in which the thread waits for something to do. */
const IDLE = '(idle)';

/** @typedef {import('./flame-graph').Stack} Stack */

/**
 * @param {string} folder for what V8 writes
 * @returns {import('../support/cell').Probe & { stacks: () => Stack[] }}
 */
function v8Probe(folder) {
  const name = 'v8.cpuprofile';
  return {
    nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}`],
    stacks: () => readCpuProfile(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))),
  };
}

/**
 * @typedef {object} ProfileNode
 * @property {number} id
 * @property {{ functionName: string, url: string, lineNumber: number }} callFrame
 * @property {number[]} [children]
 *
 * @param {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} profile
 * @returns {Stack[]} with microseconds as weights
 */
function readCpuProfile({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  /** @type {Map<number, number>} */
  const parents = new Map();
  for (const { id, children = [] } of nodes) {
    for (const child of children) parents.set(child, id);
  }
  /** @type {Map<number, number>} */
  const weights = new Map();
  samples.forEach((id, i) => weights.set(id, (weights.get(id) ?? 0) + timeDeltas[i]));
  return [...weights].flatMap(([id, weight]) => {
    /** @type {import('./flame-graph').Frame[]} */
    const frames = [];
    for (let at = byId.get(id); at; at = byId.get(parents.get(at.id) ?? -1)) {
      if (at.callFrame.functionName !== '(root)') frames.unshift(frameOf(at));
    }
    return weight > 0 && frames.at(-1)?.name !== IDLE ? [{ frames, weight }] : [];
  });
}

/**
 * @param {ProfileNode} node
 * @returns {import('./flame-graph').Frame}
 */
function frameOf({ callFrame: { functionName, url, lineNumber } }) {
  const name = functionName || '(anonymous)';
  if (url === '') return { name, kind: 'other' };
  const file = url.startsWith('file:') ? path.relative(TOP, fileURLToPath(url)) : url;
  return { name: `${name} ${file}:${lineNumber + 1}`, kind: 'javascript' };
}

module.exports = { readCpuProfile, v8Probe };
