/**
 * At this path for tools that find, and patch, the class by it.
 */
'use strict';

const { ParentNamespace } = require('../lib/api/parent-namespace');

module.exports = { ParentNamespace };
