/**
 * Messages at a fixed rate, whatever the answers do: servers as they live.
 */
'use strict';

const { RATE_COSTS } = require('../support/metrics');

/** @type {readonly import('../scenarios').Scenario[]} */
const RATES = [
  {
    name: 'rate',
    plotted: true,
    title: 'Echo at a fixed rate of 20,000/s, 100 clients, 32 B',
    workload: 'rate',
    connections: 100,
    rate: 20_000,
    payloadBytes: 32,
    metrics: RATE_COSTS,
    quick: true,
  },
];

module.exports = { RATES };
