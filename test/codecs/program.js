/** The codecs of native/src/protocol as a program that answers questions: main.cpp says how. */
'use strict';

const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { listFiles } = require('../../scripts/support/files');
const { TOP } = require('../support/programs/programs');

const CACHE = path.join(TOP, '.cache/codecs');
const CODECS = path.join(TOP, 'native/src/protocol');
/** What they ask the C library. */
const NUMBERS = path.join(TOP, 'native/src/platform/posix/number.cpp');
const FLAGS = ['-std=c++20', '-O1', `-I${path.join(TOP, 'native/src')}`];

/** @returns {string} the executable, compiled if its sources have changed since the last time */
function buildProgram() {
  const files = [
    path.join(__dirname, 'main.cpp'),
    ...['text', 'socketio'].flatMap((room) => listFiles(path.join(CODECS, room), /\.[ch]pp$/)),
    NUMBERS,
  ];
  const hash = createHash('sha256').update(FLAGS.join(' '));
  for (const file of files) hash.update(file).update(fs.readFileSync(file));
  const executable = path.join(CACHE, hash.digest('hex').slice(0, 16));
  if (fs.existsSync(executable)) return executable;

  fs.rmSync(CACHE, { recursive: true, force: true });
  fs.mkdirSync(CACHE, { recursive: true });
  const sources = files.filter((file) => file.endsWith('.cpp'));
  const unfinished = `${executable}.${process.pid}`;
  execFileSync(process.env.CXX || 'g++', [...FLAGS, ...sources, '-o', unfinished]);
  fs.renameSync(unfinished, executable);
  return executable;
}

/** @type {string | undefined} */
let program;

/**
 * @param {[question: string, text: string | Buffer][]} questions
 * @returns {string[]} the answers, in their order
 */
function ask(questions) {
  program ??= buildProgram();
  const input = questions.flatMap(([question, text]) => {
    const bytes = Buffer.from(text);
    const head = Buffer.alloc(5);
    head.write(question, 'latin1');
    head.writeUInt32LE(bytes.length, 1);
    return [head, bytes];
  });
  const output = execFileSync(program, { input: Buffer.concat(input), maxBuffer: 2 ** 30 });
  const answers = [];
  for (let at = 0; at < output.length;) {
    const end = at + 4 + output.readUInt32LE(at);
    answers.push(output.toString('utf8', at + 4, end));
    at = end;
  }
  return answers;
}

module.exports = { ask };
