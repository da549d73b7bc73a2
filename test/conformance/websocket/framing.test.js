/** Text and binary messages of many sizes, whole and in pieces (RFC 6455, 5.2 and 5.6). */
'use strict';

const { OPCODE, binary, chop, text } = require('../support/frames');
const { SUBJECTS_EVERYWHERE, describeCases } = require('../support/lane');

/** On both sides of every form of the length, and of a byte of it. */
const SIZES = [1, 2, 125, 126, 127, 128, 255, 256, 65534, 65535, 65536, 65537];
const CHOPS = [1, 7, 997];

/** @param {number} size */
const textOf = (size) => `4${'*'.repeat(size - 1)}`;
/** @param {number} size */
const bytesOf = (size) => Buffer.from(Array.from({ length: size }, (_, index) => index & 0xff));

const inOneFrame = SIZES.flatMap((size) => [
  {
    name: `text of ${size} bytes`,
    send: () => [text(textOf(size))],
    echoes: [[OPCODE.TEXT, textOf(size)]],
  },
  {
    name: `binary of ${size} bytes`,
    send: () => [binary(bytesOf(size))],
    echoes: [[OPCODE.BINARY, bytesOf(size)]],
  },
]);

const inPieces = CHOPS.map((size) => ({
  name: `65536 bytes of text in writes of ${size}, then a short message`,
  send: () => [...chop(text(textOf(65536)), size), text('4end')],
  isApart: size > 1,
  echoes: [
    [OPCODE.TEXT, textOf(65536)],
    [OPCODE.TEXT, '4end'],
  ],
}));

const long = [1, 125, 126, 65535].flatMap((size) => [
  {
    name: `${size} bytes with a length of 64 bits`,
    send: () => [binary(bytesOf(size), { lengthBytes: 8 })],
    echoes: [[OPCODE.BINARY, bytesOf(size)]],
  },
]);

describeCases('framing', SUBJECTS_EVERYWHERE, [
  {
    name: 'text without a byte is a message, but no packet of Engine.IO',
    send: () => [text('')],
    echoes: [[OPCODE.TEXT, '']],
    onEngine: { echoes: [], fails: null },
  },
  { name: 'binary without a byte', send: () => [binary('')], echoes: [[OPCODE.BINARY, '']] },
  ...inOneFrame,
  ...inPieces,
  {
    name: 'a short message byte by byte',
    send: () => chop(text('4Hello'), 1),
    isApart: true,
    echoes: [[OPCODE.TEXT, '4Hello']],
  },
  ...long,
  {
    name: '1000 messages in one write',
    send: () => Array.from({ length: 1000 }, (_, index) => text(`4${index}`)),
    echoes: Array.from({ length: 1000 }, (_, index) => [OPCODE.TEXT, `4${index}`]),
  },
  {
    name: 'text and binary keep their order',
    send: () => Array.from({ length: 40 }, (_, i) => (i % 3 ? text(`4${i}`) : binary(`${i}`))),
    echoes: Array.from({ length: 40 }, (_, i) =>
      i % 3 ? [OPCODE.TEXT, `4${i}`] : [OPCODE.BINARY, `${i}`],
    ),
  },
]);
