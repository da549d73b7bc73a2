/**
 * Ours on a port that it was given as a number.
 */
'use strict';

const { once } = require('node:events');
const { Server } = require('../..');
const { version } = require('../../package.json');
const { OPTIONS, announce, install, portOf } = require('./application');
const { checkNativeEngine } = require('./packages');

const io = new Server(0, OPTIONS);
install(io);
once(io.httpServer, 'listening').then(() => {
  checkNativeEngine();
  announce(portOf(io.httpServer), { 'beast.io': version });
});
