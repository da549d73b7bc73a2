/** Engine.IO packets and payloads, most of them in order, some odd or wrong. */
'use strict';

/** @typedef {import('./byte-dice').ByteDice} Dice */

const SEPARATOR = '\x1e';

const TEXTS = ['', 'a', 'hello', '2', 'probe', '{"a":1}', '€', 'é', '\u{1f600}', '\0', '"\\', '\n'];

/** Packets that are no message, or none at all. */
const ODD_PACKETS = ['', '1', '2', '2probe', '3', '3probe', '5', '6', '6x', '0', '0{}', '7', '9'];
const ODDER_PACKETS = [
  'x',
  '-1',
  '4',
  'b',
  'bAQ',
  'b!!',
  'bAQI=x',
  '\ufeff4',
  ' 4',
  '44',
  '١',
  'B',
];

/**
 * The text of a packet.
 * @param {Dice} dice
 */
function packet(dice) {
  return dice.oneOf([
    [6, () => `4${dice.pick(TEXTS)}`],
    [1, () => `4${'x'.repeat(dice.number(1200))}`],
    [2, () => `b${bytes(dice).toString('base64')}`],
    [1, () => dice.pick(ODD_PACKETS)],
    [0.5, () => dice.pick(ODDER_PACKETS)],
  ])();
}

/** @param {Dice} dice */
function bytes(dice) {
  return Buffer.from(dice.list(0, 5, () => dice.number(256)));
}

/**
 * What a client posts.
 * @param {Dice} dice
 * @param {{ protocol: number, isJsonp: boolean }} session
 * @returns {{ body: Buffer, type: string | undefined }}
 */
function postBody(dice, { protocol, isJsonp }) {
  const isForeign = dice.likely(0.05); // the other protocol's
  const isOld = (protocol === 3) !== isForeign;
  if (isOld && !isJsonp && dice.likely(0.3)) {
    return { body: oldBinaryPayload(dice), type: 'application/octet-stream' };
  }
  const count = dice.oneOf([
    [8, 1],
    [3, 2],
    [2, 3],
    [0.3, 0],
  ]);
  const packets = dice.list(count, count, () => packet(dice));
  const text = isOld ? packets.map((it) => oldPacket(dice, it)).join('') : packets.join(SEPARATOR);
  const type = dice.oneOf([
    [12, 'text/plain;charset=UTF-8'],
    [2, undefined],
    [1, 'text/plain'],
    [1, 'application/x-www-form-urlencoded'],
    [0.5, 'application/octet-stream'],
    [0.5, 'application/octet-stream; charset=x'],
    [0.5, 'Application/Octet-Stream'],
  ]);
  if (isJsonp !== dice.likely(0.05)) return { body: Buffer.from(form(dice, text)), type };
  return { body: spoiled(dice, Buffer.from(text)), type };
}

/**
 * A packet of protocol 3 behind its length.
 * @param {Dice} dice
 * @param {string} text
 */
function oldPacket(dice, text) {
  const old = text.startsWith('b') ? `b4${text.slice(1)}` : text;
  const length = dice.oneOf([
    [12, `${old.length}`],
    [0.3, `${Buffer.byteLength(old)}`],
    [0.3, `${old.length + 1}`],
    [0.3, `${old.length - 1}`],
    [0.3, `0${old.length}`],
    [0.1, ''],
    [0.1, 'a'],
    [0.1, '-1'],
    [0.1, '99999999999'],
  ]);
  return `${length}${dice.likely(0.98) ? ':' : ''}${old}`;
}

/**
 * A payload of protocol 3 as bytes. A length of other bytes than digits is read by accident in the
 * genuine package (docs/differences.md), so only the last one may be wrong.
 * @param {Dice} dice
 */
function oldBinaryPayload(dice) {
  const count = 1 + dice.number(3);
  const packets = Array.from({ length: count }, (_, index) => {
    const isText = dice.likely(0.5);
    const body = isText ? Buffer.from(packet(dice)) : Buffer.concat([Buffer.of(4), bytes(dice)]);
    const isWrong = index === count - 1 && dice.likely(0.1);
    const claimed = isWrong ? body.length + dice.number(12) : body.length;
    const digits = Buffer.from([...String(claimed)].map(Number));
    return Buffer.concat([Buffer.of(isText ? 0 : 1), digits, Buffer.of(255), body]);
  });
  return Buffer.concat(packets);
}

/**
 * The form that a JSONP client posts.
 * @param {Dice} dice
 * @param {string} text
 */
function form(dice, text) {
  const escaped = text.replaceAll('\n', dice.pick(['\\n', '\\\\n', '\n']));
  const value = dice.likely(0.9) ? encodeURIComponent(escaped) : escaped;
  return dice.oneOf([
    [12, `d=${value}`],
    [1, `x=1&d=${value}`],
    [0.5, `d=${value}&d=4again`],
    [0.5, `D=${value}`],
    [0.5, 'd'],
    [0.5, `d=${value.replaceAll('%20', '+')}%`],
  ]);
}

/**
 * The bytes as they are, or with a wrong one.
 * @param {Dice} dice
 * @param {Buffer} whole
 */
function spoiled(dice, whole) {
  if (whole.length === 0 || dice.likely(0.93)) return whole;
  const copy = Buffer.from(whole);
  copy[dice.number(copy.length)] = dice.pick([0, 0x1e, 0x34, 0x62, 0x80, 0xc3, 0xe2, 0xf5, 0xff]);
  return dice.likely(0.3) ? copy.subarray(0, dice.number(copy.length)) : copy;
}

module.exports = { bytes, packet, postBody };
