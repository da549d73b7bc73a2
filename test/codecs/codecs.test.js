/**
 * The codecs of native/src/protocol say what JSON.parse, JSON.stringify and socket.io-parser say, on texts
 * by chance. BEASTIO_MUTATION_SEED asks for others, BEASTIO_MUTATION_ROUNDS for more of them.
 */
'use strict';

const { Decoder, Encoder } = require('socket.io-parser');
const { Dice } = require('../differential/support/random/dice');
const make = require('./generator');
const { ask } = require('./program');

const SEED = Number(process.env.BEASTIO_MUTATION_SEED ?? 20_261_129);
const ROUNDS = Number(process.env.BEASTIO_MUTATION_ROUNDS ?? 5000);
const NONE = 'none';
const NONE_OF_THEM = 'an attachment that is not there';
/** Where the native parser gives up on an id: this one, and those that are none. */
const UNKNOWN_ID = '18446744073709551615';

/**
 * Asks about as many texts as there are rounds, and compares the answers.
 * @template T
 * @param {string} question
 * @param {(dice: Dice) => T} next
 * @param {(input: T) => string} expected
 * @param {(input: T) => string | Buffer} [asText]
 * @param {(answer: string, input: T) => string} [read]
 */
function compare(question, next, expected, asText = String, read = (answer) => answer) {
  const dice = new Dice(SEED);
  const inputs = Array.from({ length: ROUNDS }, () => next(dice));
  const answers = ask(inputs.map((input) => [question, asText(input)]));
  expect(answers).toHaveLength(ROUNDS);
  const different = inputs.flatMap((input, index) => {
    const wanted = expected(input);
    const given = read(answers[index], input);
    return given === wanted ? [] : [{ input, given, wanted }];
  });
  expect(different.slice(0, 5)).toEqual([]);
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * JavaScript's text of a value, with U+FFFD for lone surrogates.
 * @param {any} value
 * @returns {string}
 */
function textOf(value) {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'string') return inner.toWellFormed();
    if (Array.isArray(inner) || typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(
      Object.entries(inner).map(([key, each]) => [key.toWellFormed(), each]),
    );
  });
}

/** @param {Dice} dice */
const perhapsJson = (dice) =>
  dice.chance(50) ? make.jsonText(dice) : make.damaged(dice, make.jsonText(dice));

test('isValidJson accepts what JSON.parse accepts', () => {
  compare('v', perhapsJson, (text) => String(isJson(text)));
});

test('what cursors, readers and writers make of JSON means the same', () => {
  const again = (/** @type {string} */ text) => textOf(JSON.parse(text));
  compare('w', make.jsonText, again, undefined, (answer) =>
    isJson(answer) ? again(answer) : answer,
  );
});

test('strings are written as JSON.stringify writes them', () => {
  const bytes = (/** @type {Dice} */ dice) =>
    Buffer.from(
      dice.list(0, 20, () =>
        dice.pick([97, 34, 92, 10, 0, 31, 127, 128, 0xc3, 0xa9, 0xed, 0xf0, 0x9f]),
      ),
    );
  const text = (/** @type {Dice} */ dice) => Buffer.from(JSON.parse(make.stringText(dice, 60)));
  compare(
    's',
    (dice) => (dice.chance(50) ? bytes(dice) : text(dice)),
    (input) => JSON.stringify(new TextDecoder('utf-8', { ignoreBOM: true }).decode(input)),
    (input) => input,
  );
});

test('strings are read as JSON.parse reads them', () => {
  compare(
    'w',
    (dice) => make.stringText(dice, 60),
    (text) => textOf(JSON.parse(text)),
  );
});

test('numbers are written as JSON.stringify writes them', () => {
  const bits = (/** @type {number} */ number) => Buffer.from(Float64Array.of(number).buffer);
  compare('d', make.double, (number) => JSON.stringify(number), bits);
});

test('numbers are read as JSON.parse reads them', () => {
  const bits = (/** @type {string} */ text) =>
    String(Buffer.from(Float64Array.of(JSON.parse(text)).buffer).readBigUInt64LE());
  compare('n', make.numberText, bits);
});

/**
 * @param {string} text of a number
 * @returns {bigint | undefined} exactly, if it is whole and not very large
 */
