/**
 * Ours, attached to Node's HTTP server like the genuine package.
 */
'use strict';

const { Server } = require('../..');
const { version } = require('../../package.json');
const { serve } = require('./application');
const { checkNativeEngine } = require('./packages');

serve(
  (httpServer, options) => new Server(httpServer, options),
  { 'beast.io': version },
  checkNativeEngine,
);
