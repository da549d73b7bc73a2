/** Rooms and broadcasts: who gets what, over every transport, on one I/O thread and across three. */
'use strict';

const { WAYS, answerTo, eventOf, join, onEachSubject, record } = require('./support/rig');

onEachSubject('rooms', (server) => {
  /** Some clients, and all that each is sent by the others. @param {number} count */
  async function crowd(count, options = {}) {
    const members = [];
    for (let i = 0; i < count; i++) {
      const client = await join(server(), '/', options);
      members.push({ client, heard: record(client, 'said', 'relay') });
    }
    return members;
  }

  /** Waits until every client has had all that was sent before. @param {{ client: any }[]} members */
  async function settled(members) {
    for (let round = 0; round < 2; round++) {
      await Promise.all(members.map(({ client }) => answerTo(client, 'echo')));
    }
  }

  test('a socket is in its own room, and in those that it joins', async () => {
    const client = await join(server());
    const { id } = client;
    /** @type {[string, string, string[]][]} */
    const steps = [
      ['join', 'a', [id, 'a']],
      ['join', 'b', [id, 'a', 'b']],
      ['join', 'a', [id, 'a', 'b']],
      ['leave', 'a', [id, 'b']],
      ['leave', 'nowhere', [id, 'b']],
      ['leave', id, ['b']],
      ['join', id, ['b', id]],
      ['join', '', ['b', id, '']],
    ];
    for (const [what, room, rooms] of steps) {
      expect(await answerTo(client, what, room)).toEqual([rooms.sort()]);
    }
  });

  describe.each(WAYS)('by %s', (_, transports) => {
    test('whom a broadcast reaches', async () => {
      const members = await crowd(4, { transports });
      const [a, b, c, d] = members;
      for (const [{ client }, rooms] of [
        [a, ['x', 'y']],
        [b, ['x']],
        [c, ['y', 'z']],
      ]) {
        for (const room of rooms) await answerTo(client, 'join', room);
      }
      const say = (choice, what) => a.client.emit('say', choice, what);
      say({}, 'all others');
      say({ from: 'namespace' }, 'all');
      say({ to: ['x'] }, 'others of x');
      say({ from: 'namespace', to: ['x'] }, 'x');
      say({ from: 'namespace', to: ['x', 'y'] }, 'x and y, each once');
      say({ from: 'namespace', to: ['x', 'y'], except: ['z'] }, 'without z');
      say({ except: ['x'] }, 'others without x');
      say({ from: 'namespace', except: ['x', 'z'] }, 'without x and z');
      say({ to: [d.client.id] }, 'one by its id');
      say({ from: 'namespace', except: [d.client.id] }, 'all but one');
      say({ to: ['nobody'] }, 'nobody');
      say({ to: ['nobody', 'z'] }, 'z');
      say({ to: ['x'], compress: false }, 'others of x, plain');
      await settled(members);
      const texts = members.map(({ heard }) => heard.map(([, text]) => text));
      expect(texts).toEqual([
        ['all', 'x', 'x and y, each once', 'without z', 'all but one'],
        [
          ...['all others', 'all', 'others of x', 'x', 'x and y, each once', 'without z'],
          ...['all but one', 'others of x, plain'],
        ],
        [
          ...['all others', 'all', 'x and y, each once', 'others without x'],
          ...['all but one', 'z'],
        ],
        ['all others', 'all', 'others without x', 'without x and z', 'one by its id'],
      ]);
    });

    test('bytes are relayed to all others', async () => {
      const members = await crowd(3, { transports });
      const what = { text: 'é', list: [Buffer.from('one'), { two: Buffer.alloc(70_000, 2) }] };
      const [{ client }] = members;
      client.emit('relay', what, 1, Buffer.from('three'));
      client.emit('say', { from: 'namespace' }, what);
      client.emit('say', { from: 'namespace' }, Buffer.from('alone'));
      await settled(members);
      const said = [
        ['said', what],
        ['said', Buffer.from('alone')],
      ];
      const relayed = ['relay', what, 1, Buffer.from('three')];
      expect(members.map(({ heard }) => heard)).toEqual([
        said,
        [relayed, ...said],
        [relayed, ...said],
      ]);
    });
  });

  test('a room that its last member has left is empty, and can be joined again', async () => {
    const members = await crowd(2);
    const [a, b] = members;
    await answerTo(b.client, 'join', 'r');
    a.client.emit('say', { to: ['r'] }, 'one');
    await settled(members);
    await answerTo(b.client, 'leave', 'r');
    a.client.emit('say', { to: ['r'] }, 'two');
    await settled(members);
    await answerTo(b.client, 'join', 'r');
    a.client.emit('say', { to: ['r'] }, 'three');
    await settled(members);
    expect(b.heard.map(([, text]) => text)).toEqual(['one', 'three']);
  });

  test('a room by its number', async () => {
    const members = await crowd(2);
    await answerTo(members[1].client, 'join', 'by number');
    members[0].client.emit('say by number', 'by number', 'found');
    await settled(members);
    expect(members.map(({ heard }) => heard.length)).toEqual([0, 1]);
  });

  test('many rooms of one socket', async () => {
    const client = await join(server());
    expect(await answerTo(client, 'join many', 5000)).toEqual([5001]);
    const members = [{ client, heard: record(client, 'said') }, ...(await crowd(1))];
    members[1].client.emit('say', { to: ['room 4999'] }, 'the last');
    await settled(members);
    expect(members[0].heard).toEqual([['said', 'the last']]);
  });

  test('a volatile broadcast comes to who can take it', async () => {
    const members = await crowd(2);
    await settled(members);
    members[0].client.emit('say', { from: 'namespace', isVolatile: true }, 'now');
    await Promise.all(members.map(({ client }) => eventOf(client, 'said')));
  });

  test('who is there, and where', async () => {
    const members = await crowd(3);
    const [a, b, c] = members.map(({ client }) => client);
    await answerTo(a, 'join', 'seen');
    await answerTo(b, 'join', 'seen');
    await answerTo(b, 'join', 'also');
    const told = (/** @type {any[]} */ clients, /** @type {Map<any, string[]>} */ rooms) =>
      clients
        .map((client) => [client.id, [client.id, ...(rooms.get(client) ?? [])].sort()])
        .sort(([one], [other]) => (one < other ? -1 : 1));
    const rooms = new Map([
      [a, ['seen']],
      [b, ['seen', 'also']],
    ]);
    const who = async (/** @type {any} */ choice) => (await answerTo(a, 'who', choice))[0];
    expect(await who({ from: 'namespace', to: ['seen'] })).toEqual(told([a, b], rooms));
    expect(await who({ to: ['seen'] })).toEqual(told([b], rooms));
    expect(await who({ to: ['also', 'seen', c.id] })).toEqual(told([b, c], rooms));
    expect(await who({ from: 'namespace', to: ['seen'], except: ['also'] })).toEqual(
      told([a], rooms),
    );
    expect(await who({ to: ['nobody'] })).toEqual([]);
    expect(await who({ from: 'namespace' })).toEqual(told([a, b, c], rooms));
    expect(await answerTo(a, 'size')).toEqual([3]);
  });

  test('all of them join and leave', async () => {
    const members = await crowd(3);
    const [a, b, c] = members;
    await answerTo(b.client, 'join', 'old');
    a.client.emit('all join', { from: 'namespace', to: ['old', c.client.id] }, 'new');
    await settled(members);
    a.client.emit('say', { to: ['new'] }, 'one');
    a.client.emit('all leave', { to: ['old'] }, 'new');
    await settled(members);
    a.client.emit('say', { to: ['new'] }, 'two');
    await settled(members);
    expect(members.map(({ heard }) => heard.map(([, text]) => text))).toEqual([
      [],
      ['one'],
      ['one', 'two'],
    ]);
  });

  test.each([false, true])(
    'what a handler does to many is done in its order: rooms too, %s',
    async (moved) => {
      const members = await crowd(7);
      const [{ client: first }, ...others] = members;
      const gone = others.map(({ client }) => eventOf(client, 'disconnect'));
      first.emit('goodbye', {}, moved);
      for (const [reason] of await Promise.all(gone)) expect(reason).toBe('io server disconnect');
      expect(others.map(({ heard }) => heard)).toEqual(others.map(() => [['said', 'goodbye']]));
    },
  );

  test.each([false, true])('all of them are thrown out, the connection too: %s', async (close) => {
    const members = await crowd(3);
    const [a, b, c] = members.map(({ client }) => client);
    await answerTo(b, 'join', 'out');
    const elsewhere = b.io.socket('/watched');
    await eventOf(elsewhere, 'connect');
    const left = eventOf(elsewhere, 'disconnect');
    left.catch(() => {}); // it may stay
    const gone = eventOf(b, 'disconnect');
    a.emit('all out', { from: 'namespace', to: ['out'] }, close);
    expect((await gone)[0]).toBe('io server disconnect');
    await settled([{ client: a }, { client: c }]);
    expect(await answerTo(a, 'size')).toEqual([2]);
    expect([a.connected, b.connected, c.connected]).toEqual([true, false, true]);
    if (close) expect((await left)[0]).toBe('io server disconnect');
    else expect(await answerTo(elsewhere, 'join', 'stays')).toEqual([]);
  });
});
