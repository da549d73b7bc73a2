/** The official client of Socket.IO 2, which speaks revision 3 of Engine.IO's protocol. */
'use strict';

const { WAYS, answerTo, eventOf, join, onEachSubject, open, record } = require('./support/rig');

onEachSubject('a client of Socket.IO 2', (server) => {
  describe.each(WAYS)('by %s', (_, transports) => {
    const options = { transports, version: 2 };

    test('events, answers and bytes', async () => {
      const client = open(server(), '/', options);
      expect(await eventOf(client, 'hello')).toEqual([expect.stringMatching(/^[\w-]{20}$/), 3]);
      const args = ['é\u2028 😀', { a: [null, 1.5] }, 7];
      client.emit('echo', ...args);
      expect(await eventOf(client, 'echo')).toEqual(args);
      expect(await answerTo(client, 'echo', ...args)).toEqual(args);
      const bytes = [Buffer.from('one'), { two: [Buffer.alloc(2000, 2)] }];
      client.emit('echo', ...bytes);
      expect(await eventOf(client, 'echo')).toEqual(bytes);
      expect(await answerTo(client, 'echo', ...bytes)).toEqual(bytes);
      client.emit('numbers', 30);
      client.emit('bytes', Buffer.from('abc'));
      expect(await eventOf(client, 'bytes')).toEqual([Buffer.from('cba'), 'behind']);
    });

    test('questions of the server', async () => {
      const client = await join(server(), '/', options);
      client.on('question', (/** @type {any} */ question, /** @type {any} */ ack) => {
        ack(question === 'bytes' ? Buffer.from('b') : `${question}!`);
      });
      expect(await answerTo(client, 'ask', 'well', 10_000)).toEqual([null, 'well!']);
      expect(await answerTo(client, 'ask for bytes')).toEqual([null, Buffer.from('b')]);
    });

    test('broadcasts, beside clients of today', async () => {
      const old = await join(server(), '/', options);
      const today = await join(server());
      const heard = [old, today].map((client) => record(client, 'said', 'relay'));
      const what = { text: 'é', bytes: Buffer.from([0, 255]) };
      await answerTo(old, 'join', 'of both');
      await answerTo(today, 'join', 'of both');
      today.emit('relay', what, 'from today');
      await answerTo(today, 'echo');
      old.emit('relay', what, 'from before');
      old.emit('say', { from: 'namespace', to: ['of both'] }, what);
      for (const client of [old, today, old, today]) await answerTo(client, 'echo');
      expect(heard).toEqual([
        [
          ['relay', what, 'from today'],
          ['said', what],
        ],
        [
          ['relay', what, 'from before'],
          ['said', what],
        ],
      ]);
    });

    test('namespaces', async () => {
      const client = await join(server(), '/watched', options);
      await answerTo(client, 'join', 'a');
      client.disconnect();
      await server().saw('/watched disconnect: client namespace disconnect, in 0 rooms');
      const dynamic = await join(server(), '/dynamic-2', options);
      expect(await answerTo(dynamic, 'where')).toEqual(['/dynamic-2']);
      const nowhere = open(server(), '/nowhere', options);
      expect(await eventOf(nowhere, 'error')).toEqual([{ message: 'Invalid namespace' }]);
    });

    test('the server ends it', async () => {
      const client = await join(server(), '/watched', options);
      client.emit('leave me', false);
      expect((await eventOf(client, 'disconnect'))[0]).toBe('io server disconnect');
      const other = await join(server(), '/watched', options);
      other.emit('leave me', true);
      expect(await eventOf(other, 'disconnect')).toHaveLength(1);
    });
  });

  test('the query of a namespace is its auth', async () => {
    const client = await join(server(), '/watched?token=a%20b&key=%C3%A9', { version: 2 });
    const answer = await answerTo(client, 'handshake');
    expect(answer).toEqual([
      ...['', 'a b', '127.0.0.1', false, '/socket.io/'],
      { token: 'a b', key: 'é' },
    ]);
  });

  test('a refusal of a middleware: its data, or its words', async () => {
    const refused = async (/** @type {string} */ how) =>
      eventOf(open(server(), `/guarded?how=${how}`, { version: 2 }), 'error');
    expect(await refused('refuse')).toEqual(['no']);
    expect(await refused('refuse%20with%20data')).toEqual([{ code: [1, 'x'] }]);
  });

  test('a refusal', async () => {
    const client = open(server(), '/asked-for', { version: 2 });
    expect(await eventOf(client, 'error')).toEqual([{ message: 'Invalid namespace' }]);
  });

  test('a pong to its ping', async () => {
    const client = open(server(), '/', { version: 2 });
    await eventOf(client, 'connect');
    client.io.engine.sendPacket('ping');
    await new Promise((resolve) => client.io.engine.once('heartbeat', resolve));
  });
});

onEachSubject(
  'without its protocol',
  (server) => {
    test('a client of Socket.IO 2 is refused', async () => {
      const client = open(server(), '/', { version: 2, transports: ['polling'] });
      await eventOf(client, 'connect_error');
      expect(client.connected).toBe(false);
    });
  },
  { options: { allowEIO3: false } },
);
