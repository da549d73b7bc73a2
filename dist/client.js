/**
 * At this path for tools that find, and patch, the class by it.
 */
'use strict';

const { Client } = require('../lib/api/clients/client');

module.exports = { Client };
