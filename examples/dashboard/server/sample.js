/**
 * What the page is told each interval, made from two looks at `io.engine.stats()`.
 */
'use strict';

/** @typedef {import('../../../types/stats').EngineStats} EngineStats */
/** @typedef {import('../../../types/stats').SessionCounts} SessionCounts */

/** @param {Record<string, number>} counts */
const sumOf = (counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** @param {SessionCounts} counts @returns {Record<string, number>} clients by transport */
const byTransport = (counts) =>
  Object.fromEntries(Object.entries(counts).map(([name, { v3, v4 }]) => [name, v3 + v4]));

/**
 * What goes up by itself, since the engine was made.
 * @param {EngineStats} stats
 */
function totalsOf({ messages, bytes, handshakes, closed, droppedMessages }) {
  return {
    messagesIn: messages.in,
    messagesOut: messages.out,
    bytesIn: bytes.in,
    bytesOut: bytes.out,
    came: sumOf(byTransport(handshakes)),
    left: sumOf(closed),
    dropped: droppedMessages,
  };
}

/**
 * Cuts, refusals and losses, by their paths in `stats()`. Those that are 0 are left out.
 * @param {EngineStats} stats
 * @returns {Record<string, number>}
 */
function troubleOf({ refusals, limited, cut, closed, connections }) {
  const { pingTimeout, transportError, parseError } = closed;
  const { turnedAway, tlsFailures } = connections;
  const groups = {
    ...{ refusals, limited, cut },
    closed: { pingTimeout, transportError, parseError },
    connections: { turnedAway, tlsFailures },
  };
  const all = Object.entries(groups).flatMap(([group, counts]) =>
    Object.entries(counts).map(([name, count]) => ({ path: `${group}.${name}`, count })),
  );
  const some = all.filter(({ count }) => count > 0);
  return Object.fromEntries(some.map(({ path, count }) => [path, count]));
}

/**
 * @param {EngineStats} stats
 * @param {EngineStats} before
 * @param {number} seconds between both
 */
function sampleOf(stats, before, seconds) {
  const totals = totalsOf(stats);
  const earlier = /** @type {Record<string, number>} */ (totalsOf(before));
  const { rss, heapUsed, external } = stats.memory;
  const { sendQueueBytes, inboxBytes, socketio, eventLoopDelay, roundTrips, handlers } = stats;
  const busy = (handlers.milliseconds - before.handlers.milliseconds) / (seconds * 1000);
  return {
    at: Date.now(),
    seconds,
    totals,
    rates: Object.fromEntries(
      Object.entries(totals).map(([name, total]) => [name, (total - earlier[name]) / seconds]),
    ),
    clients: byTransport(stats.sessions),
    socketio,
    delay: eventLoopDelay ?? null,
    busy: Math.min(busy, 1),
    waiting: { clients: sendQueueBytes, javascript: inboxBytes },
    roundTrips: roundTrips.buckets,
    trouble: troubleOf(stats),
    memory: { rss, heapUsed, external },
  };
}

module.exports = { sampleOf, troubleOf };
