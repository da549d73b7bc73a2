/** Events and acknowledgements, with the official client on every transport. */
'use strict';

const { WAYS, answerTo, eventOf, join, onEachSubject, open, record } = require('./support/rig');

/** What JSON and attachments can carry. */
const VALUES = [
  null,
  true,
  0,
  -1.5,
  1e21,
  5e-324,
  2 ** 53,
  '',
  'é 😀 \u2028 " \\ \0 \x1f /',
  [],
  {},
  [[], [[{}]]],
  { a: { b: [1, { c: null }] }, '': 1, 'ké"y': 2 },
  Object.fromEntries([['__proto__ ', 1]]),
  'x'.repeat(70_000),
];

onEachSubject('events', (server) => {
  describe.each(WAYS)('by %s', (_way, transports) => {
    test('the first events come behind the connection', async () => {
      const client = open(server(), '/', { transports });
      const heard = record(client, 'connect', 'hello');
      await eventOf(client, 'hello');
      expect(heard).toEqual([['connect'], ['hello', client.id, 4]]);
    });

    test('whatever can be sent comes back as it was', async () => {
      const client = await join(server(), '/', { transports });
      for (const value of VALUES) {
        client.emit('echo', value, 'behind');
        expect(await eventOf(client, 'echo')).toEqual([value, 'behind']);
        expect(await answerTo(client, 'echo', value, 'behind')).toEqual([value, 'behind']);
      }
      client.emit('echo');
      expect(await eventOf(client, 'echo')).toEqual([]);
      expect(await answerTo(client, 'echo')).toEqual([]);
    });

    test('bytes, alone and inside', async () => {
      const client = await join(server(), '/', { transports });
      const args = [
        Buffer.from('one'),
        { list: [Buffer.alloc(0), { deep: Buffer.alloc(70_000, 7) }], plain: 1 },
        'text',
        Buffer.from([0, 255]),
      ];
      client.emit('echo', ...args);
      expect(await eventOf(client, 'echo')).toEqual(args);
      expect(await answerTo(client, 'echo', ...args)).toEqual(args);
      expect(await answerTo(client, 'bytes', Buffer.from('abc'))).toEqual([3, Buffer.from('cba')]);
      client.emit('bytes', Buffer.from('abc'));
      expect(await eventOf(client, 'bytes')).toEqual([Buffer.from('cba'), 'behind']);
    });

    test('the same bytes stand in two places', async () => {
      const client = await join(server(), '/', { transports });
      const bytes = Buffer.from('twice');
      client.emit('echo', bytes, { again: bytes });
      expect(await eventOf(client, 'echo')).toEqual([bytes, { again: bytes }]);
    });

    test('many events keep their order, in both directions', async () => {
      const client = await join(server(), '/', { transports });
      const heard = record(client, 'number', 'echo');
      client.emit('numbers', 200);
      for (let i = 0; i < 100; i++) client.emit('echo', i, i % 10 ? 'x' : Buffer.from([i]));
      await answerTo(client, 'echo');
      expect(heard).toEqual([
        ...Array.from({ length: 200 }, (_, i) => ['number', i]),
        ...Array.from({ length: 100 }, (_, i) => ['echo', i, i % 10 ? 'x' : Buffer.from([i])]),
      ]);
    });
  });

  test('names of events', async () => {
    const client = await join(server());
    for (const event of ['', '__proto__']) {
      client.emit(event, 1);
      expect(await eventOf(client, event)).toEqual([1]);
    }
    client.emit(/** @type {any} */ (5), 'five');
    expect(await eventOf(client, 'number')).toEqual(['five']);
  });

  test('an event that nobody handles is passed over', async () => {
    const client = await join(server());
    client.emit('nobody', 1);
    client.emit('constructor', 1, () => {});
    expect(await answerTo(client, 'echo', 'after')).toEqual(['after']);
  });

  test('a handler that throws harms nobody', async () => {
    const client = await join(server());
    client.emit('throw');
    await server().saw('thrown by throw: of the test');
    expect(await answerTo(client, 'echo', 'after')).toEqual(['after']);
  });

  test('data of each socket', async () => {
    const [one, other] = [await join(server()), await join(server())];
    expect(await answerTo(one, 'count')).toEqual([1]);
    expect(await answerTo(one, 'count')).toEqual([2]);
    expect(await answerTo(other, 'count')).toEqual([1]);
  });

  test('names that the library keeps for itself are not sent', async () => {
    const client = await join(server());
    expect(await answerTo(client, 'reserved')).toEqual([true]);
    expect(client.connected).toBe(true);
  });

  test('a volatile event comes to who can take it', async () => {
    const client = await join(server());
    client.emit('volatile', 'now');
    expect(await eventOf(client, 'volatile')).toEqual(['now']);
  });
});

