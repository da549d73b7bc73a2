/**
 * What builds an addon with handlers in C++: `require('beast.io/native')`. In a `binding.gyp`:
 *
 *     "include_dirs": ["<!(node -p \"require('beast.io/native').include\")"]
 */
'use strict';

const path = require('node:path');

/** The folder of the headers: `#include <beastio/native.hpp>`. */
const include = path.join(__dirname, '../native/include');

module.exports = { include };
