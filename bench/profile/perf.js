/**
 * Linux's perf as a profiler: all threads of the server, the kernel included. V8 writes a map of its code,
 * by which perf names functions of JavaScript.
 */
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const path = require('node:path');

const TOP = path.join(__dirname, '../..');
const SAMPLES_PER_SECOND = 997; // not in step with timers
const MOST_OUTPUT_BYTES = 2 ** 30;

/** @typedef {import('./flame-graph').Stack} Stack */

/**
 * @param {string} folder for a file that stays
 * @returns {boolean} whether perf is there, and this user may take samples
 */
function isThere(folder) {
  const args = ['record', '--call-graph', 'fp', '-o', path.join(folder, 'perf-try.data'), 'true'];
  return spawnSync('perf', args, { stdio: 'ignore' }).status === 0;
}

/**
 * @param {string} folder for what perf writes
 * @returns {import('../support/cell').Probe & { stacks: () => Stack[] }}
 */
function perfProbe(folder) {
  const data = path.join(folder, 'perf.data');
  /** @type {import('node:child_process').ChildProcess} */
  let perf;
  let map = '';
  return {
    nodeFlags: [
      ...['--perf-basic-prof', '--interpreted-frames-native-stack'],
      ...['--no-logfile-per-isolate', `--logfile=${path.join(folder, 'v8.log')}`],
    ],
    begin(pid) {
      map = `/tmp/perf-${pid}.map`;
      const rate = ['-F', String(SAMPLES_PER_SECOND), '--call-graph', 'fp'];
      const args = ['record', '--quiet', ...rate, '-o', data, '-p', String(pid)];
      perf = spawn('perf', args, { stdio: 'ignore' });
    },
    async end() {
      const ended = once(perf, 'close');
      perf.kill('SIGINT');
      await ended;
    },
    stacks() {
      const fields = ['--no-inline', '-F', 'comm,tid,ip,sym,dso'];
      const { stdout } = spawnSync('perf', ['script', ...fields, '-i', data], {
        encoding: 'utf8',
        maxBuffer: MOST_OUTPUT_BYTES,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      fs.rmSync(map, { force: true });
      return readPerfScript(stdout);
    },
  };
}

/**
 * @param {string} text what `perf script` printed: blocks of a thread and its frames, the innermost first
 * @returns {Stack[]}
 */
function readPerfScript(text) {
  return text.split(/\n\s*\n/).flatMap((block) => {
    const [head, ...lines] = block.split('\n').filter((line) => line.trim() !== '');
    const thread = /^\s*(.*?)\s+\d+\s*$/.exec(head ?? '')?.[1];
    if (thread === undefined) return [];
    const frames = lines.flatMap(frameOf).reverse();
    return [{ frames: [{ name: `thread ${thread}`, kind: 'other' }, ...frames], weight: 1 }];
  });
}

/**
 * @param {string} line
 * @returns {import('./flame-graph').Frame[]} one, where the line is a frame
 */
function frameOf(line) {
  const match = /^\s*[0-9a-f]+ (.*) \(([^()]*)\)$/.exec(line);
  if (match === null) return [];
  const [, symbol, file] = match;
  const script = /^(?:JS|LazyCompile|Function|Eval|Script):[*~^+']*(.*)$/.exec(symbol);
  if (script !== null) {
    const name = script[1].replace(`${TOP}/`, '').replace('file://', '');
    return [{ name: name.replace(/^ /, '(anonymous) '), kind: 'javascript' }];
  }
  const name = symbol === '[unknown]' ? `[${path.basename(file)}]` : symbol;
  if (/^\[(kernel|guest)|\.ko$/.test(file)) return [{ name, kind: 'kernel' }];
  return [{ name, kind: /\bbeastio[-\w]*\.node$/.test(file) ? 'beastio' : 'other' }];
}

module.exports = { isThere, perfProbe, readPerfScript };
