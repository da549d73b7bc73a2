/**
 * The bytes that this process holds outside of V8's heap: native memory and the bytes of Buffers. The heap
 * itself grows by hundreds of megabytes before V8 collects, where earlier tests have left much in it.
 */
'use strict';

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

module.exports = { memoryOutsideHeap };
