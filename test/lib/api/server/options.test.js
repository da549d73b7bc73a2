'use strict';

const { Server } = require('../../../../lib');

test.each([
  [{ path: 7 }, 'option "path" must be a string'],
  [{ adapter: {} }, 'option "adapter" must be an Adapter class or a function that creates one'],
  [{ parser: {} }, 'option "parser" must have the classes "Encoder" and "Decoder"'],
])('%j is refused', (opts, message) => {
  expect(() => new Server(opts)).toThrow(new TypeError(message));
});

test.each([{}, { path: '' }, { adapter: undefined, parser: undefined }, { parser: null }])(
  '%j means the defaults',
  (opts) => {
    expect(new Server(opts).path()).toBe('/socket.io');
  },
);
