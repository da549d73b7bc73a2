/**
 * Plays many programs beside the genuine package, and shows the first that is different, made as
 * short as it gets: `node test/differential/support/random/many.js FROM COUNT [DOOR] [brief]`. In
 * `brief` all that are different are listed as they are.
 */
'use strict';

const { fork } = require('node:child_process');
const path = require('node:path');
const { compare, explain } = require('../compare');
const { makeProgram } = require('./generator');

/** @typedef {import('./generator').Program} Program */

const SHORTEN_MS = 60_000;
const RUNNER = path.join(__dirname, 'run-programs.js');

class Runner {
  /**
   * @param {string} subject
   * @param {string} door
   */
  constructor(subject, door) {
    this.child = fork(RUNNER, [subject, door], { execArgv: [] });
    this.child.on('message', (trace) => this.onTrace(trace));
    this.child.on('exit', (code) => {
      if (code !== 0) this.onEnd(new Error(`the runner ended with ${code}`));
    });
  }

  /** @param {Program} program */
  play(program) {
    return new Promise((resolve, reject) => {
      this.onTrace = resolve;
      this.onEnd = reject;
      this.child.send(program);
    });
  }

  stop() {
    this.child.disconnect();
  }
}

class Comparison {
  /** @param {string} door */
  constructor(door) {
    this.genuine = new Runner(
      'genuine',
      door.replace('own port with TLS', 'https').replace('own port', 'http'),
    );
    this.ours = new Runner('ours', door);
  }

  /** @param {Program} program */
  async traces(program) {
    return Promise.all([this.genuine.play(program), this.ours.play(program)]);
  }

  /** Whether a program is different, and is so again. @param {Program} program @param {number} times */
  async isDifferent(program, times) {
    for (let i = 0; i < times; i++) {
      const [genuine, ours] = await this.traces(program);
      if (JSON.stringify(genuine) === JSON.stringify(ours)) return false;
    }
    return true;
  }

  stop() {
    this.genuine.stop();
    this.ours.stop();
  }
}

/**
 * All programs that are one piece shorter.
 * @param {Program} program
 */
function* shorter(program) {
  const copy = () => structuredClone(program);
  for (let size = Math.ceil(program.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < program.steps.length; at += size) {
      const one = copy();
      one.steps.splice(at, size);
      yield one;
    }
  }
  for (const [i, step] of program.steps.entries()) {
    for (const list of ['ops', 'messages', 'args']) {
      if (!Array.isArray(step[list])) continue;
      for (const j of step[list].keys()) {
        const one = copy();
        one.steps[i][list].splice(j, 1);
        yield one;
      }
    }
    for (const [j, op] of (step.ops ?? []).entries()) {
      for (const list of ['chain', 'args']) {
        for (const k of (op[list] ?? []).keys()) {
          const one = copy();
          one.steps[i].ops[j][list].splice(k, 1);
          yield one;
        }
      }
    }
  }
  for (const [i, ops] of program.fragments.entries()) {
    for (const j of ops.keys()) {
      const one = copy();
      one.fragments[i].splice(j, 1);
      yield one;
    }
  }
  for (const key of Object.keys(program.options)) {
    const one = copy();
    delete one.options[key];
    yield one;
  }
  for (const [name, hooks] of Object.entries(program.hooks)) {
    for (const hook of Object.keys(hooks)) {
      if (hook !== 'middlewares' && hooks[hook] !== undefined) {
        const one = copy();
        delete one.hooks[name][hook];
        yield one;
      } else if (hook === 'middlewares' && hooks.middlewares.length > 0) {
        const one = copy();
        one.hooks[name].middlewares.pop();
        yield one;
      }
    }
  }
}

/**
 * @param {Comparison} comparison
 * @param {Program} program
 */
async function shorten(comparison, program) {
  const end = Date.now() + SHORTEN_MS;
  for (let isShorter = true; isShorter && Date.now() < end;) {
    isShorter = false;
    for (const candidate of shorter(program)) {
      if (!(await comparison.isDifferent(candidate, 2))) continue;
      program = candidate;
      isShorter = true;
      break;
    }
  }
  return program;
}

async function main() {
  const [from, count, door = 'own port', brief] = process.argv.slice(2);
  const comparison = new Comparison(door);
  const first = Number(from);
  let found = 0;
  for (let seed = first; seed < first + Number(count); seed++) {
    const program = makeProgram(seed);
    const [genuine, ours] = await comparison.traces(program);
    const failure = genuine['the scenario'];
    if (failure) console.log(`seed ${seed}: the genuine package ${failure}`);
    if (failure || JSON.stringify(genuine) === JSON.stringify(ours)) continue;
    if (!(await comparison.isDifferent(program, 2))) {
      console.log(`seed ${seed} is different at times:`, compare(genuine, ours));
      continue;
    }
    found++;
    console.log(`seed ${seed} is different`);
    if (brief) {
      console.log(compare(genuine, ours));
      continue;
    }
    const short = await shorten(comparison, program);
    console.log(JSON.stringify(short, null, 1));
    console.log(explain(...(await comparison.traces(short))));
    break;
  }
  console.log(`${found} of ${count} programs are different`);
  comparison.stop();
}

main();
