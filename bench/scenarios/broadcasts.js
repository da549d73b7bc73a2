/**
 * One message to many clients.
 */
'use strict';

const { BROADCAST_COSTS } = require('../support/metrics');

/** @type {readonly import('../scenarios').Scenario[]} */
const BROADCASTS = [
  {
    name: 'broadcast1000',
    plotted: true,
    title: 'Broadcast to 1,000 clients, 1 in flight, 32 B',
    workload: 'broadcast',
    connections: 1000,
    payloadBytes: 32,
    metrics: BROADCAST_COSTS,
    quick: true,
  },
  {
    name: 'broadcast5000',
    title: 'Broadcast to 5,000 clients, 1 in flight, 32 B',
    workload: 'broadcast',
    connections: 5000,
    payloadBytes: 32,
    metrics: BROADCAST_COSTS,
  },
  // The same few broadcasts a second to few and to many: how much of the JavaScript thread's cost
  // depends on their number. At different rates it would be told apart by how warm the caches are.
  {
    name: 'paced10',
    title: 'Broadcast to 10 clients, about 40 a second, 32 B',
    workload: 'broadcast',
    connections: 10,
    pauseUs: 25_000,
    payloadBytes: 32,
    metrics: BROADCAST_COSTS,
  },
  {
    name: 'paced100',
    title: 'Broadcast to 100 clients, about 40 a second, 32 B',
    workload: 'broadcast',
    connections: 100,
    pauseUs: 24_000,
    payloadBytes: 32,
    metrics: BROADCAST_COSTS,
  },
  {
    name: 'paced1000',
    title: 'Broadcast to 1,000 clients, about 40 a second, 32 B',
    workload: 'broadcast',
    connections: 1000,
    pauseUs: 15_000,
    payloadBytes: 32,
    metrics: BROADCAST_COSTS,
  },
  {
    name: 'rooms',
    title: '5,000 clients in 500 rooms, 50 rooms addressed a second, 32 B',
    workload: 'rooms',
    connections: 5000,
    rooms: 500,
    rate: 50,
    payloadBytes: 32,
    needs: ['rooms'],
    metrics: BROADCAST_COSTS,
  },
];

module.exports = { BROADCASTS };
