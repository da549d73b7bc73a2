'use strict';

/** `collectPrometheus`, with the registry of the real `prom-client`, a server and its clients. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { AggregatorRegistry, Counter, Registry } = require('prom-client');
const { collectPrometheus } = require('../../../lib/metrics');
const { Server } = require('../../..');
const { METRICS, prometheusName } = require('../../../lib/metrics/table');
const { TOP } = require('../../support/programs/programs');
const { cleanUp, connectPair, startServer } = require('../../support/rigs/rig');

afterEach(cleanUp);

/**
 * What a scrape tells: values by name and labels, as `name{a="b"}`.
 * @param {Registry} register
 * @returns {Promise<Record<string, number>>}
 */
async function scrape(register) {
  const lines = (await register.metrics()).split('\n').filter((line) => /^[a-z]/.test(line));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').pop())]),
  );
}

/** @param {Record<string, number>} values */
const namesIn = (values) => new Set(Object.keys(values).map((key) => key.replace(/\{.*/, '')));

test('what a server and its clients do', async () => {
  const register = new Registry();
  const io = startServer({ pingInterval: 10, ioThreads: 2 });
  io.on('connection', (/** @type {any} */ socket) =>
    socket.on('ask', (/** @type {any} */ done) => done()),
  );
  collectPrometheus(io, { register });
  const { client } = await connectPair(io);
  await connectPair(io, '/', { transports: ['polling'] });
  client.emit('nothing');
  await client.emitWithAck('ask');
  while (io.engine.stats().heartbeats < 4) await new Promise((resolve) => setTimeout(resolve, 5));

  const values = await scrape(register);
  expect(values).toMatchObject({
    'beastio_sessions{transport="websocket",protocol="4"}': 1,
    'beastio_sessions{transport="polling",protocol="4"}': 1,
    'beastio_sessions{transport="polling",protocol="3"}': 0,
    'beastio_handshakes_total{transport="websocket",protocol="4"}': 1,
    beastio_sockets: 2,
    beastio_namespaces: 1,
    beastio_rooms: 2,
    beastio_messages_received_total: 4, // two CONNECTs, two events
    beastio_messages_sent_total: 3, // two answers to CONNECT, one acknowledgement
    'beastio_clients_cut_total{limit="send_queue"}': 0,
    'beastio_sessions_closed_total{reason="transport close"}': 0,
    'beastio_refusals_total{error="unknown_transport"}': 0,
  });
  expect(values.beastio_received_bytes_total).toBeGreaterThan(500);
  expect(values.beastio_handler_seconds_total).toBeGreaterThan(0);
  expect(values['beastio_memory_bytes{kind="heap_used"}']).toBeGreaterThan(1e6);
  expect(values['beastio_event_loop_delay_seconds{statistic="p99"}']).toBeGreaterThanOrEqual(0);

  const buckets = Object.entries(values).filter(([key]) =>
    key.includes('round_trip_seconds_bucket'),
  );
  expect(buckets).toHaveLength(14);
  const counts = buckets.map(([, count]) => count);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(buckets.at(-1)).toEqual([
    'beastio_heartbeat_round_trip_seconds_bucket{le="+Inf"}',
    values.beastio_heartbeat_round_trip_seconds_count,
  ]);
  expect(values.beastio_heartbeat_round_trip_seconds_count).toBeGreaterThanOrEqual(4);
  expect(values.beastio_heartbeat_round_trip_seconds_sum).toBeGreaterThan(0);
});

test('every metric of the table is told, and nothing else', async () => {
  const register = new Registry();
  const io = startServer();
  collectPrometheus(io, { register });
  const told = namesIn(await scrape(register));
  const expected = METRICS.flatMap((metric) => {
    const name = prometheusName(metric, 'beastio_');
    return metric.kind === 'histogram'
      ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`)
      : [name];
  });
  expect([...told].sort()).toEqual(expected.sort());
  const json = await register.getMetricsAsJSON();
  expect(json.map(({ name }) => name)).toEqual(
    METRICS.map((metric) => prometheusName(metric, 'beastio_')),
  );
});

test('names keep the conventions of Prometheus', async () => {
  const text = await (async () => {
    const register = new Registry();
    collectPrometheus(startServer(), { register });
    return register.metrics();
  })();
  for (const [, name, kind] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    expect(name).toMatch(/^beastio_[a-z_]+$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter');
    expect(name).not.toMatch(/millis|micros|_ms/);
  }
});

test('per I/O thread: values add up to those of all', async () => {
  const io = startServer({ ioThreads: 3 });
  const register = new Registry();
  collectPrometheus(io, { register, threads: true });
  for (let i = 0; i < 4; i += 1) await connectPair(io);
  const values = await scrape(register);
  const ofThreads = ['0', '1', '2'].map(
    (thread) => values[`beastio_sessions{thread="${thread}",transport="websocket",protocol="4"}`],
  );
  expect(ofThreads.reduce((a, b) => a + b)).toBe(4);
  expect(values.beastio_sockets).toBe(4);
});

test('several servers: by labels, or by prefix', async () => {
  const [first, second] = [startServer(), startServer()];
  const register = new Registry();
  await connectPair(second);
  const end = collectPrometheus(first, { register, labels: { server: 'a' } });
  collectPrometheus(second, { register, labels: { server: 'b' } });
  expect(() => collectPrometheus(second, { register, labels: { server: 'b' } })).toThrow(
    '"labels"',
  );
  collectPrometheus(second, { register, prefix: 'other_' });
  const values = await scrape(register);
  expect(values['beastio_sockets{server="a"}']).toBe(0);
  expect(values['beastio_sockets{server="b"}']).toBe(1);
  expect(values.other_sockets).toBe(1);
  end();
  end();
  expect((await scrape(register))['beastio_sockets{server="a"}']).toBeUndefined();
  expect((await scrape(register))['beastio_sockets{server="b"}']).toBe(1);
});

test('what is ended can be begun anew', async () => {
  const io = startServer();
  const register = new Registry();
  collectPrometheus(io, { register })();
  expect(await register.metrics()).toBe('\n');
  collectPrometheus(io, { register });
  expect((await scrape(register)).beastio_namespaces).toBe(1);
  register.resetMetrics();
  expect((await scrape(register)).beastio_namespaces).toBe(1);
});

test('the format of OpenMetrics, beside metrics of the application', async () => {
  const register = new Registry(Registry.OPENMETRICS_CONTENT_TYPE);
  new Counter({ name: 'mine_total', help: 'mine', registers: [register] }).inc();
  collectPrometheus(startServer(), { register });
  for (let i = 0; i < 2; i += 1) {
    const text = await register.metrics();
    expect(text).toContain('# TYPE beastio_heartbeats counter\nbeastio_heartbeats_total 0\n');
    expect(text).toContain('mine_total 1\n');
    expect(text).not.toContain('_total_total');
  }
});

test('several processes of a cluster', async () => {
  const register = new Registry();
  const io = startServer();
  collectPrometheus(io, { register });
  await connectPair(io);
  const told = await register.getMetricsAsJSON();
  const both = await scrape(AggregatorRegistry.aggregate([told, structuredClone(told)]));
  expect(both.beastio_sockets).toBe(2);
  expect(both['beastio_sessions{transport="websocket",protocol="4"}']).toBe(2);
  const delays = told.find(({ name }) => name === 'beastio_event_loop_delay_seconds');
  const { value } = /** @type {any} */ (delays).values.find(
    (/** @type {any} */ { labels }) => labels.statistic === 'max',
  );
  expect(both['beastio_event_loop_delay_seconds{statistic="max"}']).toBe(value);
});

test('an engine, and a server that is not attached yet', async () => {
  const register = new Registry();
  const io = startServer();
  collectPrometheus(io.engine, { register, prefix: 'engine_' });
  collectPrometheus(new Server(), { register, prefix: 'none_' });
  const values = await scrape(register);
  expect(values.engine_namespaces).toBe(1);
  expect(values.none_namespaces).toBeUndefined();
});

test.each([[undefined], [{}], [{ register: {} }]])('options %p are refused', (options) => {
  expect(() => collectPrometheus(startServer(), /** @type {any} */ (options))).toThrow(
    'the option "register" must be a Registry of prom-client',
  );
});

test('under the name socket.io', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-alias-'));
  fs.mkdirSync(path.join(folder, 'node_modules'));
  fs.symlinkSync(TOP, path.join(folder, 'node_modules/socket.io'));
  const program = "console.log(Object.keys(require('socket.io/metrics')).join())";
  const output = execFileSync(process.execPath, ['-e', program], { cwd: folder });
  fs.rmSync(folder, { recursive: true });
  expect(String(output)).toBe('collectPrometheus,observe\n');
});
