/** What a client sends on a WebSocket, as frames: most in order, some that break a rule. */
'use strict';

const frames = require('../../../conformance/support/frames');
const { bytes, packet } = require('./payloads');

/** @typedef {import('./byte-dice').ByteDice} Dice */

const { OPCODE } = frames;
const CODES = [
  1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1011, 1014, 1015, 2999, 3000, 4999, 5000, 0,
];

/**
 * Frames for one write.
 * @param {Dice} dice
 * @returns {Buffer}
 */
function someFrames(dice) {
  return Buffer.concat(dice.list(1, 3, () => oneMessage(dice)));
}

/** @param {Dice} dice */
function oneMessage(dice) {
  return dice.oneOf([
    [8, () => frames.text(packet(dice))],
    [2, () => frames.binary(Buffer.concat([Buffer.of(4), bytes(dice)]))],
    [1, () => frames.binary(bytes(dice))],
    [3, () => fragmented(dice)],
    [1, () => frames.ping(bytes(dice))],
    [0.5, () => frames.pong(bytes(dice))],
    [0.7, () => close(dice)],
    [0.7, () => broken(dice)],
  ])();
}

/**
 * A message in pieces, with pings between them.
 * @param {Dice} dice
 */
function fragmented(dice) {
  const isText = dice.likely(0.7);
  const body = Buffer.from(isText ? packet(dice) : bytes(dice));
  const parts = dice.cut(body);
  while (dice.likely(0.4)) parts.splice(dice.number(parts.length + 1), 0, Buffer.alloc(0));
  const pieces = frames.fragments(isText ? OPCODE.TEXT : OPCODE.BINARY, parts);
  return Buffer.concat(
    pieces.flatMap((piece) => (dice.likely(0.2) ? [frames.ping(bytes(dice)), piece] : [piece])),
  );
}

/** @param {Dice} dice */
function close(dice) {
  return dice.oneOf([
    [2, () => frames.close()],
    [3, () => frames.close(dice.pick(CODES))],
    [1, () => frames.close(1000, 'reason')],
    [0.5, () => frames.close(1000, Buffer.of(0xff))],
    [0.5, () => frames.frame(OPCODE.CLOSE, 'x')],
  ])();
}

/** A frame that breaks a rule. @param {Dice} dice */
function broken(dice) {
  return dice.oneOf([
    [1, () => frames.text('4unmasked', { masked: false })],
    [1, () => frames.text('4reserved', { rsv: 1 + dice.number(7) })],
    [1, () => frames.frame(dice.pick([3, 4, 7, 11, 15]), '4opcode')],
    [1, () => frames.ping('x'.repeat(126))],
    [1, () => frames.ping('cut', { fin: false })],
    [1, () => frames.continuation('4nothing to continue')],
    [1, () => Buffer.concat([frames.text('4a', { fin: false }), frames.text('4b')])],
    [1, () => frames.text(Buffer.of(0x34, 0xc3, 0x28))],
    [1, () => frames.text('4long', { announce: 1n << 40n })],
    [1, () => frames.text('4long', { announce: 1n << 63n })],
    [1, () => frames.text('4not the shortest', { lengthBytes: 8 })],
    [1, () => frames.text(`4${'x'.repeat(4500)}`)],
  ])();
}

module.exports = { someFrames };
