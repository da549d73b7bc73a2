/**
 * The middlewares that applications give to `engine.use`, as they are on npm. They bring sessions and users
 * of an Express application to polling requests and to upgrades, and they add headers.
 */
'use strict';

const http = require('node:http');
const { once } = require('node:events');
const cors = require('cors');
const express = require('express');
const createSession = require('express-session');
const helmet = require('helmet');
const passport = require('passport');
const { io: connectClient } = require('socket.io-client');
const {
  ENGINES,
  Engine,
  POLLING,
  WEBSOCKET,
  ask,
  cleanUp,
  closers,
  eventually,
  openPolling,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { requestText, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** @type {[string, any][]} */
const SERVERS = [
  ['socket.io', require('socket.io').Server],
  ['beast.io', require('../../../../lib').Server],
];

const COOKIE = /^set-cookie: (app=[^;]+)/i;

/** What every user of a session shares. @param {any} [opts] */
function middlewaresOf(opts) {
  const store = new createSession.MemoryStore();
  const users = new passport.Passport();
  users.serializeUser((user, done) => done(null, user.name));
  users.deserializeUser((name, done) => done(null, { name }));
  const sessions = createSession({
    name: 'app',
    secret: 'a secret',
    resave: false,
    saveUninitialized: false,
    store,
    ...opts,
  });
  return { store, sessions, login: users.session() };
}

/**
 * An Express application with users, on a separate server that does not listen yet.
 * @param {ReturnType<typeof middlewaresOf>} middlewares
 */
function createApplication({ sessions, login }) {
  const app = express();
  app.use(sessions, login);
  app.post('/login/:name', (req, res, next) => {
    req.login({ name: req.params.name }, (err) => (err ? next(err) : res.json(true)));
  });
  app.get('/me', (req, res) => res.json({ user: req.user, seen: req.session.seen }));
  return http.createServer(app);
}

/** @param {http.Server} server @returns {Promise<number>} the port */
async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}

/** @param {number} port @param {string} name @returns {Promise<string>} the cookie of the session */
async function logIn(port, name) {
  const { lines } = await ask(port, 'POST', `/login/${name}`);
  return cookiesOf(lines)[0];
}

/** @param {string[]} lines of a head */
const cookiesOf = (lines) => lines.flatMap((line) => COOKIE.exec(line)?.[1] ?? []);

/** The lines of the answer to an upgrade. @param {number} port @param {Record<string, string>} [headers] */
async function upgrade(port, headers, target = WEBSOCKET) {
  const wire = await openWire(port);
  wire.write(upgradeText(target, headers));
  return (await wire.head()).trimEnd().split('\r\n');
}

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test('requests and upgrades carry the session and the user of the application', async () => {
    const middlewares = middlewaresOf();
    const server = createApplication(middlewares);
    const engine = new EngineClass();
    engine.use(middlewares.sessions);
    engine.use(middlewares.login);
    engine.attach(server);
    closers.push(() => engine.close());
    const port = await listen(server);
    /** @type {any[]} */
    const seen = [];
    engine.use((/** @type {any} */ req, /** @type {any} */ _res, /** @type {any} */ next) => {
      seen.push([req.method, req.user?.name]);
      next();
    });
    engine.on('connection', (/** @type {any} */ { transport }) => {
      if (transport.closeTimeout) transport.closeTimeout = 500;
    });

    const headers = { Cookie: await logIn(port, 'ada') };
    let opened = once(engine, 'connection');
    const { body } = await ask(port, 'GET', POLLING, headers);
    const { sid } = JSON.parse(body.slice(1));
    const [polling] = await opened;
    const target = `${POLLING}&sid=${sid}`;
    expect((await ask(port, 'POST', target, headers, '4hi')).body).toBe('ok');
    expect((await upgrade(port, headers, `${WEBSOCKET}&sid=${sid}`))[0]).toMatch(/ 101 /);
    opened = once(engine, 'connection');
    await upgrade(port, headers);
    const [websocket] = await opened;
    opened = once(engine, 'connection');
    await openPolling(port);
    const [stranger] = await opened;

    for (const { request } of [polling, websocket]) {
      expect(request.user).toEqual({ name: 'ada' });
      expect(request.isAuthenticated()).toBe(true);
      expect(request.session.passport).toEqual({ user: 'ada' });
    }
    expect(websocket.request.sessionID).toBe(polling.request.sessionID);
    expect(stranger.request.user).toBeUndefined();
    expect(stranger.request.isAuthenticated()).toBe(false);
    expect(seen).toEqual([
      ['GET', 'ada'],
      ['POST', 'ada'],
      ['GET', 'ada'],
      ['GET', 'ada'],
      ['GET', undefined],
    ]);

    websocket.request.session.seen = 'by the WebSocket';
    await new Promise((resolve) => websocket.request.session.save(resolve));
    const me = await ask(port, 'GET', '/me', headers);
    expect(JSON.parse(me.body)).toEqual({ user: { name: 'ada' }, seen: 'by the WebSocket' });
    await new Promise((resolve) => polling.request.session.reload(resolve));
    expect(polling.request.session.seen).toBe('by the WebSocket');
  });

  test('a new session sets its cookie on the polling answer and on the 101', async () => {
    const { sessions, store } = middlewaresOf({ saveUninitialized: true });
    const { engine, port } = await startEngine(EngineClass, { cookie: true });
    engine.use(sessions);
    const { lines, body } = await ask(port, 'GET', POLLING);
    const { sid } = JSON.parse(body.slice(1));
    const [cookie, ...others] = cookiesOf(lines);
    expect(others).toEqual([]);
    expect(lines).toContain(`Set-Cookie: io=${sid}; Path=/; HttpOnly; SameSite=Lax`);
    expect(Object.keys(/** @type {any} */ (store).sessions)).toEqual([
      /s%3A([^.]+)\./.exec(cookie)?.[1],
    ]);
    expect(cookiesOf(await upgrade(port))).toHaveLength(1);
    // It is known from then on.
    expect(cookiesOf((await ask(port, 'GET', POLLING, { Cookie: cookie })).lines)).toEqual([]);
    expect(cookiesOf(await upgrade(port, { Cookie: cookie }))).toEqual([]);
  });

  test('a rolling session sets its cookie on all answers', async () => {
    const { sessions } = middlewaresOf({ saveUninitialized: true, rolling: true });
    const { engine, port } = await startEngine(EngineClass);
    engine.use(sessions);
    const opened = await ask(port, 'GET', POLLING);
    const { sid } = JSON.parse(opened.body.slice(1));
    const [cookie] = cookiesOf(opened.lines);
    const headers = { Cookie: cookie };
    const target = `${POLLING}&sid=${sid}`;
    const posted = await ask(port, 'POST', target, headers, '4hi');
    expect(cookiesOf(posted.lines)).toEqual([cookie]);
    expect(cookiesOf(await upgrade(port, headers, `${WEBSOCKET}&sid=${sid}`))).toEqual([cookie]);
  });

  test('a middleware may answer; the genuine engine ends an upgrade without one', async () => {
    const { engine, port } = await startEngine(EngineClass);
    engine.use((/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
      if (req.headers.authorization) return next();
      res.statusCode = 401;
      res.setHeader('WWW-Authenticate', 'Bearer');
      return res.end('who are you?');
    });
    const refused = await ask(port, 'GET', POLLING);
    expect(refused.status).toBe('HTTP/1.1 401 Unauthorized');
    expect(refused.lines).toContain('WWW-Authenticate: Bearer');
    const wire = await openWire(port);
    wire.write(upgradeText(WEBSOCKET));
    await wire.until(({ ended }) => ended);
    wire.socket.end();
    if (EngineClass === Engine) expect(wire.text).toMatch(/^HTTP\/1\.1 401 .*who are you\?$/s);
    else expect(wire.text).toBe('');
    expect((await upgrade(port, { Authorization: 'Bearer x' }))[0]).toMatch(/ 101 /);
    await eventually(() => engine.clientsCount === 1);
  });

  test('helmet and cors mark the 101 and the refusals', async () => {
    const { engine, port } = await startEngine(EngineClass);
    engine.use(helmet());
    engine.use(cors({ origin: (origin, done) => done(null, origin === 'https://a.example') }));
    const headers = { Origin: 'https://a.example' };
    const heads = [
      (await ask(port, 'GET', POLLING, headers)).lines,
      (await ask(port, 'GET', '/engine.io/?EIO=4', headers)).lines,
      await upgrade(port, headers),
    ];
    for (const lines of heads) {
      expect(lines).toContain('X-Content-Type-Options: nosniff');
      expect(lines.join()).toContain('Content-Security-Policy: default-src');
      expect(lines).toContain('Access-Control-Allow-Origin: https://a.example');
      expect(lines).toContain('Vary: Origin');
    }
    const stranger = await upgrade(port, { Origin: 'https://b.example' });
    expect(stranger.join()).not.toContain('Access-Control');
  });
});

