'use strict';

/** Every packet that is emitted before a connection is closed for good arrives, however they are fetched. */

const { once } = require('node:events');
const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const { cleanUp, connectPair, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

describe.each(EVERYWHERE)(
  '%s, %s: packets of one turn before a close',
  (_door, _transport, door, transports) => {
    test.each([
      ['conn.close(true)', ({ socket }) => socket.conn.close(true)],
      ['disconnect(true)', ({ socket }) => socket.disconnect(true)],
    ])('%s', async (_name, close) => {
      const io = startServer({}, door);
      const pair = await connectPair(io, '/', { transports });
      /** @type {any[]} */
      const got = [];
      pair.client.onAny((/** @type {any[]} */ ...args) => got.push(args));
      const left = once(pair.client, 'disconnect');
      await new Promise(setImmediate); // a turn of its own, in no batch of the I/O threads
      for (let i = 0; i < 5; i++) pair.socket.emit('packet', i, Buffer.from([i]));
      close(pair);
      await left;
      expect(got).toEqual(Array.from({ length: 5 }, (_, i) => ['packet', i, Buffer.from([i])]));
    });
  },
);
