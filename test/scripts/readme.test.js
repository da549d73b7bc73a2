'use strict';

/** What the README shows of C++ is a part of the example that the C++ tests compile. */

const fs = require('node:fs');
const path = require('node:path');
const { TOP } = require('../support/programs');

const read = (/** @type {string} */ name) => fs.readFileSync(path.join(TOP, name), 'utf8');

test('the C++ of the README stands in the example', () => {
  const [, shown] = /```cpp\n([^`]+)```/.exec(read('README.md')) ?? [];
  const indented = shown.replace(/^(?=.)/gm, '  ');
  expect(read('examples/cpp-relay/relay.hpp')).toContain(indented);
});
