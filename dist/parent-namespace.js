/**
 * At this path for tools that find, and patch, the class by it.
 */
'use strict';

const { ParentNamespace } = require('../lib/api/namespaces/parent-namespace');

module.exports = { ParentNamespace };
