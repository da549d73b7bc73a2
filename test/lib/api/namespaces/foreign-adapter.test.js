'use strict';

/**
 * Adapters that come with another base class (the user's copy of socket.io-adapter) write to socket after
 * socket. What arrives is the same on all subjects; on ours it crosses to the I/O threads once, however many
 * get it.
 */

const { Adapter } = require('socket.io-adapter');
const {
  cleanUp,
  connectPair,
  connectRaw,
  eventOf,
  openClient,
  startServer,
} = require('../../../support/rigs/rig');
const { isOurs } = require('../../../support/subjects/subject');

afterEach(cleanUp);

/**
 * Raw clients in "/", each with its socket.
 * @param {any} io
 * @param {number} count
 */
async function connectMany(io, count) {
  const all = [];
  while (all.length < count) all.push(await connectRaw(io));
  return all;
}

/**
 * The sizes of what crosses to the I/O threads from now on: numbers and bytes.
 * @param {any} io
 */
function watchCrossings(io) {
  const { commands } = io.engine;
  const { native } = commands;
  /** @type {{ numbers: number, bytes: number }[]} */
  const crossings = [];
  commands.native = {
    flush(/** @type {any[]} */ ...args) {
      const [, numbers, text, values] = args;
      const bytes = [text, ...values].reduce((sum, { length }) => sum + length, 0);
      crossings.push({ numbers, bytes });
      return native.flush(...args);
    },
  };
  return crossings;
}

/** @param {any} raw @param {number} count */
async function take(raw, count) {
  const messages = [];
  while (messages.length < count) messages.push(await raw.next());
  return messages;
}

/** An adapter that does the same as the genuine one, in another way. @param {any} write */
const adapterOf = (write) =>
  class extends Adapter {
    broadcast(packet, opts) {
      packet.nsp = this.nsp.name;
      const sockets = [];
      this.apply(opts, (socket) => sockets.push(socket));
      write(sockets, packet, this.encoder);
    }
  };

describe('a broadcast of the genuine adapter', () => {
  const large = 'é'.repeat(300_000);

  test.each([
    ['a short text', ['short'], 40],
    ['a text that is larger than a batch', [large], large.length + 40],
    ['attachments', [Buffer.alloc(9000, 'a'), Buffer.from('b')], 9200],
  ])(
    '%s: each client gets it, and it crosses once after the first of them',
    async (_name, args, most) => {
      const io = startServer({ adapter: Adapter, ioThreads: 2 });
      const all = await connectMany(io, 20);
      const crossings = isOurs ? watchCrossings(io) : [];
      io.emit('m', ...args);
      const binaries = args.filter(Buffer.isBuffer);
      const expected = io.encoder.encode({ type: 2, nsp: '/', data: ['m', ...args] });
      for (const { raw } of all) {
        const [head, ...attachments] = await take(raw, 1 + binaries.length);
        expect(head).toBe(`4${expected[0]}`);
        expect(attachments).toEqual(binaries);
      }
      if (!isOurs) return;
      // The first packet of a turn leaves at once, and another flush may be due on a busy machine.
      expect(crossings.length).toBeLessThan(10);
      for (const { bytes } of crossings) expect(bytes).toBeLessThan(most);
      expect(crossings[0].numbers).toBeLessThan(10);
      const numbers = crossings.reduce((sum, crossing) => sum + crossing.numbers, 0);
      expect(numbers).toBeLessThan(20 * 3 + 10 * crossings.length);
    },
  );

  test('clients of both transports, one of them compressed, get it', async () => {
    const io = startServer({ adapter: Adapter, perMessageDeflate: true, allowEIO3: true });
    const all = [
      await connectPair(io, '/', { transports: ['polling'] }),
      await connectPair(io, '/', { perMessageDeflate: true }),
      await connectPair(io, '/', { perMessageDeflate: false }),
    ];
    const text = 'é'.repeat(5000);
    const received = Promise.all(all.map(({ client }) => eventOf(client, 'm')));
    io.emit('m', text, Buffer.from('b'));
    for (const args of await received) expect(args).toEqual([text, Buffer.from('b')]);
  });

  test('it keeps its place among other messages to the same clients', async () => {
    const io = startServer({ adapter: Adapter, ioThreads: 2 });
    const all = await connectMany(io, 5);
    // What is sent while it goes from client to client, to any of them, stands where it was sent.
    for (const { socket } of all) {
      socket.onAnyOutgoing((event) => {
        if (event === 'b') for (const other of all) other.socket.emit('seen');
      });
    }
    for (const { socket } of all) socket.emit('a');
    io.emit('b', Buffer.from('x'));
    for (const { socket } of all) socket.emit('c');
    for (const [index, { raw }] of all.entries()) {
      const messages = await take(raw, 5 + 4);
      const expected = Array(7).fill('42["seen"]');
      expected[0] = '42["a"]';
      expected[6] = '42["c"]';
      expected.splice(2 + index, 0, '451-["b",{"_placeholder":true,"num":0}]', Buffer.from('x'));
      expect(messages).toEqual(expected);
    }
  });

  test('the same event again is another packet', async () => {
    const io = startServer({ adapter: Adapter });
    const all = await connectMany(io, 3);
    const bytes = Buffer.from('1');
    for (const text of ['1', '2', '3']) {
      // The genuine engine may still be holding the Buffer of before.
      if (isOurs) bytes.write(text);
      io.emit('m', isOurs ? bytes : Buffer.from(text));
      io.emit('same');
    }
    for (const { raw } of all) {
      const attachments = (await take(raw, 9)).filter(Buffer.isBuffer);
      expect(attachments.join()).toBe('1,2,3');
    }
  });

  test('who is gone in the middle of it is left out', async () => {
    const io = startServer({ adapter: Adapter });
    const all = await connectMany(io, 4);
    all[1].socket.onAnyOutgoing(() => {
      all[2].socket.conn.close();
      all[3].socket.disconnect();
    });
    io.emit('m');
    await all[2].raw.closed;
    expect(await all[0].raw.next()).toBe('42["m"]');
    expect(await all[1].raw.next()).toBe('42["m"]');
    expect(await all[3].raw.next()).toBe('41');
  });

  test('volatile packets reach clients that are ready', async () => {
    const io = startServer({ adapter: Adapter });
    const all = await connectMany(io, 3);
    io.volatile.emit('m');
    for (const { raw } of all) expect(await raw.next()).toBe('42["m"]');
  });

  test('listeners of packetCreate see each recipient', async () => {
    const io = startServer({ adapter: Adapter });
    const all = await connectMany(io, 3);
    const seen = [];
    for (const { socket } of all) {
      socket.conn.on('packetCreate', ({ type, data }) => seen.push([socket.id, type, data]));
    }
    io.emit('m');
    expect(seen).toEqual(all.map(({ socket }) => [socket.id, 'message', '2["m"]']));
  });
});

