/**
 * A stream may cut frames anywhere. Every kind of frame is split in two at every byte. Several frames in one
 * write are split at every byte.
 */
'use strict';

const {
  OPCODE,
  binary,
  close,
  continuation,
  fragments,
  ping,
  pong,
  text,
} = require('../support/frames');
const { SUBJECTS, describeCases } = require('../support/lane');

const { TEXT, BINARY } = OPCODE;
const LONG = Buffer.alloc(200, '4long.');
const HUGE = Buffer.alloc(66_000, '4huge.');
/** Behind the head of a frame its payload is all the same. */
const HUGE_HEAD_BYTES = 16;

/** Frames, what comes back for each time they are sent, and before which byte they are split. */
const FRAMES = [
  { name: 'short text', make: () => text('4Hellö'), echo: [TEXT, '4Hellö'] },
  { name: 'text with 16 bits of length', make: () => text(LONG), echo: [TEXT, LONG] },
  {
    name: 'text with 64 bits of length',
    make: () => text(HUGE),
    echo: [TEXT, HUGE],
    last: HUGE_HEAD_BYTES,
  },
  { name: 'binary', make: () => binary('12345'), echo: [BINARY, '12345'] },
  { name: 'binary without a byte', make: () => binary(''), echo: [BINARY, ''] },
  {
    name: 'a message in fragments',
    make: () => Buffer.concat(fragments(TEXT, ['4On', 'e £', ' a day'])),
    echo: [TEXT, '4One £ a day'],
  },
  { name: 'a ping', make: () => ping('12345678'), pong: '12345678' },
  { name: 'a pong', make: () => pong('12345678') },
  {
    name: 'a message in fragments with a ping in between',
    make: () => Buffer.concat([text('4a', { fin: false }), ping('p'), continuation('z')]),
    echo: [TEXT, '4az'],
    pong: 'p',
  },
];

/**
 * Both halves, for every split.
 * @param {() => Buffer} make
 * @param {number} [last]
 */
function* halves(make, last) {
  const end = Math.min(make().length, last ?? Infinity);
  for (let at = 1; at < end; at++) {
    const bytes = make();
    yield bytes.subarray(0, at);
    yield bytes.subarray(at);
  }
}

const splitFrames = FRAMES.map(({ name, make, echo, pong: answer, last }) => {
  const count = [...halves(make, last)].length / 2;
  return {
    name: `${name}, ${count} splits`,
    send: () => halves(make, last),
    isApart: true,
    echoes: echo ? Array.from({ length: count }, () => echo) : [],
    pongs: answer ? Array.from({ length: count }, () => answer) : [],
  };
});

/** A close frame can only be split once per connection. */
const CLOSE_BYTES = close(1000, 'Bye').length;
const splitCloses = Array.from({ length: CLOSE_BYTES - 1 }, (_, index) => ({
  name: `a close frame, split before byte ${index + 1}`,
  send: () => {
    const bytes = close(1000, 'Bye');
    return [bytes.subarray(0, index + 1), bytes.subarray(index + 1)];
  },
  isApart: true,
  closes: [1000, 'Bye'],
}));

describeCases('splits', SUBJECTS, [...splitFrames, ...splitCloses]);
