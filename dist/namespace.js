/**
 * At this path for tools that find, and patch, the class by it.
 */
'use strict';

const { Namespace, RESERVED_SERVER_EVENTS } = require('../lib/api/namespaces/namespace');

module.exports = { Namespace, RESERVED_EVENTS: RESERVED_SERVER_EVENTS };
