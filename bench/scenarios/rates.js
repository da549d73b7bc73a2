/**
 * Messages at a fixed rate, whatever the answers do: servers as they live.
 */
'use strict';

const { RATE_COSTS } = require('../support/metrics');

/** What the scenarios of fixed rates have in common. */
const RATE = /** @type {const} */ ({
  workload: 'rate',
  connections: 100,
  payloadBytes: 32,
  metrics: RATE_COSTS,
});

// At low rates it takes seconds until V8 has compiled the path of a message, and until there are
// enough messages for a 99th percentile.
/** @type {readonly import('../scenarios').Scenario[]} */
const RATES = [
  {
    ...RATE,
    name: 'rate-1k',
    title: 'Echo at a fixed rate of 1,000/s, 100 clients, 32 B',
    rate: 1000,
    leastWarmupSeconds: 4,
    leastSeconds: 4,
  },
  {
    ...RATE,
    name: 'rate-5k',
    title: 'Echo at a fixed rate of 5,000/s, 100 clients, 32 B',
    rate: 5000,
    leastWarmupSeconds: 10,
  },
  {
    ...RATE,
    name: 'rate',
    plotted: true,
    title: 'Echo at a fixed rate of 20,000/s, 100 clients, 32 B',
    rate: 20_000,
    quick: true,
  },
  {
    ...RATE,
    name: 'rate-50k',
    title: 'Echo at a fixed rate of 50,000/s, 100 clients, 32 B',
    rate: 50_000,
  },
  {
    ...RATE,
    name: 'ack-rate',
    title: 'Acknowledgements at a fixed rate of 5,000/s, 100 clients, 32 B',
    workload: 'ack-rate',
    rate: 5000,
    leastWarmupSeconds: 10,
  },
  {
    ...RATE,
    name: 'polling-rate',
    title: 'Echo over HTTP long-polling at a fixed rate of 2,000/s, 100 clients, 32 B',
    rate: 2000, // with two requests for each; a core serves some 10,000 at its limit
    transport: 'polling',
    needs: ['polling'],
    leastWarmupSeconds: 10,
    leastSeconds: 3,
  },
];

module.exports = { RATES };
