/** Texts by chance: JSON and what is nearly JSON, numbers, and packets of Socket.IO. */
'use strict';

/** @typedef {import('../differential/support/random/dice').Dice} Dice */

const LETTERS = [...'abcé€😀 /\x7f\u2028\uffff'];
const ESCAPES = [...'"\\/bfnrt'].map((letter) => `\\${letter}`);
const SPACES = ['', '', '', ' ', '\n', '\r\n', '\t  '];
const NEARLY = [...'"\\{}[],:0-.eE+tnu\x00\x1f\x0b\xa0\ufeff/', '\\u12', '\\x', 'NaN', '01', '\\'];
const KEYS = ['', '__proto__', '_placeholder', 'num', '1', 'a', 'constructor'];

/** @param {Dice} dice */
function hex(dice) {
  const unit = dice.weigh([
    [2, () => dice.number(0x80)],
    [2, () => dice.number(0x10000)],
    [2, () => 0xd800 + dice.number(0x800)],
  ]);
  const digits = unit.toString(16).padStart(4, '0');
  return `\\u${dice.chance(50) ? digits : digits.toUpperCase()}`;
}

/** @param {Dice} dice @param {number} [most] */
function stringText(dice, most = 12) {
  const parts = dice.list(0, dice.chance(5) ? 200 : most, () =>
    dice.weigh([
      [12, () => dice.pick(LETTERS)],
      [12, () => 'plain letters'.slice(dice.number(10))],
      [1, () => dice.pick(ESCAPES)],
      [1, () => hex(dice)],
      [1, () => '\\ud83d\\ude00'],
    ]),
  );
  return `"${parts.join('')}"`;
}

/** @param {Dice} dice @param {number} most */
const digits = (dice, most) => dice.list(1, most, () => dice.number(10)).join('');

/** @param {Dice} dice */
function numberText(dice) {
  const whole = dice.chance(30)
    ? '0'
    : `${1 + dice.number(9)}${dice.chance(50) ? '' : digits(dice, 22)}`;
  const fraction = dice.chance(40) ? `.${digits(dice, dice.chance(5) ? 400 : 20)}` : '';
  const exponent = dice.chance(30)
    ? `${dice.pick(['e', 'E'])}${dice.pick(['', '+', '-'])}${digits(dice, dice.chance(10) ? 25 : 3)}`
    : '';
  const more = fraction !== '' || whole !== '0';
  const zeros = more && dice.chance(10) ? '0'.repeat(dice.number(30)) : '';
  return `${dice.pick(['', '-'])}${whole}${fraction === '' ? zeros : fraction + zeros}${exponent}`;
}

/**
 * @param {Dice} dice
 * @param {number} [depth]
 * @returns {string}
 */
function jsonText(dice, depth = 0) {
  const space = () => dice.pick(SPACES);
  const value = () => `${space()}${jsonText(dice, depth + 1)}${space()}`;
  const key = () => (dice.chance(40) ? JSON.stringify(dice.pick(KEYS)) : stringText(dice, 4));
  const count = depth > 6 ? 0 : 4;
  return dice.weigh([
    [3, () => stringText(dice)],
    [3, () => numberText(dice)],
    [2, () => dice.pick(['true', 'false', 'null'])],
    [2, () => `[${dice.list(0, count, value).join() || space()}]`],
    [
      2,
      () =>
        `{${dice.list(0, count, () => `${space()}${key()}${space()}:${value()}`).join() || space()}}`,
    ],
    [dice.chance(2) ? 5 : 0, () => `${'['.repeat(100)}${value()}${']'.repeat(100)}`],
  ]);
}

/**
 * @param {Dice} dice
 * @param {string} text
 */
function damaged(dice, text) {
  const at = dice.number(text.length + 1);
  return dice.weigh([
    [2, () => text.slice(0, at)],
    [2, () => text.slice(0, at) + text.slice(at + 1)],
    [4, () => text.slice(0, at) + dice.pick(NEARLY) + text.slice(at + dice.number(2))],
    [1, () => text + dice.pick(NEARLY)],
  ]);
}

