'use strict';

const { once } = require('node:events');
const { cleanUp, connectPair, connectRaw, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

describe('acknowledgements', () => {
  test('the client acknowledges an event of the server', async () => {
    const { socket, client } = await connectPair(startServer());
    client.on('sum', (a, b, ack) => ack(a + b, 'extra'));
    const values = await new Promise((resolve) => {
      socket.emit('sum', 1, 2, (...args) => resolve(args));
    });
    expect(values).toEqual([3, 'extra']);
    expect(socket.acks.size).toBe(0);
  });

  test('the server acknowledges an event of the client, with binary data as well', async () => {
    const { socket, client } = await connectPair(startServer());
    socket.on('bytes', (ack) => ack(Buffer.from('x'), 1));
    const [bytes, number] = await new Promise((resolve) => {
      client.emit('bytes', (...args) => resolve(args));
    });
    expect(Buffer.from(bytes).toString()).toBe('x');
    expect(number).toBe(1);
  });

  test('only the first call of an acknowledgement sends', async () => {
    const { raw, socket } = await connectRaw(startServer());
    socket.on('ask', (ack) => {
      ack('one');
      ack('two');
      socket.emit('end');
    });
    raw.send('427["ask"]');
    expect(await raw.next()).toBe('437["one"]');
    expect(await raw.next()).toBe('42["end"]');
  });

  test('ids are counted by the namespace', async () => {
    const io = startServer();
    const { raw, socket } = await connectRaw(io);
    socket.emit('a', () => {});
    socket.emit('b', () => {});
    expect(await raw.next()).toBe('420["a"]');
    expect(await raw.next()).toBe('421["b"]');
    expect(io.sockets._ids).toBe(2);
  });

  test('an acknowledgement comes once; unknown ones are ignored', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const calls = [];
    socket.emit('ask', (value) => calls.push(value));
    await raw.next();
    raw.send('430["one"]', '430["two"]', '4399["unknown"]', '42["end"]');
    await once(socket, 'end');
    expect(calls).toEqual(['one']);
  });

  test('an acknowledgement in time gives no error first', async () => {
    const { socket, client } = await connectPair(startServer());
    client.on('ask', (ack) => ack('answer'));
    const args = await new Promise((resolve) => {
      socket.timeout(5000).emit('ask', (...values) => resolve(values));
    });
    expect(args).toEqual([null, 'answer']);
  });

  test('without one, the callback gets an error after the timeout', async () => {
    const { socket } = await connectPair(startServer());
    const [err, ...rest] = await new Promise((resolve) => {
      socket.timeout(10).emit('ask', (...values) => resolve(values));
    });
    expect(err).toEqual(new Error('operation has timed out'));
    expect(rest).toEqual([]);
    expect(socket.acks.size).toBe(0);
  });

  test('emitWithAck resolves with the answer, or rejects at the timeout', async () => {
    const { socket, client } = await connectPair(startServer());
    client.on('ask', (value, ack) => ack(value * 2));
    expect(await socket.emitWithAck('ask', 2)).toBe(4);
    expect(await socket.timeout(5000).emitWithAck('ask', 3)).toBe(6);
    await expect(socket.timeout(10).emitWithAck('ignored')).rejects.toThrow(
      'operation has timed out',
    );
  });

  test('an adapter can wait for acknowledgements of its own', async () => {
    const { raw, socket } = await connectRaw(startServer());
    const answer = new Promise((resolve) => socket.acks.set(77, resolve));
    raw.send('4377["own"]');
    expect(await answer).toBe('own');
  });
});
