/**
 * Ours on a port that it was given as a number, with echoes and acknowledgements in C++ (mixed/addon.cpp).
 */
'use strict';

const { once } = require('node:events');
const { Server } = require('../..');
const { version } = require('../../package.json');
const { OPTIONS, announce, install, portOf, secrets } = require('./application');
const { checkNativeEngine } = require('./packages');

const start = require(String(process.env.BENCH_MIXED));

const tls = secrets();
const io = new Server(0, tls ? { ...OPTIONS, tls } : OPTIONS);
start(io.native);
install(io);
once(io.httpServer, 'listening').then(() => {
  checkNativeEngine();
  announce(portOf(io.httpServer), { 'beast.io': version });
});