test('the whole heads are those of the genuine engine', async () => {
  /** @type {string[][][]} */
  const all = [];
  for (const [, EngineClass] of ENGINES) {
    const { sessions, login } = middlewaresOf({ saveUninitialized: true });
    const { engine, port } = await startEngine(EngineClass);
    engine.use(helmet());
    engine.use(cors({ origin: true, credentials: true }));
    engine.use(sessions);
    engine.use(login);
    const headers = { Origin: 'https://a.example' };
    const { lines } = await ask(port, 'GET', POLLING, headers);
    const heads = [lines, await upgrade(port, headers)];
    all.push(heads.map((head) => head.map((line) => line.replace(/app=[^;]+/, 'app=…')).sort()));
  }
  expect(all[0][1]).toContain('Set-Cookie: app=…; Path=/; HttpOnly');
  expect(all[1]).toEqual(all[0]);
});

describe.each(SERVERS)('%s', (_name, Server) => {
  test('onlyForHandshake, as the documentation has it', async () => {
    const middlewares = middlewaresOf();
    const server = createApplication(middlewares);
    const io = new Server(server);
    closers.push(() => io.close());
    let runs = 0;
    const onlyForHandshake =
      (/** @type {any} */ middleware) =>
      (/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
        const isHandshake = req._query.sid === undefined;
        if (!isHandshake) return next();
        runs++;
        return middleware(req, res, next);
      };
    io.engine.use(onlyForHandshake(middlewares.sessions));
    io.engine.use(onlyForHandshake(middlewares.login));
    io.engine.use(
      onlyForHandshake(
        (/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
          if (req.user) return next();
          res.writeHead(401);
          return res.end();
        },
      ),
    );
    const port = await listen(server);
    io.on('connection', (/** @type {any} */ socket) => {
      socket.emit('user', socket.request.user, socket.request.session.passport);
      socket.join(`user:${socket.request.user.name}`);
    });
    const Cookie = await logIn(port, 'grace');
    const open = (/** @type {any} */ opts) => {
      const client = connectClient(`http://127.0.0.1:${port}`, {
        forceNew: true,
        reconnection: false,
        ...opts,
      });
      closers.push(() => client.disconnect());
      return client;
    };
    const eventOf = (/** @type {any} */ client, /** @type {string} */ event) =>
      new Promise((resolve) => client.once(event, (/** @type {any[]} */ ...args) => resolve(args)));

    const moving = open({ extraHeaders: { Cookie } });
    const moved = new Promise((resolve) => moving.io.engine.once('upgrade', resolve));
    expect(await eventOf(moving, 'user')).toEqual([{ name: 'grace' }, { user: 'grace' }]);
    await moved;
    expect(runs).toBe(3); // neither the polls and POSTs nor the upgrade
    const direct = open({ extraHeaders: { Cookie }, transports: ['websocket'] });
    expect(await eventOf(direct, 'user')).toEqual([{ name: 'grace' }, { user: 'grace' }]);

    const [refused] = /** @type {any} */ (await eventOf(open({}), 'connect_error'));
    expect(refused.message).toBe('xhr poll error');
    expect(refused.context.status ?? refused.description).toBe(401);
    const [cut] = /** @type {any} */ (
      await eventOf(open({ transports: ['websocket'] }), 'connect_error')
    );
    expect(cut.message).toBe('websocket error');

    const both = Promise.all([moving, direct].map((client) => eventOf(client, 'disconnect')));
    io.in('user:grace').disconnectSockets(true);
    expect((await both).map(([reason]) => reason)).toEqual([
      'io server disconnect',
      'io server disconnect',
    ]);
  });
});