function wholeOf(text) {
  const [, sign, whole, fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE](.*))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return 0n;
  const power = Number(exponent) - fraction.length;
  const zeros = /0*$/.exec(digits)?.[0].length ?? 0;
  if (power < -zeros || power > 100) return undefined;
  const value = power < 0 ? BigInt(digits.slice(0, power)) : BigInt(digits) * 10n ** BigInt(power);
  return sign === '-' ? -value : value;
}

test.each([
  { question: 'i', least: -(2n ** 63n), most: 2n ** 63n - 1n },
  { question: 'u', least: 0n, most: 2n ** 64n - 1n },
])('whole numbers from $least to $most are read exactly', ({ question, least, most }) => {
  const number = (/** @type {Dice} */ dice) => {
    if (dice.chance(70)) return make.numberText(dice);
    const near = dice.pick([least, most, 0n]) + BigInt(dice.number(5) - 2);
    return dice.chance(50) ? String(near) : `${near}0.00e-1`;
  };
  compare(question, number, (text) => {
    const value = wholeOf(text);
    return value === undefined || value < least || value > most ? NONE : String(value);
  });
});

/** What socket.io-parser reads. @param {string} text */
function packetOf(text) {
  try {
    return /** @type {any} */ (new Decoder({ maxAttachments: 10 })).decodeString(text);
  } catch {
    return undefined;
  }
}

/** @param {any} packet */
function show({ type, attachments = 0, nsp, id, data }) {
  const shown = { type, attachments, nsp, id, data };
  if (type !== 2 && type !== 5) return textOf(shown);
  return textOf({ ...shown, name: data && String(data[0]), rest: data?.slice(1) });
}

/** @param {any} id as JavaScript has it @returns {any} */
const knownId = (id) => (Number.isNaN(id) || id >= Number(UNKNOWN_ID) ? 'unknown' : id);

test('packets are read as socket.io-parser reads them', () => {
  let accepted = 0;
  compare(
    'p',
    make.packetText,
    (text) => {
      const packet = packetOf(text);
      if (packet === undefined) return NONE;
      accepted += 1;
      return show({ ...packet, id: knownId(packet.id) });
    },
    undefined,
    (answer) => {
      if (answer === NONE) return NONE;
      const { type, attachments, nsp, nspWithQuery, query, id, payload, name, rest } =
        JSON.parse(answer);
      expect(nspWithQuery).toBe(nspWithQuery.includes('?') ? `${nsp}?${query}` : nsp);
      const data = payload === '' ? undefined : JSON.parse(payload);
      const packet = { type, attachments, nsp: nspWithQuery, id: id && knownId(Number(id)), data };
      if (type !== 2 && type !== 5) return show(packet);
      return textOf({ ...packet, name, rest: rest && JSON.parse(`[${rest}`) });
    },
  );
  expect(accepted).toBeGreaterThan(ROUNDS / 4);
  expect(accepted).toBeLessThan(ROUNDS);
});

test('packets are written as socket.io-parser writes them', () => {
  const usual = (/** @type {Dice} */ dice) => {
    const binary = dice.chance(30);
    const packet = {
      type: binary ? dice.pick([5, 6]) : dice.number(5),
      attachments: binary ? 1 + dice.number(10) : undefined,
      nsp: dice.pick(['/', '/admin', '/a?b=c']),
      id: dice.pick([undefined, 0, 7, 2 ** 53]),
      data: dice.pick([undefined, ['a', 1]]),
    };
    return /** @type {any} */ (new Encoder()).encodeAsString(packet);
  };
  compare('b', usual, (text) => text);
});

test('placeholders are those that socket.io-parser replaces', () => {
  compare(
    'h',
    make.placeholderText,
    (text) => {
      const data = JSON.parse(text);
      if (data?._placeholder !== true) return NONE;
      const isNumber = typeof data.num === 'number' && data.num >= 0 && Number.isInteger(data.num);
      return isNumber && data.num < 10 ? String(data.num + 0) : NONE_OF_THEM;
    },
    undefined,
    (answer) => (answer !== NONE && Number(answer) >= 10 ? NONE_OF_THEM : answer),
  );
});
