/**
 * Clients that come and go.
 */
'use strict';

const { HANDSHAKE_COSTS, RECONNECT_COSTS, VISIT_COSTS } = require('../support/metrics');

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
  {
    name: 'visit',
    title:
      'Visits of the default client: long-polling, WebSocket, one event with its answer; 64 at a time',
    workload: 'visit',
    connections: 64,
    transport: 'upgrade',
    payloadBytes: 32,
    needs: ['polling'],
    metrics: VISIT_COSTS,
  },
  {
    name: 'reconnect5000',
    title: '5,000 clients are cut and come again at once',
    workload: 'reconnect',
    connections: 5000,
    metrics: RECONNECT_COSTS,
  },
];

module.exports = { VISITS };
