/** Pings are answered with their payload, pongs are not answered (RFC 6455, 5.5.2 and 5.5.3). */
'use strict';

const { OPCODE, chop, fragments, ping, pong, text } = require('../support/frames');
const { SUBJECTS, describeCases } = require('../support/lane');

const BYTES = Buffer.from('00fffefdfcfb00ff', 'hex');
const FULL = Buffer.alloc(125, 0xfe);
const tenOf = (/** @type {(index: number) => any} */ make) =>
  Array.from({ length: 10 }, (_, index) => make(index));

describeCases('pings and pongs', SUBJECTS, [
  { name: 'without payload', send: () => [ping()], pongs: [''] },
  { name: 'with text', send: () => [ping('Hello, world!')], pongs: ['Hello, world!'] },
  { name: 'with bytes that are no text', send: () => [ping(BYTES)], pongs: [BYTES] },
  { name: 'with 125 bytes', send: () => [ping(FULL)], pongs: [FULL] },
  {
    name: 'with 125 bytes, byte by byte',
    send: () => chop(ping(FULL), 1),
    isApart: true,
    pongs: [FULL],
  },
  { name: 'with 126 bytes', send: () => [ping(Buffer.alloc(126, 0xfe))], fails: 1002 },
  {
    name: 'with 126 bytes, behind a message',
    send: () => [text('4a'), ping(Buffer.alloc(126))],
    echoes: [[OPCODE.TEXT, '4a']],
    fails: 1002,
  },
  { name: 'a pong that nobody waits for', send: () => [pong()] },
  { name: 'a pong with payload that nobody waits for', send: () => [pong('unsolicited')] },
  {
    name: 'a pong, then a ping',
    send: () => [pong('unsolicited'), ping('asked')],
    pongs: ['asked'],
  },
  { name: 'a pong of 126 bytes', send: () => [pong(Buffer.alloc(126))], fails: 1002 },
  {
    name: '10 pings in one write',
    send: () => tenOf((index) => ping(`payload ${index}`)),
    pongs: tenOf((index) => `payload ${index}`),
  },
  {
    name: '10 pings byte by byte',
    send: () => tenOf((index) => ping(`payload ${index}`)).flatMap((each) => chop(each, 1)),
    isApart: true,
    pongs: tenOf((index) => `payload ${index}`),
  },
  {
    name: 'between messages and within one',
    send: () => {
      const [first, second] = fragments(OPCODE.TEXT, ['4one ', 'message']);
      return [ping('a'), text('4b'), ping('c'), first, ping('d'), second, ping('e')];
    },
    echoes: [
      [OPCODE.TEXT, '4b'],
      [OPCODE.TEXT, '4one message'],
    ],
    pongs: ['a', 'c', 'd', 'e'],
  },
]);