onEachSubject('typed arguments', (server) => {
  const RIGHT = ['text', 1.5, 7, true, ['a', 'b'], { a: 1 }, { x: 1, y: -2, name: 'p' }];

  test('are read, and written', async () => {
    const client = await join(server());
    expect(await answerTo(client, 'typed', ...RIGHT)).toEqual(RIGHT);
  });

  test('null and what is absent are nothing', async () => {
    const client = await join(server());
    const point = { x: 0, y: 0 };
    expect(await answerTo(client, 'typed', '', 0, null, false, [], {}, point)).toEqual([
      ...['', 0, null, false, [], {}],
      { ...point, name: null },
    ]);
  });

  test('further ones are passed over, in objects too', async () => {
    const client = await join(server());
    const point = { z: [1, { y: 5 }], y: 2, x: 1, name: null };
    const answer = await answerTo(client, 'typed', ...RIGHT.slice(0, 6), point, 'more', 1);
    expect(answer).toEqual([...RIGHT.slice(0, 6), { x: 1, y: 2, name: null }]);
  });

  /** @type {[string, number, any][]} */
  const WRONG = [
    ['a number for a text', 0, 5],
    ['null for a text', 0, null],
    ['a text for a number', 1, '1.5'],
    ['a fraction for a whole number', 2, 1.5],
    ['a whole number beyond its type', 2, 2 ** 31],
    ['a number for a flag', 3, 1],
    ['an object for a list', 4, {}],
    ['a list with something else in it', 4, ['a', 1]],
    ['a list for a map', 5, []],
    ['a map with something else in it', 5, { a: '1' }],
    ['a list for an object', 6, []],
    ['an object without a member', 6, { x: 1 }],
    ['an object with another member', 6, { x: 1, y: '2' }],
    ['bytes for a text', 0, Buffer.from('bytes')],
  ];

  test.each(WRONG)('%s', async (_, index, value) => {
    const client = await join(server());
    const args = RIGHT.with(index, value);
    client.emit('typed', ...args, () => {
      throw new Error('there is an answer');
    });
    await server().saw('bad arguments of typed');
    expect(await answerTo(client, 'typed', ...RIGHT)).toEqual(RIGHT);
  });

  test.each([[['text']], [[5]], [[null]], [[]], [[[Buffer.from('inside')]]]])(
    'no bytes: %j',
    async (args) => {
      const client = await join(server());
      client.emit('bytes', ...args);
      await server().saw('bad arguments of bytes');
      expect(await answerTo(client, 'bytes', Buffer.from('x'))).toEqual([1, Buffer.from('x')]);
    },
  );
});

onEachSubject('acknowledgements', (server) => {
  /** @param {any} client @param {(question: string) => any} answer */
  const answering = (client, answer) =>
    client.on('question', (/** @type {any} */ question, /** @type {any} */ ack) =>
      ack(answer(question)),
    );

  test('a client is answered once', async () => {
    const client = await join(server());
    /** @type {any[]} */
    const answers = [];
    client.emit('twice', (/** @type {any} */ answer) => answers.push(answer));
    await answerTo(client, 'echo');
    expect(answers).toEqual(['first']);
  });

  test('a client is answered later, and out of order', async () => {
    const client = await join(server());
    /** @type {string[]} */
    const order = [];
    const later = answerTo(client, 'later', 30).then(() => order.push('later'));
    const soon = answerTo(client, 'echo').then(() => order.push('soon'));
    await Promise.all([later, soon]);
    expect(order).toEqual(['soon', 'later']);
  });

  describe.each(WAYS)('by %s', (_way, transports) => {
    test('a client answers', async () => {
      const client = await join(server(), '/', { transports });
      answering(client, (question) => `${question}? yes`);
      expect(await answerTo(client, 'ask', 'well', 10_000)).toEqual([null, 'well? yes']);
    });

    test('a client answers with bytes', async () => {
      const client = await join(server(), '/', { transports });
      answering(client, (question) => Buffer.from(question));
      expect(await answerTo(client, 'ask for bytes')).toEqual([null, Buffer.from('bytes')]);
    });
  });

  test('a client does not answer in time', async () => {
    const client = await join(server());
    /** @type {(answer: string) => void} */
    let answerLate = () => {};
    client.on('question', (/** @type {any} */ _question, /** @type {any} */ ack) => {
      answerLate = ack;
    });
    expect(await answerTo(client, 'ask', 'well', 20)).toEqual(['timeout']);
    answerLate('too late');
    expect(await answerTo(client, 'echo', 'after')).toEqual(['after']);
  });

  test('a client is gone before it answers', async () => {
    const client = await join(server());
    client.emit('ask and leave');
    expect(await eventOf(client, 'disconnect')).toEqual(['io server disconnect', undefined]);
    await server().saw('not answered: the socket is gone');
  });

  test('many questions at once', async () => {
    const client = await join(server());
    answering(client, (question) => `${question}!`);
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => answerTo(client, 'ask', `${i}`, 10_000)),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => [null, `${i}!`]));
  });

  test('all of a room answer, or some of them in time', async () => {
    const members = [];
    for (const name of ['b', 'a', 'c']) {
      const member = await join(server());
      await answerTo(member, 'join', 'those who answer');
      answering(member, () => name);
      members.push(member);
    }
    const [asker] = members;
    expect(await answerTo(asker, 'ask all', 'those who answer', 10_000)).toEqual([
      false,
      ['a', 'b', 'c'],
    ]);
    members[1].off('question');
    expect(await answerTo(asker, 'ask all', 'those who answer', 300)).toEqual([true, ['b', 'c']]);
    expect(await answerTo(asker, 'ask all', 'nobody', 10_000)).toEqual([false, []]);
  });
});
