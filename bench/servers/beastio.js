/**
 * Ours, attached to Node's HTTP server like the genuine package.
 */
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const { Server } = require('../..');
const { version } = require('../../package.json');
const { serve } = require('./application');

/** Our fallback works without the addon, and would be measured in its place without a word. */
function checkNativeEngine() {
  const root = path.resolve(__dirname, '../..');
  const inside = readFileSync('/proc/self/maps', 'utf8')
    .split('\n')
    .some((line) => line.includes(root) && line.endsWith('.node'));
  if (!inside) {
    throw new Error(
      `no addon of ${root} is loaded: the native engine is not in use (npm run setup)`,
    );
  }
}

serve(Server, { 'beast.io': version }, checkNativeEngine);
