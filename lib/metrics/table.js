/**
 * All metrics, each described once: name, kind, unit, labels, words, and where `engine.stats()` has it. Prometheus,
 * OpenTelemetry and the table of docs/metrics.md are made from it.
 */
'use strict';

/** @typedef {import('../../types/stats').EngineStats} EngineStats */
/** @typedef {import('../../types/stats').ThreadStats} ThreadStats */
/** @typedef {Record<string, string>} Labels */
/** @typedef {[labels: Labels, value: number]} Sample */

/**
 * @typedef {object} Metric
 * @property {string} name without prefix, unit and `_total`
 * @property {'counter' | 'gauge' | 'histogram'} kind
 * @property {'bytes' | 'seconds' | undefined} unit
 * @property {string} help
 * @property {string[]} labels
 * @property {boolean} isPerThread whether each I/O thread has it
 * @property {boolean} isSum whether the values of several servers can be added
 * @property {'sum' | 'max'} aggregator what several processes make of theirs
 * @property {(stats: any) => Sample[]} samples of a histogram: its buckets by the label `le`, none of them in another
 * @property {(stats: any) => number} sum of a histogram: what all values are together
 */

const MICROSECONDS = 1e6;
const MILLISECONDS = 1e3;

/** @param {string} name as `unknownTransport` @returns {string} as `unknown_transport` */
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** @param {string} name as `transportClose` @returns {string} as `transport close` */
const spaced = (name) => snake(name).replaceAll('_', ' ');

/**
 * @param {Metric['kind']} kind
 * @param {string} name
 * @param {string} help
 * @param {(stats: any) => any} value a number, or numbers by the value of the label
 * @param {{ unit?: 'bytes' | 'seconds', label?: string, name?: (key: string) => string, isPerThread?: boolean, isSum?: boolean, aggregator?: 'sum' | 'max' }} [more]
 * @returns {Metric}
 */
function metric(kind, name, help, value, more = {}) {
  const { unit, label, name: nameOf = String, aggregator = 'sum' } = more;
  const { isPerThread = true, isSum = true } = more;
  /** @param {any} stats @returns {Sample[]} */
  const samples = (stats) => {
    const values = value(stats);
    if (label === undefined) return values === undefined ? [] : [[{}, values]];
    return Object.entries(values ?? {}).map(([key, number]) => [{ [label]: nameOf(key) }, number]);
  };
  const labels = label === undefined ? [] : [label];
  const told = { name, kind, unit, help, labels };
  return { ...told, isPerThread, isSum, aggregator, samples, sum: () => 0 };
}

/**
 * Counts of Engine.IO clients.
 * @param {Metric['kind']} kind
 * @param {string} name
 * @param {string} help
 * @param {(stats: any) => import('../../types/stats').SessionCounts} counts
 * @returns {Metric}
 */
function clients(kind, name, help, counts) {
  return {
    ...metric(kind, name, help, () => 0),
    labels: ['transport', 'protocol'],
    samples: (stats) =>
      Object.entries(counts(stats)).flatMap(([transport, { v3, v4 }]) => [
        [{ transport, protocol: '3' }, v3],
        [{ transport, protocol: '4' }, v4],
      ]),
  };
}

const OF_PROCESS = { isPerThread: false, isSum: false };
const OF_JAVASCRIPT = { isPerThread: false };

