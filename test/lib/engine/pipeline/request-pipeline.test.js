/**
 * The steps of a request that applications replace, in a derived class or on an engine. Each is called at its
 * time with what engine.io gives it, and the one below it works.
 */
'use strict';

const { once } = require('node:events');
const { IncomingMessage } = require('node:http');
const {
  ENGINES,
  Engine,
  POLLING,
  WEBSOCKET,
  ask,
  cleanUp,
  eventually,
  openPolling,
  openWebSocket,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { frame, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

const STEPS = [
  'prepare',
  '_applyMiddlewares',
  'verify',
  'generateId',
  'handshake',
  'createTransport',
  'onWebSocket',
  'init',
  'cleanup',
  '_computePath',
];

/** A class that writes down every step. @param {any} Base @param {string[]} log */
function tracing(Base, log) {
  class Tracing extends Base {}
  for (const name of STEPS) {
    Object.defineProperty(Tracing.prototype, name, {
      value(/** @type {any[]} */ ...args) {
        const shown = args.filter((arg) => ['string', 'boolean'].includes(typeof arg));
        log.push([name, ...shown].join(' '));
        return Base.prototype[name].apply(this, args);
      },
    });
  }
  return Tracing;
}

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test('each step of a polling session, in its order', async () => {
    /** @type {string[]} */
    const log = [];
    const { engine, port, server } = await startEngine(tracing(EngineClass, log));
    expect(log).toEqual(['init', '_computePath', 'init']);
    log.length = 0;
    engine.on('connection', () => log.push('connection'));
    const sid = await openPolling(port);
    expect(log).toEqual([
      'prepare',
      '_applyMiddlewares',
      'verify false',
      'handshake polling',
      'generateId',
      'createTransport polling',
      'connection',
    ]);
    log.length = 0;
    expect((await ask(port, 'POST', `${POLLING}&sid=${sid}`, {}, '4a')).body).toBe('ok');
    expect(log).toEqual(['prepare', '_applyMiddlewares', 'verify false']);
    log.length = 0;
    server.close();
    engine.close();
    expect(log).toContain('cleanup');
  });

  test('each step of a WebSocket session, and of an upgrade', async () => {
    /** @type {string[]} */
    const log = [];
    const rig = await startEngine(tracing(EngineClass, log));
    rig.engine.on('headers', () => log.push('headers'));
    log.length = 0;
    const { session, say } = await openWebSocket(rig);
    expect(log).toEqual([
      'prepare',
      '_applyMiddlewares',
      'verify true',
      'headers',
      'onWebSocket',
      'handshake websocket',
      'generateId',
      'createTransport websocket',
    ]);
    const message = once(session, 'message');
    say('4hello');
    expect((await message)[0]).toBe('hello');

    const sid = await openPolling(rig.port);
    log.length = 0;
    const wire = await openWire(rig.port);
    wire.write(upgradeText(`${WEBSOCKET}&sid=${sid}`));
    await wire.until(({ text }) => text.includes('\r\n\r\n'));
    await eventually(() => rig.engine.clients[sid].upgrading);
    expect(log).toEqual([
      'prepare',
      '_applyMiddlewares',
      'verify true',
      'headers',
      'onWebSocket',
      'createTransport websocket',
    ]);
    const upgraded = once(rig.engine.clients[sid], 'upgrade');
    wire.write(frame('2probe'));
    wire.write(frame('5'));
    await upgraded;
  });

  test('verify may refuse without a reason', async () => {
    const { engine, port } = await startEngine(EngineClass);
    engine.verify = (/** @type {any} */ _req, /** @type {any} */ _upgrade, /** @type {any} */ fn) =>
      fn(4);
    const told = once(engine, 'connection_error');
    expect((await ask(port, 'GET', POLLING)).status).toContain('403');
    expect((await told)[0]).toMatchObject({ code: 4, message: 'Forbidden', context: undefined });
  });

  test('verify may refuse, and change what was refused', async () => {
    class Strict extends EngineClass {
      /** @param {any} req @param {boolean} upgrade @param {any} fn */
      verify(req, upgrade, fn) {
        super.verify(req, upgrade, (/** @type {number} */ code, /** @type {any} */ context) => {
          if (req.headers.authorization !== 'secret') fn(4, { message: 'who are you?' });
          else fn(code, context);
        });
      }
    }
    const { engine, port } = await startEngine(Strict);
    /** @type {any[]} */
    const errors = [];
    engine.on('connection_error', ({ code, context }) => errors.push([code, context]));
    expect(await ask(port, 'GET', POLLING)).toMatchObject({
      status: 'HTTP/1.1 403 Forbidden',
      body: expect.stringContaining('{"code":4,"message":"who are you?"}'),
    });
    const authorization = 'secret';
    expect((await ask(port, 'GET', POLLING, { authorization })).status).toBe('HTTP/1.1 200 OK');
    expect((await ask(port, 'GET', `${POLLING}&sid=none`, { authorization })).body).toContain(
      '{"code":1,"message":"Session ID unknown"}',
    );
    const wire = await openWire(port);
    wire.write(upgradeText(WEBSOCKET));
    await wire.until(({ ended }) => ended);
    expect(wire.text).toMatch(/^HTTP\/1.1 400 Bad Request\r\n.*\r\n\r\nwho are you\?$/s);
    expect(errors).toEqual([
      [4, { message: 'who are you?' }],
      [1, { sid: 'none' }],
      [4, { message: 'who are you?' }],
    ]);
  });

  test('prepare may parse the query in its own way', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const { prepare } = EngineClass.prototype;
    engine.prepare = (/** @type {any} */ req) => {
      prepare.call(engine, req);
      req._query.transport = req._query.t;
      req._query.EIO = '4';
    };
    expect((await ask(port, 'GET', '/engine.io/?t=polling')).status).toBe('HTTP/1.1 200 OK');
  });

  test('handshake may refuse, and gives its transport when the session is open', async () => {
    /** @type {any} */
    let seen;
    class Picky extends EngineClass {
      /** @param {string} name @param {any} req @param {any} closeConnection */
      async handshake(name, req, closeConnection) {
        expect(req).toBeInstanceOf(IncomingMessage);
        if (req.headers.from === 'nowhere') return closeConnection(3);
        seen = await super.handshake(name, req, closeConnection);
        return seen;
      }
    }
    const { engine, port } = await startEngine(Picky);
    expect((await ask(port, 'GET', POLLING, { from: 'nowhere' })).body).toContain(
      '{"code":3,"message":"Bad request"}',
    );
    const opened = once(engine, 'connection');
    await openPolling(port);
    const [conn] = await opened;
    await eventually(() => seen);
    expect(conn.transport).toBe(seen);
  });

  test('createTransport makes the transport of the session', async () => {
    class Counting extends EngineClass {
      /** @param {string} name @param {any} req */
      createTransport(name, req) {
        const transport = super.createTransport(name, req);
        transport.got = [];
        transport.on('packet', (/** @type {any} */ { data }) => transport.got.push(data));
        return transport;
      }
    }
    const rig = await startEngine(Counting);
    const { session, say } = await openWebSocket(rig);
    say('4one');
    await eventually(() => session.transport.got.length);
    expect(session.transport.got).toEqual(['one']);
  });

  test('createTransport may fail', async () => {
    const { engine, port } = await startEngine(EngineClass);
    engine.createTransport = () => {
      throw new Error('no transport today');
    };
    const failed = once(engine, 'connection_error');
    expect((await ask(port, 'GET', POLLING)).body).toContain('{"code":3,"message":"Bad request"}');
    const [{ code, context }] = await failed;
    expect([code, context.name, context.error.message]).toEqual([
      3,
      'TRANSPORT_HANDSHAKE_ERROR',
      'no transport today',
    ]);
    expect(engine.clientsCount).toBe(0);
  });

  test('an old client is refused before an id is generated for it', async () => {
    let isAsked = false;
    const { engine, port } = await startEngine(EngineClass);
    engine.generateId = () => {
      isAsked = true;
      return 'x';
    };
    const { body } = await ask(port, 'GET', POLLING.replace('EIO=4', 'EIO=3'));
    expect(body).toContain('{"code":5,"message":"Unsupported protocol version"}');
    expect(isAsked).toBe(false);
  });

  test('onWebSocket gets the request, the stream and the WebSocket', async () => {
    /** @type {any[]} */
    let got = [];
    class Looking extends EngineClass {
      /** @param {any} req @param {any} socket @param {any} websocket */
      onWebSocket(req, socket, websocket) {
        got = [req, socket, websocket];
        super.onWebSocket(req, socket, websocket);
      }
    }
    const rig = await startEngine(Looking);
    const { session } = await openWebSocket(rig);
    const [req, socket, websocket] = got;
    expect(session.request).toBe(req);
    expect(req.websocket).toBe(websocket);
    expect(session.transport.socket).toBe(websocket);
    expect(websocket.readyState).toBe(websocket.OPEN);
    expect(socket.remoteAddress).toBe('127.0.0.1');
  });

  test('a class may hold back the connection event', async () => {
    class Late extends EngineClass {
      /** @param {string} event @param {any[]} args */
      emit(event, ...args) {
        return super.emit(event === 'connection' ? 'late' : event, ...args);
      }
    }
    const { engine, port } = await startEngine(Late);
    const late = once(engine, 'late');
    const sid = await openPolling(port);
    expect((await late)[0].id).toBe(sid);
  });
});

test('beast.io alone: createTransport must return a transport of its own', async () => {
  const { engine, port } = await startEngine(Engine);
  engine.createTransport = () => /** @type {any} */ ({});
  const failed = once(engine, 'connection_error');
  expect((await ask(port, 'GET', POLLING)).status).toBe('HTTP/1.1 400 Bad Request');
  expect((await failed)[0].context.error.message).toContain('must return a Transport');
});
