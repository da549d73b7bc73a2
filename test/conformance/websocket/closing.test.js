/** The closing handshake: codes, reasons, what comes behind (RFC 6455, 5.5.1 and 7). */
'use strict';

const {
  OPCODE,
  chop,
  close,
  continuation,
  fragments,
  frame,
  ping,
  text,
} = require('../support/frames');
const { SUBJECTS_EVERYWHERE, describeCases } = require('../support/lane');

const GOOD_CODES = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999,
];
const BAD_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535];
/** The longest that fits into a control frame, in characters of one and of two bytes. */
const LONGEST = ['*'.repeat(123), `${'é'.repeat(61)}!`];

const good = GOOD_CODES.map((code) => ({
  name: `code ${code}`,
  send: () => [close(code)],
  closes: [code],
}));

const bad = BAD_CODES.map((code) => ({
  name: `code ${code}, which must not be sent`,
  send: () => [close(code)],
  fails: 1002,
}));

describeCases('closing', SUBJECTS_EVERYWHERE, [
  // The next case goes on on the connection of this one.
  { name: 'a message first', send: () => [text('4a')], echoes: [[OPCODE.TEXT, '4a']] },
  { name: 'without a code', send: () => [close()], closes: [] },
  ...good,
  { name: 'with a reason', send: () => [close(1000, 'Bye!')], closes: [1000, 'Bye!'] },
  ...LONGEST.map((reason) => ({
    name: `with a reason of 123 bytes, ${reason.length} characters`,
    send: () => [close(1000, reason)],
    closes: [1000, reason],
  })),
  {
    name: 'byte by byte',
    send: () => chop(close(1000, 'Bye!'), 1),
    isApart: true,
    closes: [1000, 'Bye!'],
  },
  ...bad,
  { name: 'with one byte', send: () => [frame(OPCODE.CLOSE, 'x')], fails: 1002 },
  {
    name: 'with a reason of 124 bytes',
    send: () => [close(1000, '*'.repeat(124))],
    fails: 1002,
  },
  { name: 'in fragments', send: () => fragments(OPCODE.CLOSE, ['', '']), fails: 1002 },
  {
    name: 'twice',
    send: () => [close(1000), close(1001)],
    closes: [1000],
  },
  {
    name: 'and a message behind it',
    send: () => [close(1000), text('4late')],
    closes: [1000],
  },
  {
    name: 'and a ping behind it',
    send: () => [close(1000), ping('late')],
    closes: [1000],
  },
  {
    name: 'and garbage behind it',
    send: () => [close(1000), Buffer.alloc(1000, 0xff)],
    closes: [1000],
  },
  {
    name: 'within a message in fragments, the rest behind it',
    send: () => [text('4first', { fin: false }), close(1000), continuation('last')],
    closes: [1000],
  },
]);
