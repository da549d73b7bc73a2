'use strict';

/**
 * Sorts C++ headers that are not ours into the kinds that the layer table speaks of. Nobody may include a
 * header that fits no kind until this file names it.
 */

/**
 * `standard` is the C++ library without what the I/O-free rooms must not have: `threads`, `clock`
 * and, with the operating system's headers, `system`.
 *
 * @typedef {'standard' | 'threads' | 'clock' | 'system' | 'intrinsics' | 'zlib' | 'openssl' |
 *   'boost' | 'nlohmann' | 'node-api' | 'uv'} HeaderKind
 */

/** @type {[HeaderKind, RegExp][]} The first match counts. */
const KINDS = [
  ['boost', /^boost\//],
  ['nlohmann', /^nlohmann\//],
  ['openssl', /^openssl\//],
  ['zlib', /^zlib\.h$/],
  ['node-api', /^(napi|node_api|js_native_api)(_types)?\.h$/],
  ['uv', /^uv\.h$/],
  ['intrinsics', /^([a-z]*mmintrin|immintrin|x86intrin|arm_neon)\.h$/],
  [
    'threads',
    /^(atomic|barrier|condition_variable|future|latch|mutex|semaphore|shared_mutex|stop_token|thread)$/,
  ],
  ['clock', /^(chrono|ctime|time\.h)$/],
  ['system', /^(filesystem|fstream|iostream|csignal|signal\.h)$/],
  ['system', /^(sys|linux|arpa|netinet|net|mach|malloc)\/\w+\.h$/],
  [
    'system',
    /^(dlfcn|errno|fcntl|locale|malloc|netdb|poll|pthread|sched|stdlib|unistd|xlocale)\.h$/,
  ],
  ['standard', /^([a-z_]+[a-z_0-9]*|std(def|int)\.h)$/],
];

/**
 * @param {string} name A header as an `#include` names it.
 * @returns {HeaderKind | undefined}
 */
function classifyHeader(name) {
  return KINDS.find(([, pattern]) => pattern.test(name))?.[0];
}

module.exports = { classifyHeader };