describe('while a middleware of beast.io thinks', () => {
  /** A session, and one request for it that waits in a middleware. @param {string} method */
  async function startSlowRequest(method, body = '') {
    const { engine, port } = await startEngine(Engine);
    const opened = once(engine, 'connection');
    const target = `${POLLING}&sid=${await openPolling(port)}`;
    const [session] = await opened;
    engine.use((/** @type {any} */ req, /** @type {any} */ _res, /** @type {any} */ next) => {
      if (req._query.slow) engine.emit('asked', req, next);
      else next();
    });
    const asked = once(engine, 'asked');
    const wire = await openWire(port);
    wire.write(requestText(method, `${target}&slow=1`, {}, body));
    const [req, proceed] = await asked;
    const gone = new Promise((resolve) => req.once('close', resolve));
    return { session, port, target, wire, req, proceed, gone };
  }

  test.each([
    ['GET', ''],
    ['POST', '4hello'],
  ])('a %s that is given up ends its session', async (method, body) => {
    const { session, wire, proceed, gone } = await startSlowRequest(method, body);
    const closed = once(session, 'close');
    wire.socket.destroy();
    await gone;
    proceed();
    const [reason, error] = await closed;
    expect(reason).toBe('transport error');
    expect(error.message).toContain('closed prematurely');
  });

  test('a POST whose body the middleware has taken is refused', async () => {
    const { session, wire, req, proceed, gone } = await startSlowRequest('POST', '4hello');
    req.resume();
    await gone;
    const closed = once(session, 'close');
    proceed();
    expect((await closed)[0]).toBe('transport error');
    expect(await wire.head()).toMatch(/^HTTP\/1\.1 400 /);
  });
});
