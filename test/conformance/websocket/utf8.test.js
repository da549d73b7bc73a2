/**
 * Text must be UTF-8 (RFC 6455, 8.1; RFC 3629): valid and invalid sequences in one frame, and in
 * fragments that end within code points. An invalid message is refused at its end at the latest.
 */
'use strict';

const { OPCODE, chop, close, fragments, text } = require('../support/frames');
const { SUBJECTS, describeCases } = require('../support/lane');

/** Sequences as hexadecimal digits. */
const VALID = {
  'ASCII and umlauts': '48656c6c6fc2b540c39fc3b6c3a4c3bcc3a0c3a12d5554462d3821',
  Greek: 'cebae1bdb9cf83cebcceb5',
  'the first of 1 byte': '00',
  'the first of 2 bytes': 'c280',
  'the first of 3 bytes': 'e0a080',
  'the first of 4 bytes': 'f0908080',
  'the last of 1 byte': '7f',
  'the last of 2 bytes': 'dfbf',
  'the last of 3 bytes': 'efbfbf',
  'the last of 4 bytes, U+10FFFF': 'f48fbfbf',
  'the neighbours of surrogates': 'ed9fbfee8080',
  'the replacement character': 'efbfbd',
  'noncharacters U+FFFE and U+FFFF': 'efbfbeefbfbf',
  'noncharacters of higher planes': 'f09fbfbef09fbfbff48fbfbe',
  'a byte order mark': 'efbbbf41',
  'an emoji between ASCII': '61f09f98806c',
};

const INVALID = {
  'a continuation byte alone': '80',
  'the last continuation byte alone': 'bf',
  'two continuation bytes': '80bf',
  'every continuation byte': Array.from({ length: 64 }, (_, i) => (0x80 + i).toString(16)).join(''),
  'a first byte of 2 before a space': 'c320',
  'a first byte of 3 before a space': 'e020',
  'a first byte of 4 before a space': 'f020',
  '2 bytes without the last': 'c3',
  '3 bytes without the last': 'e0a0',
  '4 bytes without the last': 'f09080',
  '3 bytes without the last, then ASCII': 'e0a041',
  '4 bytes without the last, then ASCII': 'f0908041',
  'all kinds of cut sequences': 'c0e080f08080f8808080dfefbff7bfbf',
  'the byte fe': 'fe',
  'the byte ff': 'ff',
  'the bytes of a UTF-16 byte order mark': 'fffe4100',
  'a slash in 2 bytes': 'c0af',
  'a slash in 3 bytes': 'e080af',
  'a slash in 4 bytes': 'f08080af',
  'a slash in 5 bytes': 'f8808080af',
  'a slash in 6 bytes': 'fc80808080af',
  'the largest of 1 byte in 2': 'c1bf',
  'the largest of 2 bytes in 3': 'e09fbf',
  'the largest of 3 bytes in 4': 'f08fbfbf',
  'NUL in 2 bytes': 'c080',
  'the first high surrogate': 'eda080',
  'the last high surrogate': 'edafbf',
  'the first low surrogate': 'edb080',
  'the last low surrogate': 'edbfbf',
  'a pair of surrogates': 'eda080edb080',
  'U+110000': 'f4908080',
  'a first byte above f4': 'f5808080',
  '5 bytes': 'f888808080',
  '6 bytes': 'fc8480808080',
  'an invalid sequence behind a valid text': 'cebae1bdb9cf83cebcceb5eda080656469746564',
};

const bytesOf = (/** @type {string} */ hex) =>
  Buffer.concat([Buffer.from('4'), Buffer.from(hex, 'hex')]);
/** Fills all vector registers of a validator, so that the sequence lies across two of them. */
const PADDING = Buffer.from(`4${'x'.repeat(61)}`);

const valid = Object.entries(VALID).flatMap(([name, hex]) => {
  const payload = bytesOf(hex);
  const padded = Buffer.concat([PADDING, Buffer.from(hex, 'hex'), PADDING]);
  return [
    {
      name: `${name}: in one frame`,
      send: () => [text(payload), text(padded)],
      echoes: [
        [OPCODE.TEXT, payload],
        [OPCODE.TEXT, padded],
      ],
    },
    {
      name: `${name}: in fragments of one byte`,
      send: () => fragments(OPCODE.TEXT, chop(payload, 1)),
      echoes: [[OPCODE.TEXT, payload]],
    },
    {
      name: `${name}: byte by byte`,
      send: () => chop(text(payload), 1),
      isApart: true,
      echoes: [[OPCODE.TEXT, payload]],
    },
  ];
});

/** How an invalid message is sent; the cases take turns, so that each is one connection. */
const WAYS = [
  ['in one frame', (/** @type {Buffer} */ payload) => [text(payload)]],
  ['in fragments of one byte', (payload) => fragments(OPCODE.TEXT, chop(payload, 1))],
  ['behind 62 characters', (payload) => [text(Buffer.concat([PADDING, payload]))]],
];

const invalid = Object.entries(INVALID).map(([name, hex], index) => {
  const [way, make] = WAYS[index % WAYS.length];
  return { name: `${name}, ${way}`, send: () => make(bytesOf(hex)), fails: 1007 };
});

const edges = [
  {
    name: 'a valid message before an invalid one',
    send: () => [text('4a'), text(bytesOf('ff'))],
    echoes: [[OPCODE.TEXT, '4a']],
    fails: 1007,
  },
  {
    name: 'a code point of which the message has but the first half',
    send: () => [...fragments(OPCODE.TEXT, [bytesOf('f09f'), '']), text('4a')],
    fails: 1007,
  },
  {
    name: 'a code point that goes on in the next message',
    send: () => [text(bytesOf('f09f')), text(Buffer.from('34988098', 'hex'))],
    fails: 1007,
  },
  {
    name: 'an invalid reason to close',
    send: () => [close(1000, Buffer.from('cebae1bdb9cf83cebcceb5eda080', 'hex'))],
    fails: 1007,
  },
  {
    name: 'a reason to close that ends within a code point',
    send: () => [close(1000, Buffer.from('41e0a0', 'hex'))],
    fails: 1007,
  },
];

describeCases('UTF-8', SUBJECTS, [...valid, ...invalid, ...edges]);
