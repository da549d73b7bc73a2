/**
 * At this path for tools that find, and patch, the class by it.
 */
'use strict';

const { BroadcastOperator, RemoteSocket } = require('../lib/api/broadcasts/broadcast-operator');

module.exports = { BroadcastOperator, RemoteSocket };