describe('an adapter of its own kind', () => {
  const options = { preEncoded: true };

  test.each([
    ['a text', (sockets) => ['2["m",1]', '2["m",2]'].map((text) => [sockets, text])],
    [
      'an array that is filled again',
      (sockets) => {
        const array = [''];
        return ['2["m",1]', '2["m",2]'].map((text) => [
          sockets,
          () => {
            array[0] = text;
            return array;
          },
        ]);
      },
    ],
  ])('writes %s', async (_name, plan) => {
    const adapter = adapterOf((sockets) => {
      for (const [targets, encoded] of plan(sockets)) {
        const messages = typeof encoded === 'function' ? encoded() : encoded;
        for (const socket of targets) socket.client.writeToEngine(messages, options);
      }
    });
    const io = startServer({ adapter });
    const all = await connectMany(io, 3);
    io.emit('m');
    for (const { raw } of all) expect(await take(raw, 2)).toEqual(['42["m",1]', '42["m",2]']);
  });

  test('writes a packet thousands of times to the same clients', async () => {
    const times = 2500;
    const adapter = adapterOf((sockets, packet, encoder) => {
      const encoded = encoder.encode(packet);
      for (let i = 0; i < times; i++) {
        for (const socket of sockets) socket.client.writeToEngine(encoded, options);
      }
    });
    const io = startServer({ adapter });
    const all = await connectMany(io, 3);
    io.emit('m');
    io.of('/').sockets.forEach((socket) => socket.emit('end'));
    for (const { raw } of all) {
      const messages = await take(raw, times + 1);
      expect(messages.filter((message) => message === '42["m"]')).toHaveLength(times);
      expect(messages.at(-1)).toBe('42["end"]');
    }
  });
});

test('an acknowledged broadcast of the genuine adapter', async () => {
  const io = startServer({ adapter: Adapter });
  const clients = ['one', 'two', 'three'].map((name) => {
    const client = openClient(io);
    client.on('ask', (ack) => ack(name));
    return eventOf(client, 'connect');
  });
  await Promise.all(clients);
  const answers = await io.timeout(5000).emitWithAck('ask');
  expect(answers.sort()).toEqual(['one', 'three', 'two']);
});
