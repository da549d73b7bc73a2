/**
 * At this path for applications that load it by its path.
 */
'use strict';

const { streamFile } = require('../lib/api/server/uws');

/** With socket.io it makes the adapter publish to topics; here broadcasts do without them. */
function patchAdapter() {}

/** Nothing was patched. */
function restoreAdapter() {}

module.exports = { patchAdapter, restoreAdapter, serveFile: streamFile };
