'use strict';

/**
 * The packed package in the place of socket.io, put there by npm's alias, under the tools that look into it.
 * The admin UI reads its members, and OpenTelemetry patches its files by their paths.
 */

const { listTree } = require('./support/apps');
const { observe } = require('./support/admin');
const { packageIn, useApp, useRegistry } = require('./support/use-app');

const from = useRegistry();

describe('the admin UI', () => {
  const use = useApp('admin-ui', from);

  test('npm accepts the peers that adapters and tools ask for', async () => {
    const tree = await listTree(use.folder);
    for (const name of [
      'socket.io@npm:beast.io',
      '@socket.io/redis-adapter',
      '@socket.io/admin-ui',
    ]) {
      expect(tree).toContain(name);
    }
  });

  test('is told the same as by the genuine package', async () => {
    const [ours, genuine] = await Promise.all(
      use.app.ports.map((/** @type {number} */ port) =>
        observe((options, nsp) => use.connect(options, nsp, port)),
      ),
    );
    expect(ours).toEqual(genuine);
    expect(ours).toMatchObject({
      pollingClientsCount: 1,
      namespaces: [
        { name: '/', socketsCount: 3 },
        { name: '/chat', socketsCount: 1 },
        { name: '/admin', socketsCount: 1 },
      ],
      sums: { rawConnection: 4, 'rawDisconnection forced close': 1 },
    });
  });
});

describe('OpenTelemetry', () => {
  const use = useApp('opentelemetry', from);

  test('npm accepts the tree', async () => {
    expect(await listTree(use.folder)).toContain('socket.io@npm:beast.io@');
  });

  test('every event is traced', async () => {
    const client = use.connect();
    await client.emitWithAck('hello', 'ada');
    const spans = await use.get('/spans');
    const summary = spans.map((/** @type {any} */ { name, attributes }) => [
      name,
      attributes['messaging.socket.io.event_name'],
      attributes['messaging.socket.io.rooms'],
      attributes['messaging.destination'],
    ]);
    // A span ends after those that it caused.
    expect(summary).toEqual([
      ['receive /', 'connection', undefined, '/'],
      ['send /', 'greeting', [client.id], '/'],
      ['send /', 'to room', ['room'], '/'],
      ['send /', 'to all', undefined, '/'],
      ['receive /', 'hello', undefined, '/'],
    ]);
  });
});

describe('two copies in one process', () => {
  const use = useApp('two-copies', from);

  test('each serves its clients with a binary of its own', async () => {
    expect(packageIn(use.folder, 'beast.io')).toEqual(packageIn(use.folder, 'socket.io'));
    const answers = [];
    for (const [index, port] of use.app.ports.entries()) {
      for (let count = 0; count <= index; count++) {
        const transports = [count === 0 ? 'websocket' : 'polling'];
        answers.push(
          await new Promise((resolve) => {
            use.connect({ transports }, '/', port).emit('copy', (...values) => resolve(values));
          }),
        );
      }
    }
    expect(answers).toEqual([
      [0, 1],
      [1, 1],
      [1, 2],
    ]);
  });
});
