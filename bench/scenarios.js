/**
 * The table of scenarios: what the clients do, and which figures of it are told. A new one is a row in a file
 * of scenarios/, and a workload of load/workloads/ where none of the present ones fits.
 */
'use strict';

const { BROADCASTS } = require('./scenarios/broadcasts');
const { ECHOES } = require('./scenarios/echoes');
const { IDLE } = require('./scenarios/idle');
const { RATES } = require('./scenarios/rates');
const { VISITS } = require('./scenarios/visits');

/**
 * @typedef {object} Scenario
 * @property {string} name as on the command line
 * @property {string} title as in the tables
 * @property {'echo' | 'ack' | 'rate' | 'ack-rate' | 'broadcast' | 'rooms' | 'chat' | 'connect' | 'visit'
 *   | 'reconnect' | 'idle' | 'heartbeats'} workload of the load generator
 * @property {number} connections
 * @property {number} [connectOverMs] the time in which they come, evenly; unless given, at once
 * @property {number} [inFlight] messages without an answer: of each client (echo, ack), of one (broadcast)
 * @property {number} [namespaces] that each client joins, used in turn
 * @property {number} [rooms] each client is in one of them
 * @property {number} [rate] messages a second of all clients (rate, ack-rate), rooms addressed a second (rooms,
 *   chat)
 * @property {number} [pauseUs] from an answered broadcast to the next
 * @property {'text' | 'json' | 'binary'} [payload] the event's argument; a string unless said otherwise
 * @property {number} [payloadBytes]
 * @property {'websocket' | 'polling' | 'upgrade'} [transport]
 * @property {Record<string, number>} [serverOptions] of a Socket.IO server, beside what `needs` asks for
 * @property {import('./servers').Feature[]} [needs] of the server
 * @property {boolean} [collect] whether the server is asked to collect garbage before the figures are taken
 * @property {number} [leastWarmupSeconds] from the last connect to the measured window
 * @property {number} [leastSeconds] that a measured window needs
 * @property {readonly import('./support/metrics').Metric[]} metrics the columns of its table
 * @property {boolean} [quick] whether `--quick` measures it
 * @property {boolean} [plotted] whether it is a panel of the plot, with the first of its metrics
 */

/** @type {readonly Scenario[]} */
const SCENARIOS = [...ECHOES, ...RATES, ...BROADCASTS, ...VISITS, ...IDLE];

/**
 * What broadcasts cost the JavaScript thread must not depend on the number of members: these two
 * scenarios differ in nothing else.
 */
const FLAT_BROADCAST = { few: 'paced10', many: 'paced1000' };

/** What `--scaling` measures unless others are chosen: much JavaScript, much sending, much encrypting. */
const SCALED = ['echo16', 'broadcast1000', 'wss'];

module.exports = { SCENARIOS, FLAT_BROADCAST, SCALED };
