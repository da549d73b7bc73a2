'use strict';

const { Encoder, PacketType } = require('socket.io-parser');
const { hasBinary } = require('../../../lib/protocol');

/**
 * Whether the genuine encoder makes a binary packet of an event with this argument.
 * @param {unknown} value
 */
function isSentAsBinary(value) {
  const packet = { type: PacketType.EVENT, nsp: '/', data: ['x', value] };
  return new Encoder().encode(packet)[0].startsWith(`${PacketType.BINARY_EVENT}`);
}

const bytes = Buffer.from('x');

/** An object whose binary property is inherited. */
const inheriting = Object.create({ bytes });

test.each([
  ['a Buffer', bytes, true],
  ['an ArrayBuffer', new ArrayBuffer(1), true],
  ['a typed array', new Float64Array(1), true],
  ['a DataView', new DataView(new ArrayBuffer(1)), true],
  ['a Blob', new Blob(['x']), true],
  ['a File', new File(['x'], 'name'), true],
  ['bytes in an array', [1, [2, [bytes]]], true],
  ['bytes in an object', { a: { b: { c: bytes } } }, true],
  [
    'bytes in an instance',
    new (class {
      bytes = bytes;
    })(),
    true,
  ],
  ['bytes in an object without prototype', Object.assign(Object.create(null), { bytes }), true],
  ['toJSON that gives bytes', { toJSON: () => bytes }, true],
  ['toJSON that gives an object with bytes', { toJSON: () => ({ bytes }) }, true],
  ['toJSON that gives an array with bytes', { toJSON: () => [bytes] }, true],
  ['toJSON that hides bytes', { bytes, toJSON: () => ({}) }, false],
  ['toJSON that gives a string', { bytes, toJSON: () => 'x' }, false],
  ['toJSON that gives null', { bytes, toJSON: () => null }, false],
  ['toJSON of what toJSON gives', { toJSON: () => ({ bytes, toJSON: () => 1 }) }, true],
  ['toJSON that is no function', { toJSON: 1, bytes }, true],
  ['inherited bytes', inheriting, false],
  ['a hidden property', Object.defineProperty({}, 'bytes', { value: bytes }), false],
  ['bytes in a Map', new Map([[1, bytes]]), false],
  ['null', null, false],
  ['undefined', undefined, false],
  ['a string', 'x', false],
  ['a function', () => bytes, false],
  ['a Date', new Date(), false],
  ['plain values', ['a', 1, true, null, { b: [{}] }], false],
])('%s', (_name, value, expected) => {
  expect(hasBinary(value)).toBe(expected);
  expect(isSentAsBinary(value)).toBe(expected);
});
