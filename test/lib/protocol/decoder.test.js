'use strict';

const { Decoder, PacketType } = require('socket.io-parser');
const { PacketDecoder, parseArguments } = require('../../../lib/protocol');

/** What the genuine decoder makes of some messages: its packets, or the text of its error. */
function decodeGenuinely(messages) {
  const decoder = new Decoder();
  const packets = [];
  decoder.on('decoded', (packet) => packets.push(packet));
  try {
    for (const message of messages) decoder.add(message);
  } catch (err) {
    return err.message;
  }
  return packets;
}

/** What ours makes of them. */
function decode(messages) {
  const decoder = new PacketDecoder();
  const packets = [];
  try {
    for (const message of messages) {
      const packet = decoder.add(message);
      if (packet) packets.push(packet);
    }
  } catch (err) {
    return err.message;
  }
  return packets;
}

const bytes = Buffer.from('x');
const placeholder = '{"_placeholder":true,"num":0}';

describe('the same as socket.io-parser', () => {
  test.each([
    '2["a"]',
    '2["a",1,{"b":[null]}]',
    '2[7]',
    '2/admin,["a"]',
    '2/,["a"]',
    '2/admin?x=[1],["a"]',
    '212["a"]',
    '2/admin,0["a"]',
    '2/admin,007["a"]',
    '299999999999999999999["a"]',
    '31[]',
    '3/admin,1["a"]',
    '3["no id"]',
    '2',
    '3',
    '21',
    '2/admin',
    '2/admin,',
    '2/admin["a"]',
    '2 ["a"]',
    '2 1["a"]',
    '2[ "a" ]',
    '2[]',
    '2[null]',
    '2[{}]',
    '2["a"',
    '2["a"]x',
    '2{"a":1}',
    '2"a"',
    '2null',
    '21.5["a"]',
    '2-1["a"]',
    '2["connect"]',
    '2["connect_error"]',
    '2["disconnect"]',
    '2["disconnecting"]',
    '2["newListener"]',
    '2["removeListener"]',
    '3["connect"]',
    '31{}',
    '0',
    '0{"token":1}',
    '0/admin,{"token":1}',
    '0/admin',
    '0[]',
    '0"x"',
    '1',
    '1/admin,',
    '1{}',
    '4{"message":"x"}',
    '4"x"',
    '4[]',
    '51["a"]',
    '50-["a"]',
    '5-["a"]',
    '5x-["a"]',
    '51.5-["a"]',
    '511-["a"]',
    '61-1["a"]',
    '7',
    '9["a"]',
    'x',
    '',
  ])('%s', (message) => {
    expect(decode([message])).toEqual(decodeGenuinely([message]));
  });

  test.each([
    [[`51-["a",${placeholder}]`, bytes]],
    [[`51-/admin,7["a",${placeholder}]`, bytes, '2["b"]']],
    [[`61-7[${placeholder}]`, bytes, '2["b"]']],
    [[`52-["a",${placeholder},{"_placeholder":true,"num":1}]`, bytes, Buffer.from('y')]],
    [[`51-["a",{"_placeholder":true,"num":1}]`, bytes]],
    [[`51-["a",${placeholder}]`, '2["b"]']],
    [[`51-["a",${placeholder}]`, `51-["a",${placeholder}]`]],
    [[bytes]],
    [['2["b"]', bytes]],
    [[`51-["disconnect",${placeholder}]`]],
    [[null]],
    [[undefined]],
    [[{}]],
  ])('%j', (messages) => {
    expect(decode(messages)).toEqual(decodeGenuinely(messages));
  });
});

test('it says whether it waits for attachments', () => {
  const decoder = new PacketDecoder();
  expect(decoder.isAssembling).toBe(false);
  decoder.add(`51-["a",${placeholder}]`);
  expect(decoder.isAssembling).toBe(true);
  decoder.add(bytes);
  expect(decoder.isAssembling).toBe(false);
  decoder.add(`51-["a",${placeholder}]`);
  decoder.destroy();
  expect(decoder.isAssembling).toBe(false);
});

test('half a packet of one client does not disturb another', () => {
  const one = new PacketDecoder();
  const two = new PacketDecoder();
  one.add(`51-["one",${placeholder}]`);
  expect(two.add('0')).toEqual({ type: PacketType.CONNECT, nsp: '/' });
  expect(two.add('2["two"]').data).toEqual(['two']);
  expect(() => two.add(bytes)).toThrow('got binary data when not reconstructing a packet');
  expect(one.add(bytes).data).toEqual(['one', bytes]);
});

describe('parseArguments', () => {
  test('gives the array, or nothing where there is none', () => {
    expect(parseArguments(PacketType.EVENT, '["a",1]')).toEqual(['a', 1]);
    expect(parseArguments(PacketType.ACK, '[]')).toEqual([]);
    expect(parseArguments(PacketType.EVENT, '')).toBeUndefined();
  });

  test.each([
    [PacketType.EVENT, '["disconnect"]'],
    [PacketType.EVENT, '[true]'],
    [PacketType.EVENT, '['],
    [PacketType.ACK, '{}'],
  ])('throws at type %i with %s', (type, json) => {
    expect(() => parseArguments(type, json)).toThrow(new Error('invalid payload'));
  });
});
