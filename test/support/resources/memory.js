/**
 * The bytes that this process holds outside of V8's heap: native memory and the bytes of Buffers. The heap
 * itself grows by hundreds of megabytes before V8 collects, where earlier tests have left much in it.
 */
'use strict';

function memoryOutsideHeap() {
  const { rss, heapTotal } = process.memoryUsage();
  return rss - heapTotal;
}

module.exports = { memoryOutsideHeap };
