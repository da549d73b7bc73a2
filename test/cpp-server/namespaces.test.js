/** Namespaces: who may enter, what they are told, and how they leave. */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { WAYS, answerTo, eventOf, join, onEachSubject, open, record } = require('./support/rig');
const { IN_CPP } = require('./support/server-process');

onEachSubject('namespaces', (server) => {
  describe.each(WAYS)('by %s', (_, transports) => {
    test('come and go', async () => {
      const client = open(server(), '/watched', { transports });
      const heard = record(client, 'connect', 'welcome');
      await eventOf(client, 'welcome');
      expect(heard).toEqual([['connect'], ['welcome', '/watched']]);
      await answerTo(client, 'join', 'a');
      await answerTo(client, 'join', 'b');
      client.disconnect();
      await server().saw('/watched disconnect: client namespace disconnect, in 0 rooms');
      expect(await server().all()).toEqual([
        '/watched connection',
        'any: join "a"',
        'any: join "b"',
        '/watched disconnecting: client namespace disconnect, in 3 rooms: a,b',
        '/watched disconnect: client namespace disconnect, in 0 rooms',
      ]);
    });

    test.each([false, true])('the server ends it, the connection too: %s', async (close) => {
      const client = await join(server(), '/watched', { transports });
      const heard = record(client, 'too late');
      const isClosed = new Promise((resolve) => client.io.engine.once('close', resolve));
      client.emit('leave me', close);
      expect((await eventOf(client, 'disconnect'))[0]).toBe('io server disconnect');
      const end = 'server namespace disconnect, in';
      await server().saw(`/watched disconnect: ${end} 0 rooms`);
      expect((await server().all()).slice(1)).toEqual([
        `any: leave me ${close}`,
        `/watched disconnecting: ${end} 1 rooms: `,
        `/watched disconnect: ${end} 0 rooms`,
      ]);
      if (close) await isClosed;
      expect(heard).toEqual([]);
    });

    test('the connection is gone', async () => {
      const client = await join(server(), '/watched', { transports });
      client.io.engine.close();
      await server().saw('/watched disconnect: transport close, in 0 rooms');
      expect((await server().all()).slice(1)).toEqual([
        '/watched disconnecting: transport close, in 1 rooms: ',
        '/watched disconnect: transport close, in 0 rooms',
      ]);
    });

    test('several on one connection', async () => {
      const root = await join(server(), '/', { transports });
      const watched = root.io.socket('/watched');
      await eventOf(watched, 'welcome');
      expect(watched.id).not.toBe(root.id);
      const guarded = root.io.socket('/guarded', {});
      await eventOf(guarded, 'welcome');
      watched.disconnect();
      await server().saw('/watched disconnect: client namespace disconnect, in 0 rooms');
      expect(await answerTo(root, 'echo', 'still here')).toEqual(['still here']);
      expect(await answerTo(guarded, 'who am I')).toEqual([
        'of the middleware',
        [guarded.id, 'joined before'].sort(),
      ]);
      root.emit('leave me', true);
      expect((await eventOf(guarded, 'disconnect'))[0]).toBe('io server disconnect');
      await server().saw('/guarded disconnect: server namespace disconnect, in 0 rooms');
    });

    test('one that nobody serves', async () => {
      const client = open(server(), '/nowhere', { transports });
      const [error] = await eventOf(client, 'connect_error');
      expect(error.message).toBe('Invalid namespace');
      expect(error.data).toBeUndefined();
    });
  });

  test('a name is given its slash', async () => {
    expect(await answerTo(await join(server(), '/no-slash'), 'where')).toEqual(['/no-slash']);
  });

  test('a client that comes again gets another id', async () => {
    const client = await join(server(), '/watched');
    const first = client.id;
    client.disconnect().connect();
    await eventOf(client, 'connect');
    expect(client.id).not.toBe(first);
    await server().saw('/watched connection', 2);
  });

  test('the handshake is told', async () => {
    const client = await join(server(), '/watched', {
      query: { token: 'a b&é' },
      extraHeaders: { 'X-Test': 'header' },
      auth: { key: ['é', { x: null }] },
    });
    expect(await answerTo(client, 'handshake')).toEqual([
      ...['header', 'a b&é', '127.0.0.1', false, '/socket.io/'],
      { key: ['é', { x: null }] },
    ]);
    const plain = await join(server(), '/watched');
    expect(await answerTo(plain, 'handshake')).toEqual([
      ...['', '', '127.0.0.1', false, '/socket.io/'],
      {},
    ]);
  });
});

