'use strict';

/** `observe`, with the real SDK of OpenTelemetry. */

const { DataPointType, MeterProvider, MetricReader } = require('@opentelemetry/sdk-metrics');
const { observe } = require('../../../lib/metrics');
const { cleanUp, connectPair, startServer } = require('../../support/rigs/rig');

class Reader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

/** @type {(() => unknown)[]} */
const closers = [];

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await cleanUp();
});

/** A meter, and what reads it: metrics by name. */
function createMeter() {
  const reader = new Reader();
  const provider = new MeterProvider({ readers: [reader] });
  closers.push(() => provider.shutdown());
  return {
    meter: provider.getMeter('test'),
    async read() {
      const { resourceMetrics, errors } = await reader.collect();
      expect(errors).toEqual([]);
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      return new Map(metrics.map((metric) => [metric.descriptor.name, metric]));
    },
  };
}

/**
 * @param {any} metric
 * @param {Record<string, string>} attributes
 */
const valueOf = (metric, attributes = {}) =>
  metric.dataPoints.find(
    (/** @type {any} */ point) => JSON.stringify(point.attributes) === JSON.stringify(attributes),
  )?.value;

test('what a server and its clients do', async () => {
  const io = startServer({ pingInterval: 10 });
  const { meter, read } = createMeter();
  const end = observe(io, meter, { attributes: { server: 'a' } });
  await connectPair(io);
  while (io.engine.stats().heartbeats < 3) await new Promise((resolve) => setTimeout(resolve, 5));
  const metrics = await read();
  const server = 'a';

  const sessions = metrics.get('beastio.sessions');
  expect(valueOf(sessions, { server, transport: 'websocket', protocol: '4' })).toBe(1);
  expect(sessions?.dataPointType).toBe(DataPointType.SUM);
  expect(/** @type {any} */ (sessions).isMonotonic).toBe(false);
  const received = metrics.get('beastio.received');
  expect(received?.descriptor.unit).toBe('By');
  expect(/** @type {any} */ (received).isMonotonic).toBe(true);
  expect(valueOf(received, { server })).toBeGreaterThan(100);
  expect(metrics.get('beastio.event_loop_delay')?.dataPointType).toBe(DataPointType.GAUGE);
  expect(metrics.get('beastio.event_loop_delay')?.descriptor.unit).toBe('s');

  const all = valueOf(metrics.get('beastio.heartbeat_round_trip.count'), { server });
  expect(all).toBeGreaterThanOrEqual(3);
  expect(valueOf(metrics.get('beastio.heartbeat_round_trip.bucket'), { server, le: '+Inf' })).toBe(
    all,
  );
  expect(valueOf(metrics.get('beastio.heartbeat_round_trip.sum'), { server })).toBeGreaterThan(0);

  end();
  const asked = jest.spyOn(io.engine, 'stats');
  await read();
  expect(asked).not.toHaveBeenCalled();
});

test('per I/O thread, with another prefix, and two servers on one meter', async () => {
  const [first, second] = [startServer({ ioThreads: 2 }), startServer({ ioThreads: 2 })];
  const { meter, read } = createMeter();
  observe(first, meter, { prefix: 'x.', attributes: { server: 'a' }, threads: true });
  observe(second, meter, { prefix: 'x.', attributes: { server: 'b' }, threads: true });
  await connectPair(second);
  const metrics = await read();
  const inboxes = metrics.get('x.inbox');
  for (const server of ['a', 'b']) {
    for (const thread of ['0', '1'])
      expect(valueOf(inboxes, { server, thread })).toBeGreaterThanOrEqual(0);
  }
  expect(valueOf(metrics.get('x.sockets'), { server: 'a' })).toBe(0);
  expect(valueOf(metrics.get('x.sockets'), { server: 'b' })).toBe(1);
});

test('what is no meter is refused', () => {
  expect(() => observe(startServer(), /** @type {any} */ ({}))).toThrow('a Meter of OpenTelemetry');
});
