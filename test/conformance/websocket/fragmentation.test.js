/** Messages in fragments, with control frames between them, and wrong orders (RFC 6455, 5.4). */
'use strict';

const {
  OPCODE,
  binary,
  chop,
  continuation,
  fragments,
  ping,
  pong,
  text,
} = require('../support/frames');
const { SUBJECTS, describeCases } = require('../support/lane');

const { TEXT, BINARY } = OPCODE;
const open = { fin: false };
const [first, second] = ['4fragment1', 'fragment2'];
const whole = `${first}${second}`;

describeCases('fragmentation', SUBJECTS, [
  {
    name: 'a ping in fragments',
    send: () => [ping('a', open), continuation('b')],
    fails: 1002,
  },
  { name: 'a pong in fragments', send: () => [pong('a', open), continuation('b')], fails: 1002 },
  {
    name: 'text in two fragments',
    send: () => fragments(TEXT, [first, second]),
    echoes: [[TEXT, whole]],
  },
  {
    name: 'binary in three fragments',
    send: () => fragments(BINARY, ['a', 'b', 'c']),
    echoes: [[BINARY, 'abc']],
  },
  {
    name: 'text in two fragments, each read on its own',
    send: () => fragments(TEXT, [first, second]),
    isApart: true,
    echoes: [[TEXT, whole]],
  },
  {
    name: 'text in two fragments, byte by byte',
    send: () => fragments(TEXT, [first, second]).flatMap((part) => chop(part, 1)),
    isApart: true,
    echoes: [[TEXT, whole]],
  },
  {
    name: 'a ping between two fragments',
    send: () => [text(first, open), ping('p'), continuation(second)],
    echoes: [[TEXT, whole]],
    pongs: ['p'],
  },
  {
    name: 'a ping between two fragments, each read on its own',
    send: () => [text(first, open), ping('p'), continuation(second)],
    isApart: true,
    echoes: [[TEXT, whole]],
    pongs: ['p'],
  },
  {
    name: 'a ping between two fragments, byte by byte',
    send: () => [text(first, open), ping('p'), continuation(second)].flatMap((f) => chop(f, 1)),
    isApart: true,
    echoes: [[TEXT, whole]],
    pongs: ['p'],
  },
  {
    name: 'a pong between two fragments',
    send: () => [text(first, open), pong('p'), continuation(second)],
    echoes: [[TEXT, whole]],
  },
  {
    name: 'fragments without a byte before, between and behind',
    send: () => fragments(TEXT, ['', '4a', '', 'b', '']),
    echoes: [[TEXT, '4ab']],
  },
  {
    name: 'nothing but fragments without a byte',
    send: () => fragments(BINARY, ['', '', '']),
    echoes: [[BINARY, '']],
  },
  {
    name: 'five fragments and two pings, then another message in fragments',
    send: () => [
      text('41', open),
      continuation('2', open),
      ping('a'),
      continuation('3', open),
      continuation('4', open),
      ping('b'),
      continuation('5'),
      ...fragments(BINARY, ['x', 'y']),
    ],
    echoes: [
      [TEXT, '412345'],
      [BINARY, 'xy'],
    ],
    pongs: ['a', 'b'],
  },
  {
    name: 'a continuation of nothing, final',
    send: () => [continuation('4a'), text('4b')],
    fails: 1002,
  },
  {
    name: 'a continuation of nothing, not final',
    send: () => [continuation('4a', open), text('4b')],
    fails: 1002,
  },
  {
    name: 'a continuation of nothing, byte by byte',
    send: () => chop(continuation('4a'), 1),
    isApart: true,
    fails: 1002,
  },
  {
    name: 'a continuation behind a whole message',
    send: () => [text('4whole'), continuation('4a')],
    echoes: [[TEXT, '4whole']],
    fails: 1002,
  },
  {
    name: 'a continuation behind a message in fragments',
    send: () => [...fragments(TEXT, [first, second]), continuation('4a')],
    echoes: [[TEXT, whole]],
    fails: 1002,
  },
  {
    name: 'text within a message in fragments',
    send: () => [text(first, open), text(second)],
    fails: 1002,
  },
  {
    name: 'binary within a message in fragments',
    send: () => [text(first, open), binary(second)],
    fails: 1002,
  },
  {
    name: 'text within a message in fragments, each read on its own',
    send: () => [text(first, open), text(second)],
    isApart: true,
    fails: 1002,
  },
]);
