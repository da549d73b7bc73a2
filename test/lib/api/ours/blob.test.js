'use strict';

/** A Blob or a File is refused before anything of its packet is sent. */

const { once } = require('node:events');
const { ClusterAdapter } = require('socket.io-adapter');
const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const {
  cleanUpNetworks,
  connectThrough,
  interrupt,
  networkOf,
} = require('../../../support/rigs/recovery-rig');
const { cleanUp, connectPair, eventOf, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUpNetworks);
afterEach(cleanUp);

const refusal = new TypeError(
  'a Blob or a File cannot be sent, only its bytes: await blob.arrayBuffer()',
);
const values = { 'a Blob': new Blob(['x']), 'a File': new File(['x'], 'name') };

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test.each(Object.entries(values))('%s', async (_name, value) => {
    const io = startServer({}, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    expect(() => socket.emit('alone', value)).toThrow(refusal);
    expect(() => socket.emit('behind bytes', Buffer.from('1'), value)).toThrow(refusal);
    expect(() => socket.emit('inside', { value })).toThrow(refusal);
    expect(() => io.emit('to all', value)).toThrow(refusal);
    await expect(io.timeout(1000).emitWithAck('to all', value)).rejects.toEqual(refusal);
    const heard = jest.fn();
    client.onAny(heard);
    socket.emit('after', await value.arrayBuffer());
    expect(await eventOf(client, 'after')).toEqual([Buffer.from('x')]);
    expect(heard).toHaveBeenCalledTimes(1);
  });

  test('with recovery nothing of it is kept for a client that comes back', async () => {
    const io = startServer({ connectionStateRecovery: {} }, door);
    const network = await networkOf(io);
    const { client, socket } = await connectThrough(io, network, transports);
    socket.emit('first');
    await eventOf(client, 'first');
    const connected = once(io, 'connection');
    const missed = eventOf(client, 'missed');
    interrupt(network, client);
    expect(() => socket.emit('alone', values['a Blob'])).toThrow(refusal);
    expect(() => io.emit('to all', values['a File'])).toThrow(refusal);
    io.emit('missed', 1);
    const [back] = await connected;
    expect(back.recovered).toBe(true);
    expect((await missed)[0]).toBe(1);
  });
});

test('other servers of a cluster are told nothing of it', async () => {
  const published = jest.fn();
  class Adapter extends ClusterAdapter {
    /** @param {any} message */
    doPublish(message) {
      published(message.data.packet?.data);
      return Promise.resolve('1');
    }
  }
  const io = startServer({ adapter: Adapter });
  const { client } = await connectPair(io);
  for (const value of Object.values(values)) {
    expect(() => io.emit('to all', { value })).toThrow(refusal);
    expect(() => io.to('room').except('other').emit('to some', [value])).toThrow(refusal);
    await expect(io.timeout(1000).emitWithAck('to all', value)).rejects.toEqual(refusal);
  }
  io.emit('after', await values['a Blob'].arrayBuffer());
  expect(await eventOf(client, 'after')).toEqual([Buffer.from('x')]);
  expect(published.mock.calls.filter(([data]) => data).map(([[name]]) => name)).toEqual(['after']);
});
