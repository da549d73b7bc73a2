'use strict';

/**
 * The packed package in the place of socket.io, put there by npm's alias or override, under the
 * frameworks that load socket.io by its name.
 */

const fs = require('node:fs');
const path = require('node:path');
const { once } = require('node:events');
const ts = require('typescript');
const { listTree } = require('./support/apps');
const { next, packageIn, useApp, useRegistry } = require('./support/use-app');

const from = useRegistry();

describe('Express with express-session and passport', () => {
  const use = useApp('express', from);

  const logIn = async (/** @type {string} */ name) => {
    const response = await fetch(`${use.url}/login/${name}`, { method: 'POST' });
    return { cookie: response.headers.getSetCookie()[0].split(';')[0] };
  };

  test('npm accepts the tree, which has no genuine socket.io', async () => {
    const tree = await listTree(use.folder);
    expect(tree).toContain('socket.io@npm:beast.io@');
    expect(packageIn(use.folder, 'socket.io')).toEqual(from.registry.manifest);
  });

  test.each([['polling'], ['websocket'], ['polling', 'websocket']])(
    'a session is shared over %s %s',
    async (...names) => {
      const transports = names.filter(Boolean);
      const headers = await logIn('ada');
      const client = use.connect({ transports, extraHeaders: headers });
      expect(await client.emitWithAck('whoami')).toBe('ada');
      expect(await client.emitWithAck('count')).toBe(1);
      const other = use.connect({ transports, extraHeaders: headers });
      expect(await other.emitWithAck('count')).toBe(2);
      expect(await use.get('/whoami', headers)).toEqual({ name: 'ada', events: 2 });
    },
  );

  test('a client without a session is refused with the status that the middleware gave', async () => {
    const polling = use.connect({ transports: ['polling'] });
    expect(await next(polling, 'connect_error')).toMatchObject({ context: { status: 401 } });
    const websocket = use.connect({ transports: ['websocket'] });
    expect(await next(websocket, 'connect_error')).toBeInstanceOf(Error);
  });

  test('a logout disconnects the sockets of that session only', async () => {
    const headers = await logIn('ada');
    const clients = [
      use.connect({ extraHeaders: headers }),
      use.connect({ extraHeaders: headers }),
    ];
    const grace = use.connect({ extraHeaders: await logIn('grace') });
    for (const client of [...clients, grace]) await client.emitWithAck('whoami');
    const reasons = Promise.all(clients.map((client) => next(client, 'disconnect')));
    await fetch(`${use.url}/logout`, { method: 'POST', headers });
    expect(await reasons).toEqual(['io server disconnect', 'io server disconnect']);
    expect(await grace.emitWithAck('whoami')).toBe('grace');
  });
});

describe('Fastify with fastify-socket.io', () => {
  const use = useApp('fastify', from);

  test('npm accepts the tree', async () => {
    expect(await listTree(use.folder)).toContain('socket.io@npm:beast.io@');
  });

  test.each(['polling', 'websocket'])('routes and sockets share the port over %s', async (name) => {
    const client = use.connect({ transports: [name] });
    expect(await client.emitWithAck('echo', { a: Buffer.from('b') })).toEqual({
      a: Buffer.from('b'),
    });
    expect(await use.get('/clients')).toEqual({ clients: 1 });
    const announcement = next(client, 'announcement');
    const headers = { 'content-type': 'application/json' };
    await fetch(`${use.url}/announce`, { method: 'POST', headers, body: '{"text":"hello"}' });
    expect(await announcement).toEqual({ text: 'hello' });
  });

  test('options of the plugin are those of the server', async () => {
    const response = await fetch(`${use.url}/socket.io/?EIO=4&transport=polling`);
    expect(response.headers.get('access-control-allow-origin')).toBe('http://example.org');
    expect(await response.text()).toMatch(/^0\{/);
  });

  test('close() ends everything, with clients connected', async () => {
    const client = use.connect();
    await client.emitWithAck('echo', 1);
    const reason = next(client, 'disconnect');
    const ended = use.app.stop();
    expect(await reason).toBe('io server disconnect');
    expect((await ended).code).toBe(0);
  });
});

describe('NestJS, whose dependency is overridden', () => {
  const use = useApp('nest', from, ['app.mjs']);

  beforeAll(() => {
    const source = fs.readFileSync(path.join(use.folder, 'app.ts'), 'utf8');
    const compilerOptions = {
      module: ts.ModuleKind.ES2022,
      target: ts.ScriptTarget.ES2022,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    };
    const { outputText } = ts.transpileModule(source, { compilerOptions });
    fs.writeFileSync(path.join(use.folder, 'app.mjs'), outputText);
  });

  test('npm accepts the tree, which has no genuine socket.io', async () => {
    const tree = await listTree(use.folder);
    expect(tree.match(/ socket\.io@\S+/g)).toEqual([
      ` socket.io@npm:beast.io@${from.registry.manifest.version}`,
      ` socket.io@npm:beast.io@${from.registry.manifest.version}`,
    ]);
  });

  test.each(['polling', 'websocket'])('gateways answer over %s', async (name) => {
    const client = use.connect({ transports: [name], auth: { name } });
    expect(await client.emitWithAck('identity', 7)).toBe(7);
    const numbers = [];
    client.on('numbers', (/** @type {number} */ number) => numbers.push(number));
    client.emit('numbers');
    while (numbers.length < 3) await next(client, 'numbers');
    expect(numbers).toEqual([1, 2, 3]);
    const joined = next(client, 'joined');
    expect(await client.emitWithAck('join', 'a room')).toBe(2);
    expect(await joined).toBe('a room');
    const exception = next(client, 'exception');
    client.emit('fail', 'x');
    expect(await exception).toMatchObject({ status: 'error', message: 'as asked' });
    expect(await use.get('/seen')).toEqual([`connect ${name}`]);
  });

  test('a gateway has a namespace of its own', async () => {
    const clients = [use.connect({}, '/chat'), use.connect({}, '/chat')];
    await Promise.all(clients.map((client) => once(client, 'connect')));
    const said = Promise.all(clients.map((client) => next(client, 'said')));
    clients[0].emit('say', 'hello');
    expect(await said).toEqual(['hello', 'hello']);
  });

  test('disconnections and the shutdown are noticed', async () => {
    const first = use.connect({ auth: { name: 'first' } });
    const second = use.connect({ auth: { name: 'second' } });
    await first.emitWithAck('identity', 1);
    await second.emitWithAck('identity', 2);
    first.disconnect();
    await second.emitWithAck('identity', 3);
    let seen = [];
    while (seen.length < 3) seen = await use.get('/seen');
    const { lines } = await use.app.stop();
    expect(JSON.parse(lines[0]).slice(2)).toEqual(['disconnect first', 'disconnect second']);
  });
});
