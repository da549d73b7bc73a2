/**
 * The application's hooks on the way of a polling request, in the genuine engine and in ours.
 */
'use strict';

const { once } = require('node:events');
const { OK, errorsOf, polled, refusal } = require('../../../support/answers/engine-answers');
const { ENGINES, POLLING, ask, cleanUp, startEngine } = require('../../../support/rigs/engine-rig');

afterEach(cleanUp);

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test('allowRequest lets in and refuses, later too', async () => {
    const { engine, port } = await startEngine(EngineClass, {
      allowRequest: (/** @type {any} */ req, /** @type {any} */ done) => {
        const verdict = () => {
          if (req._query.ask === 'no') done('not you', false);
          else done(null, req._query.ask !== 'plain-no');
        };
        if (req._query.later) setImmediate(verdict);
        else verdict();
      },
    });
    const errors = errorsOf(engine);
    for (const later of ['', '&later=1']) {
      expect((await ask(port, 'GET', `${POLLING}${later}`)).body).toMatch(/^0\{/);
      const refused = await ask(port, 'GET', `${POLLING}${later}&ask=no`);
      expect(refused).toEqual(refusal(4, 'not you', 'HTTP/1.1 403 Forbidden'));
      const plain = await ask(port, 'GET', `${POLLING}${later}&ask=plain-no`);
      expect(plain).toEqual(refusal(4, 'Forbidden', 'HTTP/1.1 403 Forbidden'));
    }
    expect(errors.map(({ context }) => context.message)).toEqual([
      'not you',
      null,
      'not you',
      null,
    ]);
    expect(await ask(port, 'GET', '/engine.io/?EIO=4&ask=no')).toEqual(
      refusal(0, 'Transport unknown'),
    );
    expect(engine.clientsCount).toBe(2);
  });

  test('generateId names the session, at once or later', async () => {
    const { engine, port } = await startEngine(EngineClass);
    engine.generateId = (/** @type {any} */ req) => `name-${req._query.n}`;
    expect((await ask(port, 'GET', `${POLLING}&n=1`)).body).toContain('"sid":"name-1"');
    engine.generateId = async (/** @type {any} */ req) => `later-${req._query.n}`;
    expect((await ask(port, 'GET', `${POLLING}&n=2`)).body).toContain('"sid":"later-2"');
    expect(Object.keys(engine.clients)).toEqual(['name-1', 'later-2']);
    const arrived = once(engine.clients['later-2'], 'message');
    expect(await ask(port, 'POST', `${POLLING}&sid=later-2`, {}, '4hi')).toEqual(OK);
    expect(await arrived).toEqual(['hi']);
  });

  test.each([
    ['long', 'x'.repeat(2000)],
    ['not ASCII', 'Grüße-世界'],
    ['both', 'é'.repeat(2000)],
  ])('generateId may give any text: %s', async (_kind, name) => {
    const { engine, port } = await startEngine(EngineClass);
    let count = 0;
    engine.generateId = () => `${name}-${++count}`;
    /** @type {Promise<any>[]} */
    const arrived = [];
    engine.on('connection', (/** @type {any} */ session) => {
      arrived.push(once(session, 'message'));
      session.send(Buffer.from('hi'));
    });
    // At once: their records cross together, and with those of the attachments.
    await Promise.all([1, 2, 3].map(() => ask(port, 'GET', POLLING)));
    const ids = [1, 2, 3].map((number) => `${name}-${number}`);
    expect(Object.keys(engine.clients).sort()).toEqual(ids);
    for (const id of ids) {
      const path = `${POLLING}&sid=${encodeURIComponent(id)}`;
      expect(await ask(port, 'POST', path, {}, `4${id}`)).toEqual(OK);
      expect((await ask(port, 'GET', path)).body).toBe('baGk=');
    }
    const messages = await Promise.all(arrived);
    expect(messages.map(([message]) => message).sort()).toEqual(ids);
  });

  test('generateId can fail', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const errors = errorsOf(engine);
    engine.generateId = () => Promise.reject(new Error('no more names'));
    expect(await ask(port, 'GET', POLLING)).toEqual(refusal(3, 'Bad request'));
    expect(errors).toEqual([
      {
        code: 3,
        message: 'Bad request',
        context: { name: 'ID_GENERATION_ERROR', error: new Error('no more names') },
      },
    ]);
  });

  test('middlewares see every request, and can end or fail it', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const errors = errorsOf(engine);
    /** @type {string[]} */
    const seen = [];
    engine.use((/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
      seen.push(req.method);
      res.setHeader('x-first', '1');
      setImmediate(next);
    });
    engine.use((/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
      if (req._query.end) res.writeHead(418).end();
      else next(req._query.fail && new Error('no'));
    });
    expect((await ask(port, 'GET', POLLING)).lines).toContain('x-first: 1');
    expect((await ask(port, 'GET', `${POLLING}&end=1`)).status).toMatch(/ 418 /);
    expect((await ask(port, 'PUT', `${POLLING}&fail=1`)).body).toMatch(/"code":3/);
    expect(seen).toEqual(['GET', 'GET', 'PUT']);
    expect(errors).toEqual([
      { code: 3, message: 'Bad request', context: { name: 'MIDDLEWARE_FAILURE' } },
    ]);
  });

  test('headers and cookie', async () => {
    const { engine, port } = await startEngine(EngineClass, { cookie: true });
    /** @type {string[]} */
    const events = [];
    for (const event of ['initial_headers', 'headers']) {
      engine.on(event, (/** @type {any} */ headers, /** @type {any} */ req) => {
        events.push(`${event} ${req.method}`);
        headers[`x-${event}`] = 'yes';
      });
    }
    const answer = await ask(port, 'GET', POLLING);
    const { sid } = JSON.parse(answer.body.slice(1));
    expect(answer.lines).toEqual([
      'Content-Type: text/plain; charset=UTF-8',
      expect.stringMatching(/^Content-Length: \d+$/),
      'cache-control: no-store',
      `Set-Cookie: io=${sid}; Path=/; HttpOnly; SameSite=Lax`,
      'x-initial_headers: yes',
      'x-headers: yes',
      'Connection: close',
    ]);
    const posted = await ask(port, 'POST', `${POLLING}&sid=${sid}`, {}, '4x');
    expect(posted.lines).toContain('x-headers: yes');
    expect(posted.lines).not.toContain('x-initial_headers: yes');
    await ask(port, 'GET', `${POLLING}&sid=unknown`);
    expect(events).toEqual(['initial_headers GET', 'headers GET', 'headers POST']);
  });

  test('cors answers preflights and marks answers, refusals too', async () => {
    const { port } = await startEngine(EngineClass, {
      cors: { origin: 'https://a.example', credentials: true },
    });
    const headers = { Origin: 'https://a.example' };
    const preflight = await ask(port, 'OPTIONS', POLLING, headers);
    expect(preflight.status).toBe('HTTP/1.1 204 No Content');
    expect(preflight.lines).toContain('Access-Control-Allow-Origin: https://a.example');
    for (const target of [POLLING, `${POLLING}&sid=unknown`]) {
      const { lines } = await ask(port, 'GET', target, headers);
      expect(lines).toContain('Access-Control-Allow-Origin: https://a.example');
      expect(lines).toContain('Access-Control-Allow-Credentials: true');
    }
  });

  test('the handshake may bring a first message', async () => {
    const { port } = await startEngine(EngineClass, { initialPacket: 'welcome' });
    const first = await ask(port, 'GET', POLLING);
    const [open, welcome] = first.body.split('\x1e');
    const { sid } = JSON.parse(open.slice(1));
    if (welcome === undefined) {
      expect(await ask(port, 'GET', `${POLLING}&sid=${sid}`)).toEqual(polled('4welcome'));
    } else {
      expect(welcome).toBe('4welcome');
    }
  });
});