onEachSubject('middlewares', (server) => {
  test('let in', async () => {
    const client = await join(server(), '/guarded');
    expect(await answerTo(client, 'who am I')).toEqual([
      'of the middleware',
      [client.id, 'joined before'].sort(),
    ]);
    client.disconnect();
    const end = 'client namespace disconnect, in';
    await server().saw(`/guarded disconnect: ${end} 0 rooms`);
    expect(await server().all()).toEqual([
      'first middleware: not yet',
      'second middleware',
      '/guarded connection',
      `/guarded disconnecting: ${end} 2 rooms: joined before`,
      `/guarded disconnect: ${end} 0 rooms`,
    ]);
  });

  test.each([
    ['refuse', 'no', undefined],
    ['refuse with data', 'nö', { code: [1, 'x'] }],
    ['refuse late', 'too late', undefined],
  ])('%s', async (how, message, data) => {
    const client = open(server(), '/guarded', { auth: { how } });
    const [error] = await eventOf(client, 'connect_error');
    expect(error.message).toBe(message);
    expect(error.data).toEqual(data);
    expect(client.connected).toBe(false);
    // The connection is there, and may be tried again.
    client.auth = {};
    client.connect();
    await eventOf(client, 'connect');
    expect(await server().all()).toEqual([
      'first middleware: not yet',
      'first middleware: not yet',
      'second middleware',
      '/guarded connection',
    ]);
  });

  test('let in later, while other namespaces go on', async () => {
    const root = await join(server());
    const late = root.io.socket('/guarded', { auth: { how: 'late' } });
    expect(await answerTo(root, 'echo', 'meanwhile')).toEqual(['meanwhile']);
    await eventOf(late, 'connect');
    expect((await answerTo(late, 'who am I'))[0]).toBe('of the middleware');
  });

  test('a client that goes before it is let in was never there', async () => {
    const client = open(server(), '/guarded', { auth: { how: 'late' } });
    await server().saw('first middleware: not yet');
    client.disconnect();
    await delay(60);
    const [other] = [await join(server(), '/guarded')];
    expect((await answerTo(other, 'who am I'))[0]).toBe('of the middleware');
    expect((await server().all()).filter((line) => line === '/guarded connection')).toHaveLength(1);
  });
});

onEachSubject('dynamic namespaces', (server) => {
  test('are made when somebody asks, and kept', async () => {
    const [a, b] = [await join(server(), '/dynamic-1'), await join(server(), '/dynamic-1')];
    const c = await join(server(), '/dynamic-2');
    expect(await answerTo(a, 'where')).toEqual(['/dynamic-1']);
    expect(await answerTo(c, 'where')).toEqual(['/dynamic-2']);
    const heard = [a, b, c].map((client) => record(client, 'all'));
    a.emit('all', 'here');
    await Promise.all([a, b, c].map((client) => answerTo(client, 'where')));
    await Promise.all([a, b, c].map((client) => answerTo(client, 'where')));
    expect(heard).toEqual([[['all', 'here']], [['all', 'here']], []]);
    expect(await server().all()).toEqual([
      'made /dynamic-1',
      '/dynamic-1 connection',
      '/dynamic-1 connection',
      'made /dynamic-2',
      '/dynamic-2 connection',
    ]);
    const name = '/dynamic-é %2F?a=b&c';
    const odd = a.io.socket(name, {});
    await eventOf(odd, 'connect');
    expect(await answerTo(odd, 'where')).toEqual([name]);
  });

  test('are served for those whose handshake says so', async () => {
    const refused = open(server(), '/asked-for');
    expect((await eventOf(refused, 'connect_error'))[0].message).toBe('Invalid namespace');
    const client = await join(server(), '/asked-for', { auth: { please: 1 } });
    expect(client.connected).toBe(true);
  });
});

onEachSubject(
  'what only C++ promises',
  (server) => {
    test.each(['/thrown', '/undecided'])('nobody waits in vain: %s', async (nsp) => {
      const client = open(server(), nsp);
      expect((await eventOf(client, 'connect_error'))[0].message).toBe('Internal error');
      if (nsp === '/thrown') await server().saw('thrown by connection: of a middleware');
    });

    test('a middleware decides once', async () => {
      const client = await join(server(), '/twice');
      const heard = record(client, 'connect_error', 'disconnect');
      await delay(20);
      expect(heard).toEqual([]);
    });
  },
  { subjects: [IN_CPP] },
);
