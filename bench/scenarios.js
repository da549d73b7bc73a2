/**
 * The table of scenarios: what the clients do, and which figures of it are told. A new one is a row,
 * and a workload of load/ where none of the present ones fits.
 */
'use strict';

const {
  BROADCAST_COSTS,
  COSTS,
  HANDSHAKE_COSTS,
  IDLE_COSTS,
  RATE_COSTS,
} = require('./support/metrics');

/**
 * @typedef {object} Scenario
 * @property {string} name as on the command line
 * @property {string} title as in the tables
 * @property {'echo' | 'ack' | 'rate' | 'broadcast' | 'rooms' | 'connect' | 'idle'} workload of the
 *   load generator
 * @property {number} connections
 * @property {number} [inFlight] messages without an answer: of each client (echo, ack), of one (broadcast)
 * @property {number} [namespaces] that each client joins, used in turn
 * @property {number} [rooms] each client is in one of them
 * @property {number} [rate] messages a second of all clients (rate), rooms addressed a second (rooms)
 * @property {number} [pauseUs] from an answered broadcast to the next
 * @property {'text' | 'json' | 'binary'} [payload] the event's argument; a string unless said otherwise
 * @property {number} [payloadBytes]
 * @property {'websocket' | 'polling'} [transport]
 * @property {import('./servers').Feature[]} [needs] of the server
 * @property {boolean} [collect] whether the server is asked to collect garbage before the figures are taken
 * @property {number} [leastWarmupSeconds] from the last connect to the measured window
 * @property {number} [leastSeconds] that a measured window needs
 * @property {readonly import('./support/metrics').Metric[]} metrics the columns of its table
 * @property {boolean} [quick] whether `--quick` measures it
 * @property {boolean} [plotted] whether it is a panel of the plot, with the first of its metrics
 */

/** What the echo scenarios have in common. */
const ECHO = /** @type {const} */ ({
  workload: 'echo',
  connections: 100,
  inFlight: 1,
  payloadBytes: 32,
  metrics: COSTS,
});

/** What the scenarios of clients that say nothing have in common. */
const CROWD = /** @type {const} */ ({
  workload: 'idle',
  connections: 10_000,
  collect: true,
  leastSeconds: 1.5,
  metrics: IDLE_COSTS,
});

/** @type {readonly Scenario[]} */
const SCENARIOS = [
  {
    ...ECHO,
    name: 'echo1',
    plotted: true,
    title: 'Echo, 100 clients, 1 in flight each, 32 B',
    quick: true,
  },
  {
    ...ECHO,
    name: 'echo16',
    plotted: true,
    title: 'Echo, 100 clients, 16 in flight each, 32 B',
    inFlight: 16,
    quick: true,
  },
  {
    ...ECHO,
    name: 'echo1-16k',
    plotted: true,
    title: 'Echo, 100 clients, 1 in flight each, 16 KB',
    payloadBytes: 16_384,
    quick: true,
  },
  {
    ...ECHO,
    name: 'echo16-16k',
    title: 'Echo, 100 clients, 16 in flight each, 16 KB',
    inFlight: 16,
    payloadBytes: 16_384,
  },
  {
    ...ECHO,
    name: 'ack',
    title: 'Acknowledgements, 100 clients, 16 in flight each, 32 B',
    workload: 'ack',
    inFlight: 16,
  },
  {
    ...ECHO,
    name: 'namespaces',
    title: 'Echo, 100 clients in 4 namespaces each, 16 in flight each, 32 B',
    inFlight: 16,
    namespaces: 4,
  },
  {
    ...ECHO,
    name: 'binary1k',
    title: 'Binary echo, 100 clients, 1 in flight each, 1 KB',
    payload: 'binary',
    payloadBytes: 1024,
  },
  {
    ...ECHO,
    name: 'binary64k',
    title: 'Binary echo, 100 clients, 1 in flight each, 64 KB',
    payload: 'binary',
    payloadBytes: 65_536,
  },
  {
    ...ECHO,
    name: 'deflate',
    plotted: true,
    title: 'Echo with permessage-deflate, 100 clients, 1 in flight, 1 KB JSON',
    payload: 'json',
    payloadBytes: 1100, // beyond the default threshold of 1024 bytes, with what is around it
    needs: ['deflate'],
    quick: true,
  },
  {
    ...ECHO,
    name: 'wss',
    plotted: true,
    title: 'Echo over TLS, 100 clients, 1 in flight each, 32 B',
    needs: ['tls'],
  },
  {
    ...ECHO,
    name: 'polling',
    plotted: true,
    title: 'Echo over HTTP long-polling, 100 clients, 1 in flight each, 32 B',
    transport: 'polling',
    needs: ['polling'],
  },
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
    name: 'connect',
    plotted: true,
    title: 'Handshakes into the main namespace, and leaving, 64 at a time',
    workload: 'connect',
    connections: 64,
    metrics: HANDSHAKE_COSTS,
    quick: true,
  },
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

/**
 * What broadcasts cost the JavaScript thread must not depend on the number of members: these two
 * scenarios differ in nothing else.
 */
const FLAT_BROADCAST = { few: 'paced10', many: 'paced1000' };

module.exports = { SCENARIOS, FLAT_BROADCAST };
