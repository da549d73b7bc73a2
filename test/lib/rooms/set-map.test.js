/**
 * A Map of Sets, some of which are made only when somebody looks: to everybody it is a Map of Sets.
 */
'use strict';

const { inspect } = require('node:util');
const { SetMap } = require('../../../lib/rooms/set-map');

/** One with a Set that nobody has looked at, and one with a Set of two. */
function make() {
  const map = new SetMap();
  map.setLone('alone', 'a');
  map.set('many', new Set(['b', 'c']));
  return map;
}

const EXPECTED = new Map([
  ['alone', new Set(['a'])],
  ['many', new Set(['b', 'c'])],
]);

/** @type {[string, (map: Map<any, Set<string>>) => unknown][]} */
const LOOKS = [
  ['get', (map) => [map.get('alone'), map.get('many'), map.get('none')]],
  ['values', (map) => [...map.values()]],
  ['entries', (map) => [...map.entries()]],
  ['iteration', (map) => [...map]],
  ['keys', (map) => [...map.keys(), map.size, map.has('alone'), map.has('a')]],
  ['a copy', (map) => new Map(map)],
  ['inspect', (map) => inspect({ map }, { depth: 5 })],
  ['its class', (map) => [map instanceof Map, map.constructor === Map, String(map)]],
  [
    'forEach',
    (map) => {
      /** @type {any[]} */
      const seen = [];
      map.forEach(
        /** @this {any} */
        function (value, key, of) {
          seen.push(this, value, key, of === map);
        },
        'self',
      );
      return seen;
    },
  ],
];

test.each(LOOKS)('%s, as of a Map of Sets', (_, look) => {
  expect(look(make())).toEqual(look(EXPECTED));
});

test('equals a Map of Sets', () => {
  expect(make()).toEqual(EXPECTED);
  expect(EXPECTED).toEqual(make());
});

test('gives the same Set each time, to be added to', () => {
  const map = make();
  map.get('alone')?.add('z');
  expect(map.lone('alone')).toBeUndefined();
  expect([...map.values()][0]).toBe(map.get('alone'));
  expect(map.get('alone')).toEqual(new Set(['a', 'z']));
});

test('knows the member of a Set that nobody has looked at', () => {
  const map = make();
  expect([map.lone('alone'), map.lone('many'), map.lone('none')]).toEqual([
    'a',
    undefined,
    undefined,
  ]);
  map.delete('alone');
  expect(map.lone('alone')).toBeUndefined();
  expect(map.size).toBe(1);
});
