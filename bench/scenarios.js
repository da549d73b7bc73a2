/**
 * The table of scenarios: what the clients do, and which figures of it are told. A new one is a row,
 * and a workload of load/ where none of the present ones fits.
 */
'use strict';

const { COSTS, BROADCAST_COSTS } = require('./support/metrics');

/**
 * @typedef {object} Scenario
 * @property {string} name as on the command line
 * @property {string} title as in the tables
 * @property {'echo' | 'broadcast'} workload of the load generator
 * @property {number} connections
 * @property {number} inFlight messages without an answer: of each client (echo), of one (broadcast)
 * @property {number} [pauseUs] from an answered broadcast to the next
 * @property {number} payloadBytes of the event's one argument, a string
 * @property {import('./servers').Feature[]} [needs] of the server
 * @property {readonly import('./support/metrics').Metric[]} metrics the columns of its table
 */

/** @type {readonly Scenario[]} */
const SCENARIOS = [
  {
    name: 'echo1',
    title: 'Echo, 100 clients, 1 message in flight each, 32 B',
    workload: 'echo',
    connections: 100,
    inFlight: 1,
    payloadBytes: 32,
    metrics: COSTS,
  },
  {
    name: 'echo16',
    title: 'Echo, 100 clients, 16 messages in flight each, 32 B',
    workload: 'echo',
    connections: 100,
    inFlight: 16,
    payloadBytes: 32,
    metrics: COSTS,
  },
  {
    name: 'broadcast1000',
    title: 'Broadcast to 1,000 clients, 1 in flight, 32 B',
    workload: 'broadcast',
    connections: 1000,
    inFlight: 1,
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
    inFlight: 1,
    pauseUs: 25_000,
    payloadBytes: 32,
    metrics: BROADCAST_COSTS,
  },
  {
    name: 'paced1000',
    title: 'Broadcast to 1,000 clients, about 40 a second, 32 B',
    workload: 'broadcast',
    connections: 1000,
    inFlight: 1,
    pauseUs: 15_000,
    payloadBytes: 32,
    metrics: BROADCAST_COSTS,
  },
];

/**
 * What broadcasts cost the JavaScript thread must not depend on the number of members: these two
 * scenarios differ in nothing else.
 */
const FLAT_BROADCAST = { few: 'paced10', many: 'paced1000' };

module.exports = { SCENARIOS, FLAT_BROADCAST };
