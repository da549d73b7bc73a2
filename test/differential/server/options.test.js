/** The options, their defaults, changes at run time and hooks. */
'use strict';

const { once } = require('node:events');
const { OPTIONS } = require('../../../lib/options/table');
const { maskEtag } = require('../support/etag');
const { describeScenarios } = require('../support/scenarios');
const { refusedAfterUpgrade } = require('../support/deviations');

const POLLING = '/socket.io/?EIO=4&transport=polling';
const HANDSHAKE =
  '0{"sid":"the-same","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}';
const OWN_OPTIONS = OPTIONS.filter(({ of }) => of === 'beast.io').map(({ name }) => name);

/** Opens a session in both ways. */
async function bothWays(world, io, label = '') {
  await world.http(`polling ${label}`, io, 'GET', POLLING, {
    headers: { Origin: 'http://a.example' },
  });
  const peer = await world.ws(`websocket ${label}`, io, {
    headers: { Origin: 'http://a.example' },
  });
  peer.destroy();
}

const withOptions =
  (opts, prepare = () => {}) =>
  async (world) => {
    const io = await world.serve(typeof opts === 'function' ? opts(world) : opts);
    io.engine.on('connection_error', ({ code, message, context }) => {
      const { error, ...rest } = context ?? {};
      world.note('server', 'connection_error', code, message, rest, String(error));
    });
    prepare(io, world);
    await bothWays(world, io);
  };

