/** The plan of a soak, and the command line that asks for it. */
'use strict';

const { readArguments } = require('../../scripts/soak');
const { Random } = require('./run/random');
const { TROUBLEMAKERS } = require('./trouble');
const { makePlan } = require('./trouble/plan');

const KINDS = Object.keys(TROUBLEMAKERS);

test('a seed makes the same plan each time, and another seed another one', () => {
  expect(makePlan(5, 180, KINDS)).toEqual(makePlan(5, 180, KINDS));
  expect(makePlan(5, 180, KINDS)).not.toEqual(makePlan(6, 180, KINDS));
});

test('a longer plan begins as a shorter one', () => {
  const short = makePlan(5, 180, KINDS).troubles;
  expect(makePlan(5, 360, KINDS).troubles.slice(0, short.length)).toEqual(short);
});

test('three minutes have every kind of trouble, and a calm in each half', () => {
  const { troubles, looks } = makePlan(5, 180, KINDS);
  expect(new Set(troubles.map(({ kind }) => kind)).size).toBe(KINDS.length);
  expect(looks).toEqual([30, 60, 90, 120, 150, 180]);
  for (const look of looks) {
    const late = troubles.filter(({ at }) => at < look && at > look - 10);
    expect(late).toEqual([]);
  }
});

test('a few seconds are one cycle', () => {
  const { troubles, looks } = makePlan(5, 5, KINDS);
  expect(looks).toEqual([5]);
  expect(troubles.length).toBeGreaterThan(0);
});

test('random numbers lie where they are asked for', () => {
  const random = new Random(1);
  const numbers = Array.from({ length: 1000 }, () => random.integer(3, 7));
  expect(new Set(numbers)).toEqual(new Set([3, 4, 5, 6, 7]));
  expect(random.shuffle([1, 2, 3, 4]).sort()).toEqual([1, 2, 3, 4]);
  expect(random.fork().next()).not.toBe(random.fork().next());
});

test('the command line', () => {
  const doors = ['http', 'https', 'own port', 'own port with TLS'];
  expect(readArguments([])).toMatchObject({
    seconds: 300,
    clients: 40,
    rate: 2,
    doors,
    kinds: KINDS,
  });
  const text =
    '--minutes 0.5 --seed 9 --clients 8 --rate 1 --door port,attached --trouble storm,kills';
  expect(readArguments(text.split(' '))).toMatchObject({
    ...{ seconds: 30, seed: 9, clients: 8, rate: 1, kinds: ['kills', 'storm'] },
    doors: ['http', 'https', 'own port'],
  });
});

test('another package has attached doors', () => {
  const { doors, of } = readArguments('--package socket.io --door attached'.split(' '));
  expect({ doors, of }).toEqual({ doors: ['http', 'https'], of: 'socket.io' });
});

test.each([
  [['--package', 'socket.io'], '--package has no port of its own: add --door attached'],
  [['--package', 'socket.io', '--door', 'http,port'], '--package has no port of its own'],
  [['--minutes', '0'], '--minutes takes a number from 0.05'],
  [['--minutes', 'x'], '--minutes takes a number'],
  [['--seed', '-1'], '--seed'],
  [['--seed', '1.5'], '--seed takes a whole number'],
  [['--clients', '0'], '--clients takes a whole number from 1'],
  [['--door', 'back'], 'There is no door back. There are http, https, port, port-tls, attached'],
  [['--trouble', 'x'], '--trouble takes some of kills, cuts'],
  [['--sabotage', 'x'], '--sabotage takes some of lose, double'],
  [['--hours', '1'], '--hours'],
])('%j is refused', (argv, message) => {
  expect(() => readArguments(argv)).toThrow(message);
});