/** @type {Metric[]} */
const METRICS = [
  metric('gauge', 'connections', 'Sockets of the I/O threads.', (s) => s.connections.open),
  metric(
    'counter',
    'connections_accepted',
    'Connections that came: to the own port, as sockets that an attached server has given away, or as streams through Node.',
    ({ connections }) => ({
      own_port: connections.accepted,
      attached: connections.takenOver,
      bridged: connections.bridged,
    }),
    { label: 'door' },
  ),
  metric(
    'counter',
    'connections_turned_away',
    'Connections beyond maxConnections of the own port.',
    (s) => s.connections.turnedAway,
  ),
  metric(
    'counter',
    'tls_handshakes',
    'TLS handshakes of the own port.',
    ({ connections }) => ({ ok: connections.tlsHandshakes, failed: connections.tlsFailures }),
    { label: 'result' },
  ),
  clients('gauge', 'sessions', 'Engine.IO clients now.', (s) => s.sessions),
  clients('counter', 'handshakes', 'Engine.IO clients that have come.', (s) => s.handshakes),
  metric(
    'counter',
    'upgrades',
    'Clients that have changed to another transport.',
    ({ upgrades }) => ({ websocket: upgrades.websocket, webtransport: upgrades.webtransport }),
    { label: 'transport' },
  ),
  metric(
    'counter',
    'upgrades_abandoned',
    'Upgrades that were begun and given up.',
    (s) => s.upgrades.abandoned,
  ),
  metric('counter', 'refusals', 'Requests that were refused.', (s) => s.refusals, {
    ...OF_JAVASCRIPT, // which refuses as well
    label: 'error',
    name: snake,
  }),
  metric(
    'counter',
    'limits_met',
    'How often clients have met a limit: they were turned away, paused or cut off.',
    (s) => s.limited,
    { label: 'limit' },
  ),
  metric(
    'counter',
    'http_errors',
    'Answers of the own port that are errors, by HTTP status.',
    (s) => s.httpErrors,
    { label: 'status' },
  ),
  metric('counter', 'sessions_closed', 'Engine.IO clients that have left.', (s) => s.closed, {
    label: 'reason',
    name: spaced,
  }),
  metric(
    'counter',
    'clients_cut',
    'Clients that were cut off because they had exceeded a limit.',
    (s) => s.cut,
    { label: 'limit', name: snake },
  ),
  metric('counter', 'messages_received', 'Messages of clients.', (s) => s.messages.in),
  metric('counter', 'messages_sent', 'Messages to clients.', (s) => s.messages.out),
  metric(
    'counter',
    'messages_dropped',
    'Messages that slow clients were not sent: volatile ones, and by `slowClientPolicy`.',
    (s) => s.droppedMessages,
  ),
  metric('counter', 'received', 'Bytes that clients have sent.', (s) => s.bytes.in, {
    unit: 'bytes',
  }),
  metric('counter', 'sent', 'Bytes that clients were sent.', (s) => s.bytes.out, { unit: 'bytes' }),
  metric('gauge', 'send_queue', 'Bytes that wait for clients.', (s) => s.sendQueueBytes, {
    unit: 'bytes',
  }),
  metric('gauge', 'inbox', 'Bytes that wait for handlers.', (s) => s.inboxBytes, {
    unit: 'bytes',
  }),
  metric('gauge', 'held_posts', 'Bytes of POSTs that are held.', (s) => s.heldPostBytes, {
    unit: 'bytes',
  }),
  metric('counter', 'heartbeats', 'PINGs and PONGs of clients.', (s) => s.heartbeats),
  {
    ...metric(
      'histogram',
      'heartbeat_round_trip',
      'Time from a PING to its PONG, of protocol 4.',
      () => 0,
      { unit: 'seconds' },
    ),
    samples: ({ roundTrips }) =>
      Object.entries(roundTrips.buckets).map(([ms, count]) => [
        { le: ms === 'Infinity' ? '+Inf' : String(Number(ms) / MILLISECONDS) },
        /** @type {number} */ (count),
      ]),
    sum: ({ roundTrips }) => roundTrips.microseconds / MICROSECONDS,
  },
  metric('gauge', 'loops_driven_by_javascript', 'I/O loops that JavaScript drives now.', (s) => {
    return s.driving.byHost;
  }),
  metric(
    'counter',
    'loop_hand_overs',
    'How often JavaScript was given an I/O loop.',
    (s) => s.driving.handOvers,
  ),
  metric(
    'counter',
    'loop_turns',
    'Turns of the I/O loops.',
    ({ driving }) => ({
      thread: driving.turns - driving.hostTurns,
      javascript: driving.hostTurns,
    }),
    { label: 'driver' },
  ),
  metric('gauge', 'sockets', 'Socket.IO sockets.', (s) => s.socketio.sockets, OF_JAVASCRIPT),
  metric('gauge', 'namespaces', 'Namespaces.', (s) => s.socketio.namespaces, OF_JAVASCRIPT),
  metric(
    'gauge',
    'rooms',
    'Rooms of all namespaces, those of single sockets included.',
    (s) => s.socketio.rooms,
    OF_JAVASCRIPT,
  ),
  metric(
    'counter',
    'handler_slices',
    'Deliveries to handlers; the event loop turns between them.',
    (s) => s.handlers.slices,
    OF_JAVASCRIPT,
  ),
  metric(
    'counter',
    'handler',
    'Time in handlers, and in decoding for them.',
    (s) => s.handlers.milliseconds / MILLISECONDS,
    { ...OF_JAVASCRIPT, unit: 'seconds' },
  ),
  metric(
    'gauge',
    'event_loop_delay',
    'How much later than due the event loop comes, over the last 10 seconds or since the last look.',
    ({ eventLoopDelay: delay }) =>
      delay && Object.fromEntries(Object.entries(delay).map(([k, ms]) => [k, ms / MILLISECONDS])),
    { ...OF_PROCESS, unit: 'seconds', label: 'statistic', aggregator: 'max' },
  ),
  metric('gauge', 'memory', 'Memory of the process.', (s) => s.memory, {
    ...OF_PROCESS,
    unit: 'bytes',
    label: 'kind',
    name: snake,
  }),
];

/**
 * The name that Prometheus knows a metric by.
 * @param {Metric} of
 * @param {string} prefix
 */
function prometheusName({ name, kind, unit }, prefix) {
  return `${prefix}${name}${unit ? `_${unit}` : ''}${kind === 'counter' ? '_total' : ''}`;
}

/**
 * The values of a metric.
 * @param {Metric} of
 * @param {EngineStats} stats
 * @param {boolean} byThread whether to tell them by I/O thread, where there is a choice
 * @returns {{ labels: Labels, samples: Sample[], sum: number }[]} one, or one for each thread
 */
function valuesOf({ samples, sum, isPerThread }, stats, byThread) {
  if (!byThread || !isPerThread) return [{ labels: {}, samples: samples(stats), sum: sum(stats) }];
  return stats.threads.map((thread, i) => ({
    labels: { thread: String(i) },
    samples: samples(thread),
    sum: sum(thread),
  }));
}

module.exports = { METRICS, prometheusName, valuesOf };