describeScenarios(__filename, 'options', {
  defaults: async (world) => {
    for (const opts of [
      undefined,
      {},
      { pingInterval: 7 },
      { cookie: true },
      { cookie: { name: 'x', path: '/y' } },
    ]) {
      const io = await world.serve(opts);
      const known = Object.entries(io.engine.opts).filter(([name]) => !OWN_OPTIONS.includes(name));
      for (const [name, value] of known.sort()) {
        if (name !== 'wsEngine') world.note('engine', name, value);
      }
      world.note('server', 'opts', io.opts === io._opts, io.opts, opts);
      world.note(
        'server',
        'state',
        io.path(),
        io.serveClient(),
        io.connectTimeout(),
        io.adapter().name,
      );
    }
  },

  'limits that are announced': withOptions({
    pingInterval: 12_000,
    pingTimeout: 6000,
    maxHttpBufferSize: 123,
  }),
  'no upgrades': withOptions({ allowUpgrades: false }),
  'websocket only': withOptions({ transports: ['websocket'] }),
  'polling only': async (world) => {
    const io = await world.serve({ transports: ['polling'] });
    await world.http('polling', io, 'GET', POLLING);
    world.note('server', 'listeners', io.httpServer.listenerCount('upgrade'));
  },
  'the order of transports': withOptions({ transports: ['websocket', 'polling'] }),
  'an initial packet': withOptions({ initialPacket: 'hello' }),
  'a cookie': withOptions({ cookie: true }),
  'a cookie of its own': withOptions({
    cookie: {
      name: 'own',
      path: '/p',
      httpOnly: false,
      sameSite: 'strict',
      maxAge: 60,
      secure: true,
    },
  }),
  'cors for one origin': withOptions({ cors: { origin: 'http://a.example', credentials: true } }),
  'cors for all': withOptions({ cors: { origin: '*', methods: ['GET'], exposedHeaders: ['X-A'] } }),
  'cors by a function': withOptions({
    cors: { origin: (origin, callback) => callback(null, origin === 'http://a.example') },
  }),
  'cors that fails': withOptions({
    cors: { origin: (_origin, callback) => callback(new Error('cors fails')) },
  }),
  'cors and what is not a handshake': async (world) => {
    const io = await world.serve({ cors: { origin: ['http://a.example', /b/] } });
    for (const origin of ['http://a.example', 'http://b.example', 'http://c.example', undefined]) {
      const headers = { Origin: origin };
      await world.http(`preflight ${origin}`, io, 'OPTIONS', POLLING, {
        headers: { ...headers, 'Access-Control-Request-Method': 'POST' },
      });
      await world.http(`unknown sid ${origin}`, io, 'GET', `${POLLING}&sid=x`, { headers });
    }
    await world.http('application', io, 'GET', '/', { headers: { Origin: 'http://a.example' } });
  },
  'allowRequest that allows': withOptions((world) => ({
    allowRequest(req, callback) {
      world.note('server', 'allowRequest', req.method, req._query, callback.length);
      callback(null, true);
    },
  })),
  'allowRequest that refuses': withOptions({
    allowRequest: (_req, callback) => callback(null, false),
  }),
  'allowRequest with a reason': withOptions({
    allowRequest: (_req, callback) => callback('not today', false),
  }),
  'allowRequest later': withOptions({
    allowRequest: (_req, callback) => setImmediate(callback, undefined, true),
  }),
  'allowRequest with an error and true': withOptions({
    allowRequest: (_req, callback) => callback('odd', true),
  }),
  generateId: withOptions({}, (io, world) => {
    let count = 0;
    io.engine.generateId = (req) => {
      world.note('server', 'generateId', req.method, req._query.transport);
      return `own-id-${++count}`;
    };
  }),
  'generateId that is asynchronous': withOptions({}, (io) => {
    io.engine.generateId = async (req) => `promised-${req._query.transport}`;
  }),
  'generateId that repeats itself': {
    deviates: {
      row: 'an id from `generateId` that is in use',
      differences: [
        [['server: close "transport close"'], []],
        [[`websocket: ${HANDSHAKE}`], ['websocket: close without a code', 'websocket: end']],
      ],
    },
    run: async (world) => {
      const io = await world.serve();
      io.engine.generateId = () => 'the-same';
      await world.http('polling', io, 'GET', POLLING);
      const [first] = Object.values(io.engine.clients);
      io.engine.once('connection', (conn) =>
        conn.on('close', (reason) => world.note('server', 'close', reason)),
      );
      const peer = await world.ws('websocket', io);
      await world.quiet();
      world.note('server', 'the first is', first.readyState);
      peer.destroy();
      await world.until(() => io.engine.clientsCount < 2, 'the second to be gone');
      await world.quiet();
    },
  },
  'generateId that fails': async (world) => {
    const io = await world.serve();
    io.engine.generateId = async () => {
      throw new Error('no id today');
    };
    await world.http('polling', io, 'GET', POLLING);
  },
  'generateId that fails for a WebSocket': {
    deviates: refusedAfterUpgrade('`generateId` that fails for a WebSocket', 'Bad request'),
    run: async (world) => {
      const io = await world.serve();
      io.engine.generateId = async () => {
        throw new Error('no id today');
      };
      io.engine.on('connection_error', ({ code, context }) =>
        world.note('server', 'connection_error', code, context),
      );
      await world.ws('a', io, { isHeard: false });
      await world.saw('a', 'HTTP/1.1');
    },
  },
  'headers events': withOptions({}, (io, world) => {
    io.engine.on('initial_headers', (headers, req) => {
      world.note(req._query.transport, 'initial_headers', headers);
      headers['x-initial'] = 'one';
      if (req._query.transport === 'polling') headers['set-cookie'] = ['a=b', 'c=d'];
    });
    io.engine.on('headers', (headers, req) => {
      world.note(req._query.transport, 'headers', headers);
      headers['x-every'] = 'two';
    });
  }),
  'a header with several values on the 101': {
    deviates: {
      row: 'a header with several values on the 101',
      differences: [
        [
          ['websocket: set-cookie: a=b,c=d'],
          ['websocket: set-cookie: a=b', 'websocket: set-cookie: c=d'],
        ],
      ],
    },
    run: async (world) => {
      const io = await world.serve();
      io.engine.on('initial_headers', (headers) => (headers['set-cookie'] = ['a=b', 'c=d']));
      await world.ws('websocket', io);
    },
  },
  'middlewares of the engine': withOptions({}, (io, world) => {
    io.engine.use((req, res, next) => {
      world.note(req._query.transport, 'first', req.url, next.length, typeof res.writeHead);
      res.setHeader('X-Middleware', 'one');
      req.own = 'kept';
      setImmediate(next);
    });
    io.engine.use((req, res, next) => {
      world.note(req._query.transport, 'second', req.own, res.getHeader('X-Middleware'));
      next();
    });
    io.engine.on('connection', (conn) => world.note('server', 'request', conn.request.own));
  }),
  'a middleware of the engine that fails': withOptions({}, (io) => {
    io.engine.use((_req, _res, next) => next(new Error('middleware fails')));
  }),
  'a middleware of the engine that answers': {
    run: withOptions({}, (io) => {
      io.engine.use((_req, res) => {
        res.statusCode = 503;
        res.setHeader('X-Own', '1');
        res.end('closed today');
      });
    }),
    deviates: {
      row: 'a middleware of `engine.use()` that answers an upgrade (`res.writeHead(429); res.end()`)',
      differences: [
        [
          ['websocket : end'],
          [
            'websocket : HTTP/1.1 503 Service Unavailable',
            'websocket : X-Own: 1',
            'websocket : Date: <date>',
            'websocket : Connection: close',
            'websocket : Content-Length: 12',
            'websocket : body "closed today"',
          ],
        ],
      ],
    },
  },

  'changes at run time': async (world) => {
    const io = await world.serve();
    for (const [name, value] of Object.entries({
      pingInterval: 11_111,
      pingTimeout: 22_222,
      maxHttpBufferSize: 333,
      allowUpgrades: false,
      initialPacket: 'later',
      cookie: { name: 'late', path: '/' },
      allowEIO3: true,
      allowRequest: (_req, callback) => callback('now refused', false),
    })) {
      io.engine.opts[name] = value;
      await bothWays(world, io, name);
      await world.http(`v3 ${name}`, io, 'GET', '/socket.io/?EIO=3&transport=polling');
    }
  },

  'a path that is changed': async (world) => {
    const io = world.io({ serveClient: true });
    io.path('/changed/');
    await world.open(io);
    maskEtag(world);
    await world.http('new', io, 'GET', '/changed/?EIO=4&transport=polling');
    await world.http('old', io, 'GET', POLLING);
    await world.http('client', io, 'HEAD', '/changed/socket.io.js');
  },

  'a parser of the application': async (world) => {
    const { EventEmitter } = require('node:events');
    class Encoder {
      encode(packet) {
        world.note('server', 'encode', packet);
        return [JSON.stringify({ ...packet, own: 1 })];
      }
    }
    class Decoder extends EventEmitter {
      add(message) {
        world.note('server', 'add', message);
        const packet = JSON.parse(message);
        if (packet.type === 'bad') throw new Error('bad packet');
        this.emit('decoded', packet);
      }
      destroy() {
        world.note('server', 'destroy');
      }
    }
    const io = await world.serve({ parser: { Encoder, Decoder } });
    world.note(
      'server',
      'encoder',
      io.encoder.constructor === Encoder,
      io._parser.Decoder === Decoder,
    );
    io.of('/other');
    io.on('connection', (socket) => {
      socket.on('x', (...args) => args.pop()('answer', ...args));
      socket.on('error', world.noter('server', 'error'));
      socket.on('disconnect', world.noter('server', 'disconnect'));
      socket.emit('hello', Buffer.from('b'));
      io.emit('all', 1);
      socket.emit('ask', world.noter('server', 'acked'));
    });
    const peer = await world.ws('a', io);
    const send = (...packets) =>
      peer.send(...packets.map((packet) => `4${JSON.stringify(packet)}`));
    send({ type: 0, nsp: '/', data: { token: 1 } });
    await world.saw('a', 'ask');
    send(
      { type: 2, nsp: '/', id: 5, data: ['x', 1] },
      { type: 3, nsp: '/', id: 0, data: ['yes'] },
      { type: 0, nsp: '/other' },
    );
    await world.saw('a', '"/other"');
    await world.saw('server', 'acked');
    send({ type: 'bad' });
    await peer.ended();
    await world.saw('server', 'destroy');
  },

  'attached twice, with listeners of others': async (world) => {
    const io = await world.serve();
    const seen = world.noter('server', 'request');
    io.httpServer.on('request', (req) => seen(req.url));
    io.attach(io.httpServer, { path: '/second' });
    await world.http('first', io, 'GET', POLLING);
    await world.http('second', io, 'GET', '/second/?EIO=4&transport=polling');
    await world.http('none', io, 'GET', '/none');
  },

  'the http server closes': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    world.record('server', socket, ['disconnect']);
    const closed = once(io.httpServer, 'close');
    io.httpServer.close();
    world.note('server', 'clients', io.engine.clientsCount);
    peer.send('42["still",1]');
    await world.fence(peer);
    peer.send('41');
    await world.saw('server', 'disconnect');
    peer.destroy();
    await closed;
    world.note('server', 'clients', io.engine.clientsCount);
  },
});
