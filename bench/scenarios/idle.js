/**
 * Clients that say nothing.
 */
'use strict';

const { HEARTBEAT_COSTS, IDLE_COSTS } = require('../support/metrics');

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
  // They come in the time of one interval: heartbeats of clients that came together would be sent together.
  {
    name: 'heartbeats',
    title:
      'Heartbeats: 2,000 clients with one every 5 s, as many a second as 10,000 have with the default 25 s',
    workload: 'heartbeats',
    connections: 2000,
    connectOverMs: 5000,
    serverOptions: { pingInterval: 5000 },
    needs: ['heartbeats'],
    leastWarmupSeconds: 5,
    leastSeconds: 5,
    metrics: HEARTBEAT_COSTS,
  },
];

module.exports = { IDLE };
