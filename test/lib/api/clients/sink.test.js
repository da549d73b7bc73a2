'use strict';

/**
 * The way in from the native engine. What the sink of a client does with packets must look the same as the
 * way through `data` events. That includes the order in which the application's code runs.
 */

const { execFileSync } = require('node:child_process');
const { EventEmitter } = require('node:events');
const { PacketType, PacketEncoder } = require('../../../../lib/protocol');
const { Server } = require('../../../../lib');
const { FakeNativeConnection, connectFake } = require('../../../support/fakes/fake-connection');

const settle = () => new Promise(setImmediate);

test('text events do not pass through data events', async () => {
  const { conn, socket } = await connectFake(FakeNativeConnection);
  expect(conn.listenerCount('data')).toBe(0);
  const got = [];
  socket.on('hello', (...args) => got.push(args));
  conn.receive('2["hello",1,{"a":[2]}]', '2["hello"]');
  await settle();
  expect(got).toEqual([[1, { a: [2] }], []]);
});

test('acknowledgements both ways', async () => {
  const { conn, socket } = await connectFake(FakeNativeConnection);
  socket.on('ask', (value, ack) => ack(value + 1));
  conn.receive('27["ask",1]');
  await settle();
  expect(conn.written).toEqual([['37[2]', { compress: true }]]);
  const answered = new Promise((resolve) => socket.emit('ask', resolve));
  conn.receive('30["yes"]');
  expect(await answered).toBe('yes');
});

test('a client of the third revision may name its namespace with a query', async () => {
  const { conn, socket } = await connectFake(FakeNativeConnection, { conn: { protocol: 3 } });
  const got = [];
  socket.on('hello', (value) => got.push(value));
  conn.receive('2/?token=a,["hello",1]', '2["hello",2]');
  await settle();
  expect(got).toEqual([1, 2]);
});

test('with a parser of its own, a server does not use the sink', async () => {
  const parser = { Encoder: PacketEncoder, Decoder: require('socket.io-parser').Decoder };
  const engine = Object.assign(new EventEmitter(), { close() {} });
  new Server({ parser }).bind(engine);
  const conn = new FakeNativeConnection();
  engine.emit('connection', conn);
  expect(conn.sink).toBeUndefined();
  expect(conn.listenerCount('data')).toBe(1);
  conn.close();
});

describe('both ways in, the same observable order', () => {
  const observer = require.resolve('../../../support/programs/observe-delivery');
  const results = JSON.parse(execFileSync(process.execPath, [observer]).toString());

  test.each(results.map(({ name, plain, native }) => [name, plain, native]))(
    '%s',
    (_name, plain, native) => {
      expect(plain.log.length + plain.written.length).toBeGreaterThan(2);
      expect(native).toEqual(plain);
    },
  );
});

test('after the end nothing more is taken', async () => {
  const { conn, socket } = await connectFake(FakeNativeConnection);
  const got = jest.fn();
  socket.onAny(got);
  const { sink } = conn;
  conn.close();
  expect(conn.sink).toBeUndefined();
  sink.onPacket(PacketType.EVENT, '/', undefined, '["e"]'); // of the batch that is being delivered
  sink.onData('2["e"]');
  await settle();
  expect(got).not.toHaveBeenCalled();
});
