/**
 * The table of servers. A new peer is a program and a row: the program serves the application of
 * servers/application.js, prints `{"port": …, "versions": {…}}` when it listens, and leaves when
 * its stdin ends.
 */
'use strict';

const path = require('node:path');

/**
 * @typedef {object} BenchServer
 * @property {string} name as on the command line
 * @property {string} title as in the tables
 * @property {string[]} command program and arguments
 */

/** The server that ratios are told against. */
const BASELINE = 'socketio';

/** @type {readonly BenchServer[]} */
const SERVERS = [
  { name: 'socketio', title: 'socket.io + ws', command: node('socketio.js') },
  { name: 'beastio', title: 'beast.io', command: node('beastio.js') },
];

/** @param {string} file in servers/ */
function node(file) {
  return [process.execPath, path.join(__dirname, 'servers', file)];
}

module.exports = { BASELINE, SERVERS };
