'use strict';

/** A Blob or a File is refused before anything of its packet is sent. */

const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const { cleanUp, connectPair, eventOf, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

const values = { 'a Blob': new Blob(['x']), 'a File': new File(['x'], 'name') };

describe.each(EVERYWHERE)('%s, %s', (_door, _transport, door, transports) => {
  test.each(Object.entries(values))('%s', async (_name, value) => {
    const io = startServer({}, door);
    const { client, socket } = await connectPair(io, '/', { transports });
    const refused = new TypeError(
      'a Blob or a File cannot be sent, only its bytes: await blob.arrayBuffer()',
    );
    expect(() => socket.emit('alone', value)).toThrow(refused);
    expect(() => socket.emit('behind bytes', Buffer.from('1'), value)).toThrow(refused);
    expect(() => socket.emit('inside', { value })).toThrow(refused);
    expect(() => io.emit('to all', value)).toThrow(refused);
    await expect(io.timeout(1000).emitWithAck('to all', value)).rejects.toEqual(refused);
    const heard = jest.fn();
    client.onAny(heard);
    socket.emit('after', await value.arrayBuffer());
    expect(await eventOf(client, 'after')).toEqual([Buffer.from('x')]);
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
