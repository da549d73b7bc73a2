/**
 * What was emitted before the process ends leaves before it ends. At `exit`, all engines that serve anybody
 * hand over what waits. Each I/O thread offers it to its sockets once. Sockets that take nothing are not
 * waited for. Then this thread takes answers from the I/O threads, and bytes for Node's sockets, and writes
 * them. Other records are of no use any more.
 */
'use strict';

const { sinksOf } = require('./sinks');
const { RecordReader } = require('./wire/record-reader');
const { SILENT_SINKS } = require('./wire/record-sinks');

/** How long this thread waits for the I/O threads, in all. */
const PATIENCE_MS = 500;

/** @typedef {import('./engine').Engine} Engine */

/** Engines that serve somebody. @type {Set<Engine>} */
const serving = new Set();

/** Nobody is told the packets of a POST any more. */
const NO_POSTS = Object.freeze({ isInPost: () => false, isPostOf: () => false });

/**
 * What answers requests and writes to streams, and passes over all else.
 * @param {Engine} engine
 * @returns {import('./wire/record-sinks').RecordSinks}
 */
function answeringSinks(engine) {
  const { requests, streams, tlsStreams } = sinksOf(engine);
  return {
    ...SILENT_SINKS,
    requests: { ...SILENT_SINKS.requests, onResponse: (answer) => requests.onResponse(answer) },
    streams,
    tlsStreams,
  };
}

/**
 * @param {Engine} engine
 * @param {number} deadline by `performance.now`
 */
function exit(engine, deadline) {
  const { native, commands } = engine;
  const reader = new RecordReader(answeringSinks(engine), NO_POSTS, () => {});
  const receive = (/** @type {Parameters<RecordReader['receive']>} */ ...batch) => {
    for (let isDone = reader.receive(...batch); !isDone;) isDone = reader.goOn();
    return true;
  };
  commands.exit(() => native.settle(Math.max(0, deadline - performance.now()), receive));
}

process.on('exit', () => {
  // A program that emits this event by itself and goes on still needs what the I/O threads tell.
  if (/** @type {any} */ (process)._exiting === false) return;
  const deadline = performance.now() + PATIENCE_MS;
  for (const engine of serving) exit(engine, deadline);
});

/**
 * An engine begins to serve, or serves nobody any more.
 * @param {Engine} engine
 * @param {boolean} isServing
 */
function noteServing(engine, isServing) {
  if (isServing) serving.add(engine);
  else serving.delete(engine);
}

module.exports = { noteServing };
