/**
 * Clients that say nothing.
 */
'use strict';

const { IDLE_COSTS } = require('../support/metrics');

/** What the scenarios of clients that say nothing have in common. */
const CROWD = /** @type {const} */ ({
  workload: 'idle',
  connections: 10_000,
  collect: true,
  leastSeconds: 1.5,
  metrics: IDLE_COSTS,
});

/** @type {readonly import('../scenarios').Scenario[]} */
const IDLE = [
  {
    ...CROWD,
    name: 'connected',
    title: '10,000 clients that have just connected',
    quick: true,
  },
  {
    ...CROWD,
    name: 'idle',
    plotted: true,
    title: '10,000 clients, idle for 10 seconds',
    leastWarmupSeconds: 10, // until then V8 keeps a young generation for a server under load
  },
];

module.exports = { IDLE };
