/**
 * What polling clients get, byte by byte, from the genuine engine and from ours: answers, events and
 * the hooks in between.
 */
'use strict';

const { once } = require('node:events');
const {
  ENGINES,
  POLLING,
  WEBSOCKET,
  ask,
  cleanUp,
  nextSession,
  openPolling,
  openWebSocket,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { OK, empty, errorsOf, polled, refusal } = require('../../../support/answers/engine-answers');
const { requestText } = require('../../../support/clients/wire');

afterEach(cleanUp);

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test('opens a session', async () => {
    const { engine, port } = await startEngine(EngineClass, {
      pingInterval: 3000,
      pingTimeout: 2000,
    });
    const opened = nextSession(engine);
    const answer = await ask(port, 'GET', POLLING);
    const session = await opened;
    const handshake = {
      sid: session.id,
      upgrades: ['websocket'],
      pingInterval: 3000,
      pingTimeout: 2000,
      maxPayload: 1e6,
    };
    expect(answer).toEqual(polled(`0${JSON.stringify(handshake)}`));
    expect(session.id).toMatch(/^[\w-]{20}$/);
    expect(session.request.res).toBeNull();
    expect(session.request.url).toBe(POLLING);
    expect(session.remoteAddress).toBe('127.0.0.1');
    expect(Object.keys(engine.clients)).toEqual([session.id]);
    expect(engine.clientsCount).toBe(1);
  });

  const handshakes = [
    ['no transport', 'GET', '/engine.io/?EIO=4', 0, 'Transport unknown', { transport: undefined }],
    ...['constructor', '__proto__', 'webtransport'].map((transport) => [
      `transport ${transport}`,
      'GET',
      `/engine.io/?EIO=4&transport=${transport}`,
      0,
      'Transport unknown',
      { transport },
    ]),
    ...['abc', '__proto__', 'constructor'].map((sid) => [
      `unknown session ${sid}`,
      'GET',
      `${POLLING}&sid=${sid}`,
      1,
      'Session ID unknown',
      { sid },
    ]),
    ...['POST', 'PUT', 'OPTIONS'].map((method) => [
      `handshake by ${method}`,
      method,
      POLLING,
      2,
      'Bad handshake method',
      { method },
    ]),
    [
      'WebSocket without an upgrade',
      'GET',
      WEBSOCKET,
      3,
      'Bad request',
      { name: 'TRANSPORT_HANDSHAKE_ERROR' },
    ],
    [
      'an unsupported protocol',
      'GET',
      '/engine.io/?EIO=3&transport=polling',
      5,
      'Unsupported protocol version',
      { protocol: 3 },
    ],
  ];
  test.each(handshakes)('refuses %s', async (_what, method, target, code, message, context) => {
    const { engine, port } = await startEngine(EngineClass);
    const errors = errorsOf(engine);
    expect(await ask(port, String(method), String(target))).toEqual(
      refusal(Number(code), String(message)),
    );
    expect(errors).toEqual([{ code, message, context }]);
    expect(engine.clientsCount).toBe(0);
  });

  test('refuses an origin with control characters', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const errors = errorsOf(engine);
    engine.use((/** @type {any} */ req, /** @type {any} */ _res, /** @type {any} */ next) => {
      req.headers.origin = 'a\u0000b'; // Node's parser lets none through
      next();
    });
    expect(await ask(port, 'GET', POLLING)).toEqual(refusal(3, 'Bad request'));
    const context = { name: 'INVALID_ORIGIN', origin: 'a\u0000b' };
    expect(errors.map(({ context: { name } }) => name)).toEqual([context.name]);
  });

  test('refuses polling on a session that is a WebSocket, and another protocol', async () => {
    const { engine, port } = await startEngine(EngineClass, { allowEIO3: true });
    const errors = errorsOf(engine);
    const { sid } = await openWebSocket({ engine, port });
    expect(await ask(port, 'GET', `${POLLING}&sid=${sid}`)).toEqual(refusal(3, 'Bad request'));
    expect(await ask(port, 'POST', `${POLLING}&sid=${sid}`, {}, '4x')).toEqual(
      refusal(3, 'Bad request'),
    );
    const polling = await openPolling(port);
    const other = `/engine.io/?EIO=3&transport=polling&sid=${polling}`;
    expect(await ask(port, 'GET', other)).toEqual(refusal(3, 'Bad request'));
    expect(errors.map(({ context }) => context)).toEqual([
      { name: 'TRANSPORT_MISMATCH', transport: 'polling', previousTransport: 'websocket' },
      { name: 'TRANSPORT_MISMATCH', transport: 'polling', previousTransport: 'websocket' },
      { name: 'PROTOCOL_MISMATCH', protocol: 3, previousProtocol: 4 },
    ]);
    expect(engine.clientsCount).toBe(2);
  });

  describe('with a session', () => {
    /** @type {any} */
    let engine;
    /** @type {any} */
    let session;
    /** @type {number} */
    let port;
    /** @type {string} */
    let target;

    beforeEach(async () => {
      ({ engine, port } = await startEngine(EngineClass, { maxHttpBufferSize: 1000 }));
      const opened = nextSession(engine);
      target = `${POLLING}&sid=${await openPolling(port)}`;
      session = await opened;
    });

    const reason = async () => {
      const [name, description] = await session.closed;
      return [name, description?.description ?? description?.message];
    };
    /** A poll that is known to wait at the server. */
    const poll = async () => {
      const wire = await openWire(port);
      const seen = once(engine, 'polling');
      if (engine.listenerCount('headers') === 0) {
        engine.use((/** @type {any} */ req, /** @type {any} */ _res, /** @type {any} */ next) => {
          next();
          if (req.method === 'GET') engine.emit('polling');
        });
      }
      wire.write(requestText('GET', target));
      await seen;
      return wire;
    };

    test('carries messages both ways', async () => {
      const text = 'aé€😀';
      session.send('early');
      session.send(Buffer.from([1, 2, 3]));
      expect(await ask(port, 'GET', target)).toEqual(polled('4early\x1ebAQID'));
      const arrived = once(session, 'message');
      expect(await ask(port, 'POST', target, {}, `4${text}\x1ebAQID`)).toEqual(OK);
      await arrived;
      expect(session.messages).toEqual([text, Buffer.from([1, 2, 3])]);
    });

    test.each([
      ['that is short', 'x'],
      ['that is as long as crosses at once', 'x'.repeat(1022)],
      ['that is longer', 'x'.repeat(1023)],
      ['that is long', 'x'.repeat(100_000)],
      ['in Latin-1', 'é'.repeat(10)],
      ['in UTF-16', '€😀'.repeat(10)],
      ['that is long, in UTF-16', '€😀'.repeat(1000)],
    ])('answers a poll with a text %s', async (_kind, text) => {
      session.send(text);
      const { lines, body } = await ask(port, 'GET', target);
      expect(lines).toEqual(polled(`4${text}`).lines);
      // The wire shows bytes; a difference would fill the screen.
      const isWhole = (/** @type {string} */ bytes) =>
        Buffer.from(bytes, 'latin1').toString() === `4${text}`;
      expect(isWhole(body)).toBe(true);
      engine.use((/** @type {any} */ _req, /** @type {any} */ res, /** @type {any} */ next) => {
        const { end } = res;
        res.end = (/** @type {any} */ chunk) => end.call(res, Buffer.from(chunk));
        next();
      });
      session.send(text);
      expect(isWhole((await ask(port, 'GET', target)).body)).toBe(true);
    });

    test('takes a body in any chunks, up to the limit', async () => {
      const body = `4${'x'.repeat(999)}`;
      const wire = await openWire(port);
      const headers = { 'Transfer-Encoding': 'chunked', Connection: 'close' };
      wire.write(requestText('POST', target, headers));
      for (const character of body) wire.write(`1\r\n${character}\r\n`);
      wire.write('0\r\n\r\n');
      await wire.until(({ ended }) => ended);
      expect(wire.text).toMatch(/^HTTP\/1.1 200 OK/);
      expect(session.messages).toEqual([body.slice(1)]);
    });

    test.each([
      ['announced', (/** @type {string} */ body) => requestText('POST', target, {}, body)],
      [
        'in chunks',
        (/** @type {string} */ body) =>
          `${requestText('POST', target, { 'Transfer-Encoding': 'chunked' })}3e9\r\n${body}\r\n`,
      ],
    ])('answers 413 to a body beyond the limit, %s', async (_how, request) => {
      const wire = await openWire(port);
      wire.write(request('4'.repeat(1001)));
      const head = await wire.head();
      expect(head).toMatch(/^HTTP\/1.1 413 Payload Too Large\r\n/);
      expect(session.readyState).toBe('open');
      expect(await ask(port, 'POST', target, {}, '4after')).toEqual(OK);
      expect(session.messages).toEqual(['after']);
    });

    test.each(['', '9', '\x1e\x1e'])('ends after a payload %j, which it takes', async (body) => {
      const headers = { 'Content-Length': String(body.length) };
      expect(await ask(port, 'POST', target, headers, body)).toEqual(OK);
      expect((await reason())[0]).toBe('parse error');
    });

    test('answers 400 to a binary body and ends', async () => {
      const headers = { 'Content-Type': 'application/octet-stream' };
      expect((await ask(port, 'POST', target, headers, 'abc')).status).toMatch(/ 400 /);
      expect((await reason())[0]).toBe('transport error');
    });

    test.each(['PUT', 'DELETE', 'OPTIONS'])('answers 500 to %s', async (method) => {
      expect(await ask(port, method, target)).toEqual(empty('500 Internal Server Error'));
      expect(session.readyState).toBe('open');
    });

    test('ends at a second poll while one waits', async () => {
      const first = await poll();
      expect((await ask(port, 'GET', target)).status).toMatch(/ 400 /);
      await first.head();
      expect(first.text).toMatch(/\r\n\r\n1$/);
      expect(await reason()).toEqual(['transport error', expect.anything()]);
    });

    test('ends at a second POST while one arrives', async () => {
      const first = await openWire(port);
      const seen = once(engine, 'posting');
      engine.use((/** @type {any} */ req, /** @type {any} */ _res, /** @type {any} */ next) => {
        next();
        if (req.method === 'POST') engine.emit('posting');
      });
      first.write(requestText('POST', target, { 'Content-Length': '10' })).write('4abc');
      await seen;
      expect(await ask(port, 'POST', target, {}, '4x')).toEqual(empty('400 Bad Request'));
      expect((await reason())[0]).toBe('transport error');
      await first.until(({ ended, error }) => ended || error !== undefined);
      expect(first.text).toBe('');
    });

    test('ends when a poll is given up', async () => {
      const wire = await poll();
      wire.socket.destroy();
      expect((await reason())[0]).toBe('transport error');
    });

    test('ends when a POST is given up', async () => {
      const wire = await openWire(port);
      wire.write(requestText('POST', target, { 'Content-Length': '10' })).write('4abc');
      wire.socket.resetAndDestroy();
      expect((await reason())[0]).toBe('transport error');
      expect(session.messages).toEqual([]);
    });

    test('ends when the client says so', async () => {
      const wire = await poll();
      expect(await ask(port, 'POST', target, {}, '1')).toEqual(OK);
      await wire.head();
      expect(wire.text).toMatch(/\r\n\r\n6$/);
      expect((await reason())[0]).toBe('transport close');
    });

    test('says that it ends, at once or by the next poll', async () => {
      const wire = await poll();
      session.close();
      await wire.head();
      expect(wire.text).toMatch(/\r\n\r\n1$/);
      expect((await reason())[0]).toBe('forced close');

      const opened = nextSession(engine);
      const next = `${POLLING}&sid=${await openPolling(port)}`;
      session = await opened;
      session.close();
      expect(session.readyState).toBe('closing');
      expect(await ask(port, 'GET', next)).toEqual(polled('6\x1e1'));
      expect((await reason())[0]).toBe('forced close');
      expect(engine.clientsCount).toBe(0);
    });

    test('answers waiting polls when the engine closes', async () => {
      const wire = await poll();
      engine.close();
      await wire.head();
      expect(wire.text).toMatch(/\r\n\r\n1$/);
      expect((await reason())[0]).toBe('forced close');
      expect(await ask(port, 'GET', target)).toEqual(refusal(1, 'Session ID unknown'));
    });

    test('calls off an old filter of Internet Explorer', async () => {
      session.send('x');
      const headers = { 'User-Agent': 'Mozilla/5.0 (Windows NT 6.3; Trident/7.0; rv:11.0)' };
      const { lines } = await ask(port, 'GET', target, headers);
      expect(lines.slice(2, 4)).toEqual(['X-XSS-Protection: 0', 'cache-control: no-store']);
    });
  });
});

