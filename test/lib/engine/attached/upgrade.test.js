/**
 * Upgrades as the client sees them. The connection lives on when Node's socket goes, and no byte is lost on
 * the way. Refusals, hooks and the HTTP server's count are those of the genuine engine.
 */
'use strict';

const net = require('node:net');
const { once } = require('node:events');
const {
  ENGINES,
  Engine,
  POLLING,
  WEBSOCKET,
  ask,
  block,
  cleanUp,
  eventually,
  openPolling,
  openWebSocket,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { openSockets } = require('../../../support/resources/open-sockets');
const { frame, requestText, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** What a refused upgrade gets. @param {string} message */
const refusal = (message) =>
  'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-type: text/html\r\n' +
  `Content-Length: ${message.length}\r\n\r\n${message}`;

/** Everything that an upgrade request gets until its end. @param {number} port @param {string} request */
async function answerOf(port, request) {
  const wire = await openWire(port);
  wire.write(request);
  await wire.until(({ ended }) => ended);
  wire.socket.end();
  return wire.text;
}

/** @param {any} server @returns {Promise<number>} */
const connectionsOf = (server) =>
  new Promise((resolve, reject) => {
    server.getConnections((/** @type {any} */ err, /** @type {number} */ count) =>
      err ? reject(err) : resolve(count),
    );
  });

describe.each(ENGINES)('%s', (name, EngineClass) => {
  test('opens a session, and closes it without status', async () => {
    const { engine, port } = await startEngine(EngineClass);
    engine.on('headers', (/** @type {any} */ headers) => {
      headers['x-one'] = '1';
    });
    const opened = once(engine, 'connection');
    const wire = await openWire(port);
    wire.write(upgradeText(WEBSOCKET, { 'Sec-WebSocket-Protocol': 'first, second' }));
    const [session] = await opened;
    const lines = (await wire.head()).split('\r\n');
    expect(lines[0]).toBe('HTTP/1.1 101 Switching Protocols');
    expect(lines.slice(1).sort()).toEqual([
      '',
      '',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
      'Sec-WebSocket-Protocol: first',
      'Upgrade: websocket',
      'x-one: 1',
    ]);
    const [open] = await wire.framesUpTo(1);
    expect(JSON.parse(open.payload.slice(1))).toEqual({
      sid: session.id,
      upgrades: [],
      pingInterval: 25000,
      pingTimeout: 20000,
      maxPayload: 1e6,
    });
    expect(session.transport.name).toBe('websocket');

    const closed = once(session, 'close');
    session.send('last');
    session.close();
    const frames = await wire.framesUpTo(3);
    expect(frames.slice(1)).toEqual([
      { opcode: 1, payload: '4last' },
      { opcode: 8, payload: 1005 },
    ]);
    expect(await closed).toEqual(['forced close', undefined]);
    expect([wire.ended, wire.error]).toEqual([false, undefined]);
    wire.write(frame('', { opcode: 8 }));
    await wire.until(({ ended }) => ended);
  });

  test('the request still tells who asked', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const { wire, session } = await openWebSocket({ engine, port }, { 'User-Agent': 'me' });
    const { request } = session;
    expect(session.remoteAddress).toBe('127.0.0.1');
    expect(request.socket.remoteAddress).toBe('127.0.0.1');
    expect(request.connection.remotePort).toBe(wire.socket.localPort);
    expect(request.socket.remoteFamily).toBe('IPv4');
    expect([request.method, request.url]).toEqual(['GET', WEBSOCKET]);
    expect([request.headers['user-agent'], request._query.EIO]).toEqual(['me', '4']);
  });

  test.each([
    ['no transport', '/engine.io/?EIO=4', 0, 'Transport unknown'],
    ['an unknown session', `${WEBSOCKET}&sid=abc`, 1, 'Session ID unknown'],
  ])('refuses %s', async (_what, target, code, message) => {
    const { engine, port } = await startEngine(EngineClass);
    const refused = once(engine, 'connection_error');
    expect(await answerOf(port, upgradeText(target))).toBe(refusal(message));
    const [{ code: told, req }] = await refused;
    expect([told, req.url]).toEqual([code, target]);
  });

  test.each([
    ['Sec-WebSocket-Key', 'short', 'Missing or invalid Sec-WebSocket-Key header'],
    ['Sec-WebSocket-Version', '12', 'Missing or invalid Sec-WebSocket-Version header'],
    ['Sec-WebSocket-Protocol', 'a, a', 'Invalid Sec-WebSocket-Protocol header'],
    ['Upgrade', 'h2c', 'Invalid Upgrade header'],
  ])('refuses a wrong %s', async (header, value, message) => {
    const { engine, port } = await startEngine(EngineClass);
    const text = await answerOf(port, upgradeText(WEBSOCKET, { [header]: value }));
    expect(text).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(text.endsWith(`\r\n\r\n${message}`)).toBe(true);
    expect(engine.clientsCount).toBe(0);
  });

  test('answers 101 and closes where polling was asked for', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const wire = await openWire(port);
    wire.write(upgradeText(POLLING));
    expect(await wire.head()).toMatch(/^HTTP\/1.1 101 /);
    expect(await wire.framesUpTo(1)).toEqual([{ opcode: 8, payload: 1005 }]);
    expect(engine.clientsCount).toBe(0);
  });

  test('allowRequest and middlewares refuse upgrades', async () => {
    const { engine, port } = await startEngine(EngineClass, {
      allowRequest: (/** @type {any} */ req, /** @type {any} */ done) =>
        setImmediate(done, 'not you', !req._query.no),
    });
    engine.use((/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
      res.setHeader('x-mark', 'm');
      if (req._query.end) res.end();
      else next(req._query.fail && new Error('no'));
    });
    const ask4 = (/** @type {string} */ query) => answerOf(port, upgradeText(WEBSOCKET + query));
    expect(await ask4('&no=1')).toBe(refusal('not you'));
    expect(await ask4('&fail=1')).toBe(refusal('Bad request'));
    // The genuine engine cuts it off.
    expect(await ask4('&end=1')).toMatch(EngineClass === Engine ? /^HTTP\/1\.1 200 OK\r\n/ : /^$/);
    const { wire } = await openWebSocket({ engine, port });
    expect(await wire.head()).toContain('\r\nx-mark: m\r\n');
    expect(engine.clientsCount).toBe(1);
  });

  test('bytes that follow while allowRequest thinks are not lost', async () => {
    /** @type {() => void} */
    let allow = () => {};
    const { engine, port } = await startEngine(EngineClass, {
      allowRequest: (/** @type {any} */ _req, /** @type {any} */ done) => {
        allow = () => done(null, true);
        engine.emit('asked');
      },
    });
    /** @type {string[]} */
    const messages = [];
    const all = new Promise((resolve) => {
      engine.on('connection', (/** @type {any} */ session) => {
        session.on('message', (/** @type {string} */ text) => {
          messages.push(text);
          if (messages.length === 3) resolve(undefined);
        });
      });
    });
    const asked = once(engine, 'asked');
    const wire = await openWire(port);
    wire.write(upgradeText(WEBSOCKET));
    await asked;
    wire.write(frame('4one'));
    await new Promise(setImmediate);
    wire.write(frame('4two'));
    await new Promise(setImmediate);
    allow();
    wire.write(frame('4three'));
    await all;
    expect(messages).toEqual(['one', 'two', 'three']);
  });

  test('the client may go away while allowRequest thinks', async () => {
    /** @type {() => void} */
    let allow = () => {};
    const { engine, port, server } = await startEngine(EngineClass, {
      allowRequest: (/** @type {any} */ req, /** @type {any} */ done) => {
        // The genuine engine does not listen, and the process would end.
        if (name === 'engine.io') req.socket.on('error', () => {});
        allow = () => done(null, true);
        engine.emit('asked', req);
      },
    });
    const asked = once(engine, 'asked');
    const wire = await openWire(port);
    wire.write(upgradeText(WEBSOCKET));
    const [req] = await asked;
    const closed = new Promise((resolve) => req.socket.once('close', resolve));
    wire.socket.resetAndDestroy();
    await closed;
    allow();
    await eventually(async () => (await connectionsOf(server)) === 0);
    expect(engine.clientsCount).toBe(0);
  });

  test('a polling session moves to a WebSocket', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const opened = once(engine, 'connection');
    const sid = await openPolling(port);
    const [session] = await opened;
    /** @type {any[]} */
    const events = [];
    for (const event of ['upgrading', 'upgrade']) {
      session.on(event, (/** @type {any} */ { name: transport }) => events.push(event, transport));
    }
    const poll = await openWire(port);
    poll.write(requestText('GET', `${POLLING}&sid=${sid}`));
    const wire = await openWire(port);
    wire.write(upgradeText(`${WEBSOCKET}&sid=${sid}`)).write(frame('2probe'));
    expect(await wire.framesUpTo(1)).toEqual([{ opcode: 1, payload: '3probe' }]);
    await poll.until(({ text }) => text.endsWith('\r\n\r\n6'));
    session.send('kept for the WebSocket');
    const upgraded = once(session, 'upgrade');
    wire.write(frame('5'));
    await upgraded;
    expect((await wire.framesUpTo(2))[1].payload).toBe('4kept for the WebSocket');
    expect(session.transport.name).toBe('websocket');
    expect([session.upgrading, session.upgraded]).toEqual([false, true]);
    expect(events).toEqual(['upgrading', 'websocket', 'upgrade', 'websocket']);

    const second = await openWire(port);
    second.write(upgradeText(`${WEBSOCKET}&sid=${sid}`));
    expect(await second.framesUpTo(1)).toEqual([{ opcode: 8, payload: 1005 }]);
    expect((await ask(port, 'GET', `${POLLING}&sid=${sid}`)).status).toMatch(/ 400 /);
    expect(session.readyState).toBe('open');
  });

  test('the server counts the connection until it is over', async () => {
    const { engine, port, server } = await startEngine(EngineClass);
    const first = await openWebSocket({ engine, port });
    const second = await openWebSocket({ engine, port });
    expect(await connectionsOf(server)).toBe(2);
    let isClosed = false;
    const closed = once(server, 'close').then(() => (isClosed = true));
    server.close();
    const { session } = first;
    const echo = once(session, 'message');
    first.say('4still here');
    expect(await echo).toEqual(['still here']);
    first.wire.socket.destroy();
    await once(session, 'close');
    await eventually(async () => (await connectionsOf(server)) === 1);
    expect([isClosed, engine.clientsCount]).toEqual([false, 1]);
    second.wire.write(frame('', { opcode: 8 }));
    await second.wire.until(({ ended }) => ended);
    second.wire.socket.end();
    await closed;
    expect(engine.clientsCount).toBe(0);
  });
});

