/** What a soak calls growth, and its percentiles. */
'use strict';

const { Latency } = require('./report/latency');
const { growthOf } = require('./report/growth');

/** @param {number[]} values one each half minute */
const looks = (...values) => values.map((value, i) => ({ at: 30 * (i + 1), value }));

test('a leak is growth, however small it is in each cycle', () => {
  expect(growthOf(looks(100, 101, 102, 103, 104, 105))).toBeCloseTo(4);
  const hour = Array.from({ length: 120 }, (_, i) => 100 + i + 20 * Math.sin(i));
  expect(growthOf(looks(...hour))).toBeGreaterThan(80);
});

test('a warm-up is none', () => {
  expect(growthOf(looks(10, 90, 100, 100, 100, 100, 100, 100))).toBe(0);
});

test('odd looks are none', () => {
  expect(growthOf(looks(100, 100, 100, 400, 100, 100, 100, 400))).toBe(0);
});

test('what goes up and down is none', () => {
  const values = Array.from({ length: 60 }, (_, i) => 100 + (i % 2) * 50);
  expect(growthOf(looks(...values))).toBeCloseTo(0);
});

test('few looks tell nothing', () => {
  expect(growthOf(looks(1, 2, 3, 4))).toBeUndefined();
});

test('percentiles are right within five percent, and the maximum is exact', () => {
  const latency = new Latency();
  for (let ms = 1; ms <= 1000; ms++) latency.add(ms);
  const { p50, p99, max } = latency.whole;
  expect(p50 / 500).toBeCloseTo(1, 1);
  expect(p99 / 990).toBeCloseTo(1, 1);
  expect(max).toBe(1000);
  expect(latency.take()).toMatchObject({ count: 1000, max: 1000 });
  expect(latency.take()).toEqual({ count: 0, p50: 0, p99: 0, max: 0 });
  expect(latency.whole.max).toBe(1000);
});
