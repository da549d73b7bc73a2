/** Long messages up to the limit and beyond, in frames, fragments and writes of many sizes. */
'use strict';

const { OPCODE, binary, chop, fragments, text } = require('../support/frames');
const { SUBJECTS, describeCases } = require('../support/lane');

const KIB = 1024;
const LIMIT = 1024 * KIB;
/** Of one message, as in the `ws` package. */
const MAX_FRAGMENTS = 16_384;

const ofText = (/** @type {number} */ size) => Buffer.alloc(size, '4b..');
const ofBytes = (/** @type {number} */ size) =>
  Buffer.from(Uint32Array.from({ length: size / 4 }, (_, i) => Math.imul(i, 0x9e3779b9)).buffer);

const wholes = [64, 256, 1024].flatMap((kib) => [
  {
    name: `text of ${kib} KiB in one frame`,
    send: () => [text(ofText(kib * KIB))],
    echoes: [[OPCODE.TEXT, ofText(kib * KIB)]],
  },
  {
    name: `binary of ${kib} KiB in one frame`,
    send: () => [binary(ofBytes(kib * KIB))],
    echoes: [[OPCODE.BINARY, ofBytes(kib * KIB)]],
  },
]);

const inFragments = [64, 256, 4 * KIB, 64 * KIB, 512 * KIB].map((size) => ({
  name: `1 MiB in fragments of ${size} bytes`,
  send: () => fragments(OPCODE.BINARY, chop(ofBytes(LIMIT), size)),
  echoes: [[OPCODE.BINARY, ofBytes(LIMIT)]],
}));

const inWrites = [512, 2 * KIB, 16 * KIB, 100_003].map((size) => ({
  name: `1 MiB of text in writes of ${size} bytes`,
  send: () => chop(text(ofText(LIMIT)), size),
  isApart: true,
  echoes: [[OPCODE.TEXT, ofText(LIMIT)]],
}));

const inBoth = [64, 1000].map((size) => ({
  name: `64 KiB in fragments of 700 bytes and writes of ${size}`,
  send: () => chop(Buffer.concat(fragments(OPCODE.TEXT, chop(ofText(64 * KIB), 700))), size),
  isApart: true,
  echoes: [[OPCODE.TEXT, ofText(64 * KIB)]],
}));

const many = [16, 256, 4 * KIB].map((size) => ({
  name: `300 messages of ${size} bytes`,
  send: () => Array.from({ length: 300 }, () => text(ofText(size))),
  echoes: Array.from({ length: 300 }, () => [OPCODE.TEXT, ofText(size)]),
}));

/** Autobahn's group 10: one message that a sender cut into frames as it chose. */
const autoFragments = {
  name: '64 KiB cut into fragments of 1300 bytes by the sender',
  send: () => fragments(OPCODE.TEXT, chop(ofText(64 * KIB), 1300)),
  echoes: [[OPCODE.TEXT, ofText(64 * KIB)]],
};

const parts = (/** @type {number} */ count) => Array.from({ length: count }, () => '4');

const beyond = [
  {
    name: 'one byte more than the limit in one frame',
    send: () => [binary(Buffer.alloc(LIMIT + 1))],
    fails: 1009,
  },
  {
    name: 'one byte more than the limit in two fragments',
    send: () => fragments(OPCODE.BINARY, [Buffer.alloc(LIMIT), Buffer.alloc(1)]),
    fails: 1009,
  },
  {
    name: 'fragments that exceed the limit only together',
    send: () => fragments(OPCODE.TEXT, chop(ofText(LIMIT + 1000), 64 * KIB)),
    fails: 1009,
  },
  {
    name: `${MAX_FRAGMENTS} fragments`,
    send: () => fragments(OPCODE.TEXT, parts(MAX_FRAGMENTS)),
    echoes: [[OPCODE.TEXT, parts(MAX_FRAGMENTS).join('')]],
  },
  {
    name: `${MAX_FRAGMENTS + 1} fragments`,
    send: () => fragments(OPCODE.TEXT, parts(MAX_FRAGMENTS + 1)),
    fails: 1008,
  },
  {
    name: `${MAX_FRAGMENTS + 1} fragments without a byte`,
    send: () =>
      fragments(
        OPCODE.BINARY,
        parts(MAX_FRAGMENTS + 1).map(() => ''),
      ),
    fails: 1008,
  },
];

describeCases('limits', SUBJECTS, [
  ...wholes,
  ...inFragments,
  ...inWrites,
  ...inBoth,
  ...many,
  autoFragments,
  ...beyond,
]);
