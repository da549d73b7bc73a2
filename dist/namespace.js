/**
 * At this path for tools that find, and patch, the class by it.
 */
'use strict';

const { Namespace } = require('../lib/api/namespace');

module.exports = { Namespace };
