/**
 * Ours on a port that it was given as a number, with TLS where that is asked for.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const { Server } = require('../..');
const { version } = require('../../package.json');
const { OPTIONS, announce, install, portOf, secrets } = require('./application');
const { checkNativeEngine } = require('./packages');

const tls = secrets();
const io = new Server(0, tls ? { ...OPTIONS, tls } : OPTIONS);
install(io);
once(io.httpServer, 'listening').then(() => {
  checkNativeEngine();
  const isNodes = Object.getPrototypeOf(io.httpServer) === http.Server.prototype;
  announce(portOf(io.httpServer), {
    'beast.io': version,
    port: isNodes ? 'of an http.Server inside' : "the engine's own",
  });
});
