/** Reserved bits and opcodes, masks and impossible lengths fail the connection (RFC 6455, 5.2). */
'use strict';

const { OPCODE, chop, close, frame, ping, text } = require('../support/frames');
const { SUBJECTS, describeCases } = require('../support/lane');

const RESERVED_BITS = [1, 2, 3, 4, 5, 6, 7];
const RESERVED_OPCODES = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15];
/** Payloads and the way to send them, in turns. */
const FORMS = [
  { form: 'empty', make: (/** @type {any[]} */ ...args) => [frame(args[0], '', args[1])] },
  { form: 'with payload', make: (/** @type {any[]} */ ...args) => [frame(args[0], '4p', args[1])] },
  {
    form: 'byte by byte',
    make: (/** @type {any[]} */ ...args) => chop(frame(args[0], '4p', args[1]), 1),
    isApart: true,
  },
];

const bits = RESERVED_BITS.map((rsv, index) => {
  const { form, make, isApart } = FORMS[index % FORMS.length];
  const opcode = [OPCODE.TEXT, OPCODE.BINARY, OPCODE.PING, OPCODE.CLOSE][index % 4];
  return {
    name: `reserved bits ${rsv} of opcode ${opcode}, ${form}`,
    send: () => make(opcode, { rsv }),
    isApart,
    fails: 1002,
  };
});

const opcodes = RESERVED_OPCODES.map((opcode, index) => {
  const { form, make, isApart } = FORMS[index % FORMS.length];
  return { name: `opcode ${opcode}, ${form}`, send: () => make(opcode), isApart, fails: 1002 };
});

/** A length and how it is announced; nothing of the payload follows. */
const LENGTHS = [
  { name: 'one byte more than the limit', announce: 1_048_577n, lengthBytes: 8, code: 1009 },
  { name: '2^31 bytes', announce: 2n ** 31n, lengthBytes: 8, code: 1009 },
  { name: '2^53 bytes', announce: 2n ** 53n, lengthBytes: 8, code: 1009 },
  { name: '2^62 bytes', announce: 2n ** 62n, lengthBytes: 8, code: 1009 },
  { name: '2^63 bytes', announce: 2n ** 63n, lengthBytes: 8, code: 1009 },
  { name: '2^64 - 1 bytes', announce: 2n ** 64n - 1n, lengthBytes: 8, code: 1009 },
];

describeCases('reserved bits, opcodes and lengths', SUBJECTS, [
  ...bits,
  {
    name: 'reserved bits behind a message and before a ping',
    send: () => [text('4a'), text('4b', { rsv: 2 }), ping()],
    echoes: [[OPCODE.TEXT, '4a']],
    fails: 1002,
  },
  ...opcodes,
  {
    name: 'an opcode of the reserved ones behind a message and before a ping',
    send: () => [text('4a'), frame(5, '4b'), ping()],
    echoes: [[OPCODE.TEXT, '4a']],
    fails: 1002,
  },
  { name: 'text without a mask', send: () => [text('4a', { masked: false })], fails: 1002 },
  { name: 'a ping without a mask', send: () => [ping('a', { masked: false })], fails: 1002 },
  {
    name: 'a close frame without a mask',
    send: () => [frame(OPCODE.CLOSE, close(1000).subarray(6), { masked: false })],
    fails: 1002,
  },
  ...LENGTHS.map(({ name, announce, lengthBytes, code }) => ({
    name: `a message of ${name}`,
    send: () => [
      frame(OPCODE.BINARY, '', { announce, lengthBytes: /** @type {8} */ (lengthBytes) }),
    ],
    fails: code,
  })),
  {
    name: 'a ping that announces 65536 bytes',
    send: () => [frame(OPCODE.PING, '', { announce: 65536n, lengthBytes: 8 })],
    fails: 1002,
  },
  {
    name: 'a ping of 3 bytes with a length of 16 bits',
    send: () => [ping('abc', { lengthBytes: 2 })],
    fails: 1002,
  },
]);
