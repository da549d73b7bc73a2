/**
 * At this path for tools that load the package's main file by its path.
 */
'use strict';

module.exports = require('../lib');
