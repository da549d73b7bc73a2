/**
 * At this path for applications that load it by its path.
 */
'use strict';

const { RESERVED_EVENTS } = require('../lib/protocol');

module.exports = { RESERVED_EVENTS };
