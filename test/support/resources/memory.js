/**
 * The bytes that this process holds outside of V8's heap: native memory and the bytes of Buffers. The heap
 * itself grows by hundreds of megabytes before V8 collects, where earlier tests have left much in it.
 */
'use strict';

const { setTimeout } = require('node:timers/promises');
const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');

function memoryOutsideHeap() {
  // A collection takes pages off the heap's total before the system gets them back. The next one waits for that.
  collect();
  collect();
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
}

/**
 * The same once nothing more comes back. V8 returns pages in later turns, and other threads what Buffers held.
 * That is up to 35 MB, and more on a busy machine. What a server keeps never comes back.
 */
async function settledMemoryOutsideHeap() {
  let least = memoryOutsideHeap();
  for (let same = 0; same < 5; same++) {
    await setTimeout(20);
    const now = memoryOutsideHeap();
    if (now < least - 1e6) same = 0;
    least = Math.min(least, now);
  }
  return least;
}

module.exports = { memoryOutsideHeap, settledMemoryOutsideHeap };
