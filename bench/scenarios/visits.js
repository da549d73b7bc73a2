/**
 * Clients that come and go.
 */
'use strict';

const { HANDSHAKE_COSTS } = require('../support/metrics');

/** @type {readonly import('../scenarios').Scenario[]} */
const VISITS = [
  {
    name: 'connect',
    plotted: true,
    title: 'Handshakes into the main namespace, and leaving, 64 at a time',
    workload: 'connect',
    connections: 64,
    metrics: HANDSHAKE_COSTS,
    quick: true,
  },
];

module.exports = { VISITS };