/** Any double: by its bits, by its decimal digits, or a curious one. @param {Dice} dice */
function double(dice) {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, dice.number(2 ** 32));
  bits.setUint32(4, dice.number(2 ** 32));
  return dice.weigh([
    [4, () => bits.getFloat64(0)],
    [3, () => Number(numberText(dice))],
    [1, () => Math.fround(dice.number(100_000) / 1000)],
    [1, () => dice.number(2 ** 32) * 2 ** (dice.number(90) - 30)],
    [1, () => dice.pick([-0, NaN, Infinity, -Infinity, 5e-324, 1.7976931348623157e308])],
    [1, () => 10 ** (dice.number(60) - 30)],
    [1, () => dice.pick([-1, 1]) * (2 ** 53 + dice.number(5) - 2)],
  ]);
}

const NAMES = ['a', 'connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener'];
const ID_SPACES = [
  ' ',
  '\t',
  '\n',
  '\v',
  '\f',
  '\r',
  '\xa0',
  '\u1680',
  '\u2003',
  '\u2028',
  '\u202f',
];
const MORE_SPACES = ['\u205f', '\u3000', '\ufeff', '\u180e', '\u200b', '\x85'];
const COUNTS = ['', '0', '01', '+1', ' 2 ', '2.0', '0.5', '.1e1', '1.', '1e1', '11', '0x3', '0b11'];
const MORE_COUNTS = [
  '0o7',
  '0X',
  '1e',
  'x',
  '1_0',
  '1e400',
  'Infinity',
  '0xffffffff',
  '1 1',
  '0x1 ',
];

/** @param {Dice} dice */
function eventName(dice) {
  const name = dice.weigh([
    [3, () => stringText(dice, 3)],
    [2, () => JSON.stringify(dice.pick(NAMES))],
    [2, () => numberText(dice)],
    [1, () => jsonText(dice, 5)],
  ]);
  return dice.chance(20) ? name.replace('n', '\\u006e').replace('a', '\\u0061') : name;
}

/** @param {Dice} dice */
function payloadText(dice) {
  return dice.weigh([
    [6, () => `[${[eventName(dice), ...dice.list(0, 3, () => jsonText(dice, 4))].join()}]`],
    [1, () => `{"token":${jsonText(dice, 4)}}`],
    [1, () => jsonText(dice, 4)],
    [1, () => '[]'],
    [1, () => ''],
  ]);
}

/** @param {Dice} dice */
function packetText(dice) {
  const type = dice.chance(80)
    ? '0123456'[dice.number(7)]
    : dice.pick([...'789x-', '', ' ', '\xa0']);
  const isBinary = dice.chance(95) && '56'.includes(type) && type !== '';
  const count = dice.chance(60) ? 1 + dice.number(12) : dice.pick([...COUNTS, ...MORE_COUNTS]);
  const nsp = dice.weigh([
    [4, () => ''],
    [1, () => '/,'],
    [2, () => '/admin,'],
    [1, () => '/dé/x?token=1&b=2,'],
    [1, () => '/?,'],
    [1, () => '/open'],
  ]);
  const id = dice.weigh([
    [3, () => ''],
    [3, () => digits(dice, dice.chance(10) ? 25 : 12)],
    [1, () => dice.list(1, 4, () => dice.pick(['1', '20', ...ID_SPACES, ...MORE_SPACES])).join('')],
    [1, () => dice.pick(['18446744073709551614', '18446744073709551615', '9007199254740993'])],
  ]);
  const text = `${type}${isBinary ? `${count}-` : ''}${nsp}${id}${payloadText(dice)}`;
  return dice.chance(15) ? damaged(dice, text) : text;
}

/** An object that perhaps stands for an attachment. @param {Dice} dice */
function placeholderText(dice) {
  const member = () =>
    dice.weigh([
      [
        3,
        () =>
          `"_placeholder"${dice.pick(SPACES)}:${dice.pick(['true', 'true', 'false', '1', '"true"'])}`,
      ],
      [1, () => '"\\u005fplaceholder":true'],
      [
        3,
        () =>
          `"num":${dice.weigh([
            [2, () => dice.number(4)],
            [1, () => jsonText(dice, 5)],
          ])}`,
      ],
      [
        1,
        () => `"n\\u0075m" : ${dice.pick(['0', '-0', '1.0', '1e0', '0.5', '-1', '"1"', 'null'])}`,
      ],
      [1, () => `"other":${jsonText(dice, 5)}`],
    ]);
  return dice.chance(5) ? jsonText(dice, 4) : `{${dice.list(0, 4, member).join()}}`;
}

module.exports = { damaged, double, jsonText, numberText, packetText, placeholderText, stringText };
