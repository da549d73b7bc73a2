/** What makes a soak fail, promise by promise. */
'use strict';

const { Ledger } = require('./chat/ledger');
const { Tally } = require('./chat/tally');
const { judge } = require('./report/verdict');

const MB = 1e6;

/** A soak in which all went well, but for what is given. @param {Record<string, any>} [other] */
function outcome(other = {}) {
  const ledger = new Ledger();
  ledger.open('Ada', 'tea', {});
  ledger.hear('Ada', 'tea', 'Bob', 1);
  const samples = {
    first: { descriptors: 30 },
    last: { descriptors: 31 },
    looks: looks(),
    marks: [{}],
  };
  const counts = { forgotten: 0, absent: 0, server: {}, troubles: [], death: undefined };
  const settings = { clients: 10 };
  return /** @type {any} */ ({
    settings,
    ledger,
    tally: new Tally(),
    samples,
    ...counts,
    ...other,
  });
}

/** @param {Record<string, number>} [growth] in each look */
function looks(growth = {}) {
  const start = { heap: 20 * MB, outside: 60 * MB, descriptors: 70 };
  return Array.from({ length: 20 }, (_, i) => {
    const values = Object.entries(start).map(([key, it]) => [key, it + i * (growth[key] ?? 0)]);
    return { at: 30 * (i + 1), ...Object.fromEntries(values) };
  });
}

/** @param {Record<string, any>} [other] */
const failed = (other) =>
  judge(outcome(other))
    .filter(({ passed }) => !passed)
    .map(({ name }) => name);

test('all is well', () => {
  expect(failed()).toEqual([]);
  expect(judge(outcome())).toHaveLength(13);
});

test.each([
  ['the server lives', { death: 'SIGSEGV' }],
  ['nothing is lost', { forgotten: 1 }],
  ['nothing is lost', { server: { skipped: 1 } }],
  ['everybody is there at the end', { absent: 1 }],
  ['the troublemakers could act', { troubles: ['kills: no'] }],
])('%s', (name, other) => {
  expect(failed(other)).toEqual([name]);
});

test.each([
  ['everything is whole', { damaged: 1 }],
  ['who comes back in time finds its session', { strangers: 1 }],
  ['nothing else went wrong', { faults: ['a connection is still open'] }],
])('%s', (name, counts) => {
  expect(failed({ tally: Object.assign(new Tally(), counts) })).toEqual([name]);
});

test.each([
  ["V8's heap does not grow", { heap: MB }],
  ['the memory outside of it does not grow', { outside: 4 * MB }],
  ['descriptors do not grow', { descriptors: 1 }],
])('%s', (name, growth) => {
  const samples = { ...outcome().samples, looks: looks(growth) };
  expect(failed({ samples })).toEqual([name]);
});

test('nobody leaves a descriptor', () => {
  const samples = { ...outcome().samples, last: { descriptors: 33 } };
  expect(failed({ samples })).toEqual(['who has left leaves no descriptors']);
});

test('where the system does not tell of descriptors, nothing is said of them', () => {
  const none = { descriptors: 0 };
  const samples = { ...outcome().samples, first: none, last: none };
  const names = judge(outcome({ samples })).map(({ name }) => name);
  expect(names.filter((name) => name.includes('descriptors'))).toEqual([]);
  expect(names).toHaveLength(11);
});

test('a soak in which nothing was heard has shown nothing', () => {
  expect(failed({ ledger: new Ledger() })).toEqual([
    'nothing is lost',
    'nothing is doubled',
    'everything is in order',
  ]);
});
