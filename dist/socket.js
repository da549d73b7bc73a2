/**
 * At this path for tools that find, and patch, the class by it.
 */
'use strict';

const { Socket } = require('../lib/api/sockets/socket');

module.exports = { Socket };