describe.each(ENGINES)('%s, of requests in one turn', (_name, EngineClass) => {
  test('judges each by the options that it has met', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const wire = await openWire(port);
    engine.use((/** @type {any} */ req, /** @type {any} */ _res, /** @type {any} */ next) => {
      if (req._query.first === undefined) engine.opts.transports = ['websocket'];
      next();
    });
    wire.write(requestText('GET', `${POLLING}&first`) + requestText('GET', POLLING));
    await wire.until(({ text }) => text.includes('Transport unknown'));
    expect(wire.text).toMatch(/^HTTP\/1.1 200 OK/);
    expect(engine.clientsCount).toBe(1);
  });

  test('serves each by what came before it', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const opened = nextSession(engine);
    const target = `${POLLING}&sid=${await openPolling(port)}`;
    const session = await opened;
    engine.use((/** @type {any} */ req, /** @type {any} */ _res, /** @type {any} */ next) => {
      if (req._query.first !== undefined) session.send('before');
      next();
      if (req._query.second !== undefined) session.close(true);
    });
    const wire = await openWire(port);
    wire.write(requestText('GET', `${target}&first`) + requestText('GET', `${target}&second`));
    await wire.until(({ text }) => text.split('HTTP/1.1').length === 3);
    expect(wire.text).toMatch(/^HTTP\/1.1 200 OK[^]*4beforeHTTP\/1.1 200 OK/);
    expect((await session.closed)[0]).toBe('forced close');
  });
});
