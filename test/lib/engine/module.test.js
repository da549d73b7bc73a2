/**
 * `require('beast.io/engine')` and its ESM form stand where `engine.io` stands: the same names, with
 * the native engine as `Server`.
 */
'use strict';

const { once } = require('node:events');
const genuine = require('engine.io');
const ours = require('../../../lib/engine');
const { POLLING, ask, cleanUp, closers } = require('../../support/rigs/engine-rig');
const { runProgram } = require('../../support/programs/programs');

afterEach(cleanUp);

/** @type {[string, any][]} */
const MODULES = [
  ['engine.io', genuine],
  ['beast.io/engine', ours],
];

test('the names are those of engine.io, and the native engine is the Server', () => {
  expect(Object.keys(ours)).toEqual(expect.arrayContaining(Object.keys(genuine)));
  expect(ours.Server).toBe(ours.Engine);
  expect(ours.protocol).toBe(4);
  expect(ours.parser).toBe(genuine.parser);
  expect(ours.uServer).toBe(genuine.uServer);
});

test('import gives the names that it gives of engine.io', async () => {
  const { stdout } = await runProgram(async () => {
    const names = Object.keys(await import('engine.io'));
    const engine = await import('beast.io/engine');
    const missing = names.filter((name) => !(name in engine));
    const isSame = engine.Server === engine.Engine;
    console.log(JSON.stringify({ missing, isSame, hasDefault: 'default' in engine }));
  });
  expect(JSON.parse(stdout)).toEqual({ missing: [], isSame: true, hasDefault: false });
});

describe.each(MODULES)('%s', (_name, { Server, Socket, Transport, attach, listen, transports }) => {
  test('what it hands out are instances of its classes', async () => {
    const engine = listen(0);
    closers.push(
      () => engine.httpServer.close(),
      () => engine.close(),
    );
    await once(engine.httpServer, 'listening');
    const { port } = engine.httpServer.address();
    const opened = once(engine, 'connection');
    const { body } = await ask(port, 'GET', POLLING);
    const [conn] = await opened;
    expect(body).toContain(conn.id);
    expect(engine).toBeInstanceOf(Server);
    expect(conn).toBeInstanceOf(Socket);
    expect(conn.transport).toBeInstanceOf(Transport);
    expect(transports.polling.upgradesTo).toEqual(['websocket', 'webtransport']);
    expect(Transport.upgradesTo).toEqual([]);
  });

  test('listen serves the engine, and nothing else', async () => {
    const engine = await new Promise((resolve) => {
      const made = listen(0, () => resolve(made));
      closers.push(
        () => made.httpServer.close(),
        () => made.close(),
      );
    });
    const { port } = engine.httpServer.address();
    expect(await ask(port, 'GET', '/other')).toMatchObject({
      status: 'HTTP/1.1 501 Not Implemented',
      body: expect.stringContaining('Not Implemented'),
    });
    expect((await ask(port, 'GET', POLLING)).status).toBe('HTTP/1.1 200 OK');
  });

  test('attach gives its options to the engine and to the path', async () => {
    const http = require('node:http').createServer();
    const engine = attach(http, { pingInterval: 12345, path: '/deep' });
    closers.push(
      () => http.close(),
      () => engine.close(),
    );
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = /** @type {any} */ (http.address());
    const { body } = await ask(port, 'GET', POLLING.replace('/engine.io', '/deep'));
    expect(JSON.parse(body.slice(1)).pingInterval).toBe(12345);
  });
});
