/**
 * Clients that leave, and an engine that closes, while a request is on its way; and bodies that nobody needs.
 * Only ours has steps between threads there.
 */
'use strict';

const { once } = require('node:events');
const {
  Engine,
  POLLING,
  ask,
  cleanUp,
  nextSession,
  openPolling,
  openWebSocket,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { refusal } = require('../../../support/answers/engine-answers');
const { requestText } = require('../../../support/clients/wire');

afterEach(cleanUp);

describe('beast.io alone', () => {
  test('refuses a POST without reading its body when no session can take it', async () => {
    const { engine, port } = await startEngine(Engine, { maxHttpBufferSize: 10 });
    const { sid } = await openWebSocket({ engine, port });
    for (const target of [POLLING, `${POLLING}&sid=unknown`, `${POLLING}&sid=${sid}`]) {
      const wire = await openWire(port);
      wire.write(requestText('POST', target, { 'Content-Length': '100000' }));
      expect(await wire.head()).toMatch(/^HTTP\/1.1 400 Bad Request/);
    }
  });

  test('keeps a session whose client left during the handshake, and its request', async () => {
    const { engine, port } = await startEngine(Engine, { pingInterval: 50, pingTimeout: 50 });
    const opened = nextSession(engine);
    const wire = await openWire(port);
    wire.write(requestText('GET', POLLING));
    engine.use((/** @type {any} */ _req, /** @type {any} */ res, /** @type {any} */ next) => {
      res.once('close', next);
      wire.socket.resetAndDestroy();
    });
    const session = await opened;
    expect(session.request.url).toBe(POLLING);
    expect((await session.closed)[0]).toBe('ping timeout');
    expect(engine.clientsCount).toBe(0);
  });

  test('a poll that is refused when its client has left is no error', async () => {
    const { engine, port } = await startEngine(Engine);
    const session = engine.clients[await openPolling(port)];
    const closed = once(session, 'close');
    const wire = await openWire(port);
    wire.write(requestText('GET', `${POLLING}&sid=${session.id}`));
    engine.use((/** @type {any} */ _req, /** @type {any} */ res, /** @type {any} */ next) => {
      res.once('close', () => {
        session.terminate(); // the I/O thread hears of it before the poll, and tells after it
        next();
      });
      wire.socket.resetAndDestroy();
    });
    expect((await closed)[0]).toBe('transport close');
    engine.middlewares.length = 0;
    expect((await ask(port, 'GET', POLLING)).status).toBe('HTTP/1.1 200 OK'); // all records have come
    expect(engine.clientsCount).toBe(1);
  });

  test('a poll whose client left before it arrived ends the session', async () => {
    const { engine, port } = await startEngine(Engine);
    const opened = nextSession(engine);
    const sid = await openPolling(port);
    const session = await opened;
    const wire = await openWire(port);
    engine.use((/** @type {any} */ _req, /** @type {any} */ res, /** @type {any} */ next) => {
      res.once('close', next);
      wire.socket.resetAndDestroy();
    });
    wire.write(requestText('GET', `${POLLING}&sid=${sid}`));
    expect((await session.closed)[0]).toBe('transport error');
  });

  test('a handshake that is under way when the engine closes opens no session', async () => {
    /** @type {() => void} */
    let allow = () => {};
    const { engine, port } = await startEngine(Engine, {
      allowRequest: (/** @type {any} */ _req, /** @type {any} */ done) => {
        allow = () => done(null, true);
        engine.emit('asked');
      },
    });
    let opened = 0;
    engine.on('connection', () => opened++);
    const asked = once(engine, 'asked');
    const first = ask(port, 'GET', POLLING);
    await asked;
    engine.close();
    allow();
    const { sid } = JSON.parse((await first).body.slice(1));
    expect(await ask(port, 'GET', `${POLLING}&sid=${sid}`)).toEqual(
      refusal(1, 'Session ID unknown'),
    );
    expect([opened, engine.clientsCount]).toEqual([0, 0]);
    const again = once(engine, 'asked');
    const second = ask(port, 'GET', POLLING);
    await again;
    allow();
    await second;
    expect([opened, engine.clientsCount]).toEqual([1, 1]);
  });
});
