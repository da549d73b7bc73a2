/**
 * The genuine package's Socket.IO layer on our engine: what a team gets that changes nothing but
 * `io.bind(engine)`.
 */
'use strict';

const { Server } = require('socket.io');
const { Engine } = require('../../lib/engine');
const { version } = require('../../package.json');
const { serve } = require('./application');
const { checkNativeEngine, socketIoVersions } = require('./packages');

serve(
  (httpServer, options) => {
    const io = new Server();
    const engine = new Engine(options);
    engine.attach(httpServer, { path: '/socket.io/' });
    io.bind(engine);
    return io;
  },
  { 'beast.io': version, 'socket.io': socketIoVersions()['socket.io'] },
  checkNativeEngine,
);
