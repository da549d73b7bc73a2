/**
 * The genuine package with its default WebSocket engine, `ws`: the baseline of every ratio. Under Bun, whose
 * module stands in for `ws`, it is a peer.
 */
'use strict';

const { Server } = require('socket.io');
const { serve } = require('./application');
const { socketIoVersions, wsVersions } = require('./packages');

serve((httpServer, options) => new Server(httpServer, options), {
  ...socketIoVersions(),
  ...wsVersions(),
});
