/**
 * What was emitted before the process ends leaves before it ends. At `exit`, all engines that serve anybody
 * hand over what waits. Each I/O thread offers it to its sockets once. Sockets that take nothing are not
 * waited for. Then this thread takes answers from the I/O threads, and bytes for Node's sockets, and writes
 * them. Other records are of no use any more.
 */
'use strict';

const { AnswerReader } = require('./answers');
const { askForMore, gatherLastWrites, writeLast } = require('./attached/node-stream');

/** How long this thread waits for the I/O threads, in all. */
const PATIENCE_MS = 500;

/** @typedef {import('./engine').Engine} Engine */

/** Engines that serve somebody. @type {Set<Engine>} */
const serving = new Set();

/**
 * @param {Engine} engine
 * @param {number} deadline by `performance.now`
 */
function exit(engine, deadline) {
  const { native, commands } = engine;
  const reader = new AnswerReader(engine, () => {});
  const receive = (/** @type {Parameters<AnswerReader['receive']>} */ ...batch) =>
    reader.receive(...batch);
  commands.exit(() => {
    do native.settle(Math.max(0, deadline - performance.now()), receive);
    while (askForMore() && performance.now() < deadline);
    writeLast();
  });
}

process.on('exit', () => {
  // A program that emits this event by itself and goes on still needs what the I/O threads tell.
  if (/** @type {any} */ (process)._exiting === false) return;
  const deadline = performance.now() + PATIENCE_MS;
  gatherLastWrites();
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