describe('beast.io alone', () => {
  test('a session that is closed before it hears of a probe hears no more of it', async () => {
    const { engine, port } = await startEngine(Engine);
    const sid = await openPolling(port);
    const session = engine.clients[sid];
    /** @type {string[]} */
    const events = [];
    for (const event of ['upgrading', 'close']) session.on(event, () => events.push(event));
    const wire = await openWire(port);
    wire.write(upgradeText(`${WEBSOCKET}&sid=${sid}`));
    await wire.head();
    wire.write(frame('2probe'));
    block(300); // the I/O thread answers the probe meanwhile
    session.close(true);
    await wire.until(({ text }) => text.includes('3probe'));
    await wire.framesUpTo(2);
    expect(events).toEqual(['close']);
  });

  test('a message in the same segment as the request arrives, and no end of stream', async () => {
    const { engine, port } = await startEngine(Engine);
    const opened = once(engine, 'connection').then(([session]) => once(session, 'message'));
    const wire = await openWire(port);
    wire.write(Buffer.concat([Buffer.from(upgradeText(WEBSOCKET)), frame('4hello')]));
    expect(await opened).toEqual(['hello']);
    const [session] = /** @type {any[]} */ (Object.values(engine.clients));
    expect(session.request.socket).not.toBeInstanceOf(net.Socket);
    for (let i = 0; i < 5; i++) {
      const echo = once(session, 'message');
      wire.write(frame(`4${i}`));
      expect(await echo).toEqual([String(i)]);
      session.send(`${i}`);
      await wire.framesUpTo(i + 2);
    }
    expect([wire.ended, wire.error]).toEqual([false, undefined]);
  });

  test('a header may have several values', async () => {
    const { engine, port } = await startEngine(Engine);
    engine.on('initial_headers', (/** @type {any} */ headers) => {
      headers['set-cookie'] = ['a=1', 'b=2'];
    });
    const { wire } = await openWebSocket({ engine, port });
    expect(await wire.head()).toContain('\r\nset-cookie: a=1\r\nset-cookie: b=2\r\n');
  });

  test('a protocol that is not spoken is refused before the 101', async () => {
    const { engine, port } = await startEngine(Engine);
    const refused = once(engine, 'connection_error');
    const target = '/engine.io/?EIO=3&transport=websocket';
    expect(await answerOf(port, upgradeText(target))).toBe(refusal('Unsupported protocol version'));
    expect((await refused)[0].context).toEqual({ protocol: 3 });
  });

  test('leaves no socket behind, whatever the end', async () => {
    const { engine, port, server } = await startEngine(Engine);
    const idle = await openWebSocket({ engine, port }); // what is made once is there
    const before = openSockets();
    for (let round = 0; round < 20; round++) {
      const { wire, session } = await openWebSocket({ engine, port });
      const closed = once(session, 'close');
      if (round % 2) wire.socket.destroy();
      else wire.write(frame('x', { masked: false }));
      await closed;
      wire.socket.destroy();
      await answerOf(port, upgradeText(`${WEBSOCKET}&sid=unknown`));
    }
    await eventually(async () => (await connectionsOf(server)) === 1);
    await eventually(() => openSockets() <= before);
    expect(engine.clientsCount).toBe(1);
    expect(idle.wire.ended).toBe(false);
  });

  test('a header that HTTP forbids ends the handshake and is told', async () => {
    const { engine, port } = await startEngine(Engine);
    engine.use((/** @type {any} */ _req, /** @type {any} */ res, /** @type {any} */ next) => {
      expect(() => res.setHeader('x-bad', 'a\r\nb: c')).toThrow('Invalid character in header');
      next();
    });
    engine.on('headers', (/** @type {any} */ headers) => (headers['x-bad'] = 'a\r\nb: c'));
    const told = once(engine, 'connection_error');
    expect(await answerOf(port, upgradeText(WEBSOCKET))).toContain('400 Bad Request');
    expect((await told)[0]).toMatchObject({
      code: 3,
      context: { name: 'INVALID_HEADER', error: { code: 'ERR_INVALID_CHAR' } },
    });
    expect(engine.clientsCount).toBe(0);
  });
});
