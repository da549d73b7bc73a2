/**
 * Arguments of events: from the usual to the curious. A program is JSON, so it names what JSON cannot
 * say: `{ $: name }`.
 */
'use strict';

/** @typedef {import('./dice').Dice} Dice */

const LARGE = 'largé "\\\u2028'.repeat(200);

const shared = Buffer.from('a part of more');

/** What stands behind the names; made anew for each use. @type {Record<string, () => any>} */
const NAMED = {
  undefined: () => undefined,
  NaN: () => NaN,
  Infinity: () => -Infinity,
  '-0': () => -0,
  huge: () => 1e21,
  date: () => new Date(Date.UTC(2020, 1, 2)),
  'no date': () => new Date(NaN),
  map: () => new Map([[1, 2]]),
  set: () => new Set([1]),
  regexp: () => /x/g,
  bigint: () => 12n,
  'bigint inside': () => ({ a: [12n] }),
  symbol: () => Symbol('s'),
  function: () => function named(/** @type {any} */ _a) {},
  'function inside': () => ({ f() {}, list: [() => {}] }),
  circle: () => {
    const circle = /** @type {any} */ ({ name: 'circle' });
    circle.self = circle;
    return circle;
  },
  'circle with a buffer': () => {
    const circle = /** @type {any} */ ({ bytes: Buffer.from('x') });
    circle.self = circle;
    return circle;
  },
  toJSON: () => ({ toJSON: (/** @type {string} */ key) => `made for ${key}` }),
  'toJSON of a list': () => ({ toJSON: () => [1, { toJSON: () => 'again' }] }),
  'toJSON of bytes': () => ({ toJSON: () => Buffer.from('inner') }),
  'toJSON with bytes': () => ({ hidden: 1, toJSON: () => ({ inside: Buffer.from('inner') }) }),
  'toJSON of undefined': () => ({ toJSON: () => undefined }),
  'toJSON that throws': () => ({
    toJSON() {
      throw new RangeError('no JSON');
    },
  }),
  'a getter that throws': () => ({
    get trap() {
      throw new TypeError('a trap');
    },
  }),
  'toJSON that is no function': () => ({ toJSON: 5, a: 1 }),
  'no prototype': () => Object.assign(Object.create(null), { a: 1 }),
  inherited: () =>
    Object.assign(Object.create({ from: 'above', bytes: Buffer.from('x') }), { a: 1 }),
  'a proto key': () => JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
  'numeric keys': () => ({ 2: 'b', 1: 'a', x: undefined }),
  error: () => new Error('an error'),
  boxed: () => [Object('text'), Object(5), Object(false)],
  sparse: () => Object.assign([1, , 3], { extra: 1 }), // eslint-disable-line no-sparse-arrays
  surrogate: () => 'lone \ud800 here \udfff',
  'line ends': () => '\u2028\u2029\u0000\b\n"\\/\u007f\uffff',
  long: () => LARGE,
  'long ascii': () => 'x'.repeat(5000),
  'long surrogate': () => 'y'.repeat(1500) + '\ud800',
  'very long': () => 'ä'.repeat(70_000),
  'long inside': () => ({ text: LARGE, list: [LARGE] }),
  buffer: () => Buffer.from('bytes'),
  'no bytes': () => Buffer.alloc(0),
  'many bytes': () => Buffer.alloc(5000, 7),
  'a part of more': () => shared.subarray(2, 6),
  uint8array: () => Uint8Array.from([1, 2]),
  float64array: () => Float64Array.from([0.5]),
  arraybuffer: () => Uint8Array.from([3, 4]).buffer,
  dataview: () => new DataView(Uint8Array.from([5, 6, 7]).buffer, 1),
  'bytes inside': () => ({ list: [{ deep: Buffer.from('deep') }, null], plain: 1 }),
  'the same bytes twice': () => {
    const bytes = Buffer.from('twice');
    return [bytes, { bytes }];
  },
  placeholder: () => ({ _placeholder: true, num: 0 }),
  'placeholder with bytes': () => [{ _placeholder: true, num: 5 }, Buffer.from('real')],
};

const NAMES = Object.keys(NAMED);
/** Those at which an official client does not take offence. */
const TAME_NAMES = NAMES.filter((name) => !name.startsWith('placeholder'));

/** @param {string} name */
const named = (name) => ({ $: name });

/**
 * A value as a program has it.
 * @param {Dice} dice
 * @param {boolean} isWild
 * @param {number} [depth]
 * @returns {any}
 */
function chooseValue(dice, isWild, depth = 0) {
  return dice.weigh([
    [6, () => dice.number(100)],
    [5, () => dice.pick(['', 'text', 'ünïcode 🎈', '"quoted"', 'null'])],
    [2, () => dice.pick([true, false, null, 1.5, -1e-7])],
    [8, () => named(dice.pick(isWild ? NAMES : TAME_NAMES))],
    [depth < 2 ? 3 : 0, () => dice.list(0, 3, () => chooseValue(dice, isWild, depth + 1))],
    [
      depth < 2 ? 3 : 0,
      () =>
        Object.fromEntries(
          dice.list(0, 3, () => [
            dice.pick(['a', 'b', '1', 'é']),
            chooseValue(dice, isWild, depth + 1),
          ]),
        ),
    ],
  ]);
}

/**
 * The value itself.
 * @param {any} value
 * @returns {any}
 */
function valueOf(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(valueOf);
  if (typeof value.$ === 'string') return NAMED[value.$]();
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, valueOf(each)]));
}

module.exports = { chooseValue, named, valueOf };
