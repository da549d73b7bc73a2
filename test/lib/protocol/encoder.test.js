'use strict';

const { Encoder, PacketType } = require('socket.io-parser');
const protocol = require('../../../lib/protocol');

const { PacketEncoder, encodeEvent, encodeWithId, packetPrefix } = protocol;

const genuine = new Encoder();
const ours = new PacketEncoder();

/** Arguments of every kind that changes what is written. */
const argumentLists = [
  [],
  [''],
  ['text'],
  ['ünï€'],
  ['emoji 🎉', '🎉'],
  ['🎉'],
  ['\ud800 lone'],
  ['quote " backslash \\ slash /'],
  ['control \u0000 \u001f \u007f \n'],
  ['\u2028\u2029'],
  ['x'.repeat(5000)],
  [0],
  [-0],
  [1.5e300],
  [NaN],
  [-Infinity],
  [true],
  [null],
  [undefined],
  [Symbol('s')],
  [new Date(0)],
  [new Map([[1, 2]])],
  [{ a: undefined, b: [undefined], c: { d: 'e' } }],
  [{ toJSON: (key) => `told ${JSON.stringify(key)}` }],
  [{ toJSON: () => undefined }],
  [{ toJSON: 'no function' }],
  [Object.create(null)],
  [Object.create({ inherited: 1 })],
  [new String('boxed')],
  [[1, [2, [3]]]],
  ['a', { b: 1 }, [2], null],
  [{ toJSON: (key) => key }, { toJSON: (key) => key }],
];

describe('text packets are those of socket.io-parser', () => {
  test.each(argumentLists.map((args) => [args]))('%j', (args) => {
    for (const nsp of ['/', '/admin']) {
      for (const name of ['hello', 'with "quotes"', 7, Symbol('s')]) {
        const data = [name, ...args];
        const event = { type: PacketType.EVENT, nsp, data };
        const prefix = packetPrefix(PacketType.EVENT, nsp);
        const [text] = genuine.encode({ ...event });
        expect(encodeEvent(prefix, name, args)).toBe(text);
        expect(ours.encode({ ...event })).toEqual([text]);
        const [asking] = genuine.encode({ ...event, id: 12 });
        expect(encodeWithId(prefix, 12, data)).toBe(asking);
        expect(ours.encode({ ...event, id: 12 })).toEqual([asking]);
      }
      const ack = { type: PacketType.ACK, nsp, id: 0, data: args };
      const [text] = genuine.encode({ ...ack });
      expect(encodeWithId(packetPrefix(PacketType.ACK, nsp), 0, args)).toBe(text);
      expect(ours.encode({ ...ack })).toEqual([text]);
    }
  });

  test('with a BigInt that knows how to be written', () => {
    const prototype = /** @type {any} */ (BigInt.prototype);
    expect(() => encodeEvent('2', 'big', [1n])).toThrow(TypeError);
    prototype.toJSON = () => 'big';
    try {
      expect(encodeEvent('2', 'big', [1n])).toBe('2["big","big"]');
    } finally {
      delete prototype.toJSON;
    }
  });

  test('with many names, which are not all remembered', () => {
    for (let i = 0; i < 1500; i++) {
      expect(encodeEvent('2', `name ${i}`, [i])).toBe(`2["name ${i}",${i}]`);
    }
  });
});

describe('binary packets', () => {
  test('are not made as text', () => {
    expect(encodeEvent('2', 'bytes', [Buffer.from('x')])).toBeNull();
    expect(encodeWithId('3', 1, [{ deep: [new Uint8Array(1)] }])).toBeNull();
  });

  test('are those of socket.io-parser', () => {
    const packet = () => ({
      type: PacketType.EVENT,
      nsp: '/a',
      id: 3,
      data: ['bytes', { deep: Buffer.from('x') }, new Uint8Array([1])],
    });
    expect(ours.encode(packet())).toEqual(genuine.encode(packet()));
    expect(ours.encode(packet())).toHaveLength(3);
  });
});

test.each([
  { type: PacketType.CONNECT, nsp: '/', data: { sid: 'x' } },
  { type: PacketType.CONNECT, nsp: '/a' },
  { type: PacketType.DISCONNECT, nsp: '/a' },
  { type: PacketType.CONNECT_ERROR, nsp: '/', data: { message: 'no' } },
  { type: PacketType.EVENT, nsp: '/' },
])('other packets are left to socket.io-parser: %j', (packet) => {
  expect(ours.encode({ ...packet })).toEqual(genuine.encode({ ...packet }));
});

test('an encoder is a genuine one to those who ask', () => {
  expect(ours).toBeInstanceOf(Encoder);
});
