/**
 * The genuine package with eiows, a C++ fork of an early µWebSockets, in the place of ws.
 */
'use strict';

const { Server } = require('socket.io');
const { serve } = require('./application');
const { requirePeer, socketIoVersions, versionOf } = require('./packages');

const eiows = requirePeer('eiows');

serve((httpServer, options) => new Server(httpServer, { ...options, wsEngine: eiows.Server }), {
  ...socketIoVersions(),
  eiows: versionOf('eiows', requirePeer),
});
