/**
 * One message to many clients.
 */
'use strict';

const { BROADCAST_COSTS, CHAT_COSTS } = require('../support/metrics');

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
  {
    name: 'chat',
    title: '1,000 chat clients in 50 rooms, 240 messages a second, each to the 20 of a room, 32 B',
    workload: 'chat',
    connections: 1000,
    rooms: 50,
    rate: 240, // so many that they take socket.io + ws about a tenth of a core
    payloadBytes: 32,
    needs: ['rooms'],
    leastWarmupSeconds: 2,
    metrics: CHAT_COSTS,
  },
];

module.exports = { BROADCASTS };
