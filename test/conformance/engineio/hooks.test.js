/** What applications hook into handshakes, and the headers that come of it. */
'use strict';

const {
  OPENED,
  POSTED,
  describeGroups,
  emit,
  handshake,
  hear,
  hearEnd,
  open,
  openWebSocket,
  payload,
  poll,
  post,
  refusal,
  request,
  switching,
  upgradeRefusal,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');
const { SID } = require('../support/conversation');

const NEW = { query: { sid: undefined } };
const FIRST = `ws: ${JSON.stringify(handshake({ upgrades: [] }))}`;
const POLLING = 'open polling v4';
const SOCKET = 'open websocket v4';

/** Both ways to open a session. */
const both = (/** @type {string[]} */ opened, /** @type {string[]} */ switched = opened) => [
  {
    name: 'a session by polling, and what follows',
    steps: [open(), post('4a'), emit('b'), poll()],
    sees: [
      `open: ${payload(handshake(), opened)}`,
      `POST: ${withHeaders(POSTED, opened)}`,
      `GET: ${payload('4b', opened)}`,
    ],
    told: [POLLING, 'data "a"'],
  },
  {
    name: 'a session on a WebSocket',
    steps: [openWebSocket('ws', NEW), hear('ws')],
    sees: [`ws: ${switching(switched)}`, FIRST],
    told: [SOCKET],
  },
];

/** An answer with more lines in its head. */
function withHeaders(/** @type {string} */ answer, /** @type {string[]} */ more) {
  const [status, ...rest] = answer.split(' | ');
  const body = /** @type {string} */ (rest.pop());
  return [status, ...[...rest, ...more].sort(), body].join(' | ');
}

const allowed = {
  title: 'allowRequest',
  opts: {
    allowRequest(/** @type {any} */ req, /** @type {any} */ callback) {
      const { answer } = req._query;
      if (answer === 'no') callback(null, false);
      else if (answer === 'reason') callback('not today', false);
      else if (answer === 'later') setImmediate(callback, null, true);
      else callback(null, true);
    },
  },
  rows: [
    ...both([]),
    {
      name: 'an answer that comes later',
      steps: [open({ answer: 'later' })],
      sees: [`open: ${OPENED}`],
      told: [POLLING],
    },
    {
      name: 'is asked for handshakes only',
      steps: [open(), post('4a', { query: { answer: 'no' } })],
      sees: [`open: ${OPENED}`, `POST: ${POSTED}`],
      told: [POLLING, 'data "a"'],
    },
    {
      name: 'a refusal',
      steps: [request('GET', { query: { answer: 'no' } })],
      sees: [`GET: ${refusal(4, 'Forbidden', 403)}`],
      told: ['refused 4 Forbidden {"message":null}'],
    },
    {
      name: 'a refusal with a reason',
      steps: [request('GET', { query: { answer: 'reason' } })],
      sees: [`GET: ${refusal(4, 'not today', 403)}`],
      told: ['refused 4 Forbidden {"message":"not today"}'],
    },
    {
      name: 'is not asked about what is refused anyway',
      steps: [request('POST', { query: { answer: 'no' } })],
      sees: [`POST: ${refusal(2, 'Bad handshake method')}`],
      told: ['refused 2 Bad handshake method {"method":"POST"}'],
    },
    {
      name: 'a refusal of a WebSocket',
      steps: [openWebSocket('ws', { query: { answer: 'no' } })],
      sees: [`ws: ${upgradeRefusal('Forbidden')}`, 'ws: the end'],
      told: ['refused 4 Forbidden {"message":null}'],
    },
    {
      name: 'a refusal of a WebSocket with a reason',
      steps: [openWebSocket('ws', { query: { answer: 'reason' } })],
      sees: [`ws: ${upgradeRefusal('not today')}`, 'ws: the end'],
      told: ['refused 4 Forbidden {"message":"not today"}'],
    },
  ],
};

const failingIds = {
  title: 'generateId that fails',
  prepare(/** @type {any} */ engine) {
    engine.generateId = async () => {
      throw new Error('no more ids');
    };
  },
  rows: [
    {
      name: 'by polling',
      steps: [request('GET')],
      sees: [`GET: ${refusal(3, 'Bad request')}`],
      told: ['refused 3 Bad request {"name":"ID_GENERATION_ERROR","error":"no more ids"}'],
    },
  ],
};

const plainIds = {
  title: 'generateId with plain ids',
  prepare(/** @type {any} */ engine) {
    let count = 0;
    engine.generateId = () => `session-number-${String(++count).padStart(5, '0')}`;
  },
  rows: both([]),
};

const CORS = ['access-control-allow-origin: http://app.example', 'vary: Origin'];
const CREDENTIALS = 'access-control-allow-credentials: true';
const cors = {
  title: 'cors',
  opts: { cors: { origin: 'http://app.example', credentials: true, methods: ['GET', 'POST'] } },
  rows: [
    ...both([...CORS, CREDENTIALS]),
    {
      name: 'a preflight',
      steps: [
        request('OPTIONS', {
          headers: {
            Origin: 'http://app.example',
            'Access-Control-Request-Method': 'POST',
            'Access-Control-Request-Headers': 'x-token',
          },
        }),
      ],
      sees: [
        `OPTIONS: ${[
          '204',
          CREDENTIALS,
          'access-control-allow-headers: x-token',
          'access-control-allow-methods: GET,POST',
          CORS[0],
          'content-length: 0',
          'vary: Origin, Access-Control-Request-Headers',
        ].join(' | ')}`,
      ],
      told: [],
    },
    {
      name: 'a refusal',
      steps: [request('GET', { query: { transport: 'x' } })],
      sees: [`GET: ${withHeaders(refusal(0, 'Transport unknown'), [...CORS, CREDENTIALS])}`],
      told: ['refused 0 Transport unknown {"transport":"x"}'],
    },
    {
      name: 'OPTIONS on a session',
      steps: [open(), request('OPTIONS'), post('4a')],
      sees: [
        `open: ${payload(handshake(), [...CORS, CREDENTIALS])}`,
        `OPTIONS: ${[
          '204',
          CREDENTIALS,
          'access-control-allow-methods: GET,POST',
          CORS[0],
          'content-length: 0',
          'vary: Origin, Access-Control-Request-Headers',
        ].join(' | ')}`,
        `POST: ${withHeaders(POSTED, [...CORS, CREDENTIALS])}`,
      ],
      told: [POLLING, 'data "a"'],
    },
  ],
};

/** Only the first answer of polling has a cookie, never the 101. */
const cookieRows = (/** @type {string} */ cookie) => [
  {
    name: 'by polling',
    steps: [open(), post('4a')],
    sees: [`open: ${payload(handshake(), [`set-cookie: ${cookie}`])}`, `POST: ${POSTED}`],
    told: [POLLING, 'data "a"'],
  },
  {
    name: 'on a WebSocket',
    steps: [openWebSocket('ws', NEW), hear('ws')],
    sees: [`ws: ${switching()}`, FIRST],
    told: [SOCKET],
  },
];

const listeners = {
  title: 'headers and initial_headers',
  prepare(/** @type {any} */ engine) {
    engine.on('initial_headers', (/** @type {any} */ headers) => (headers['X-Initial'] = 'a'));
    engine.on('headers', (/** @type {any} */ headers) => (headers['X-Every'] = 'b'));
  },
  rows: [
    {
      name: 'by polling',
      steps: [open(), post('4a'), emit('b'), poll()],
      sees: [
        `open: ${payload(handshake(), ['x-every: b', 'x-initial: a'])}`,
        `POST: ${withHeaders(POSTED, ['x-every: b'])}`,
        `GET: ${payload('4b', ['x-every: b'])}`,
      ],
      told: [POLLING, 'data "a"'],
    },
    {
      name: 'on a WebSocket',
      steps: [openWebSocket('ws', NEW), hear('ws')],
      sees: [`ws: ${switching(['x-every: b', 'x-initial: a'])}`, FIRST],
      told: [SOCKET],
    },
    {
      name: 'on an upgrade',
      steps: [open(), openWebSocket('ws')],
      sees: [
        `open: ${payload(handshake(), ['x-every: b', 'x-initial: a'])}`,
        `ws: ${switching(['x-every: b'])}`,
      ],
      told: [POLLING],
    },
    {
      name: 'not on refusals',
      steps: [request('GET', { query: { transport: 'x' } })],
      sees: [`GET: ${refusal(0, 'Transport unknown')}`],
      told: ['refused 0 Transport unknown {"transport":"x"}'],
    },
  ],
};

const middlewares = {
  title: 'middlewares',
  prepare(/** @type {any} */ engine) {
    engine.use((/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
      const { act } = req._query;
      res.setHeader('X-Middleware', 'yes');
      if (act === 'fail') next(new Error('no'));
      else if (act === 'end') res.end('done');
      else if (act === 'later') setImmediate(next);
      else next();
    });
  },
  rows: [
    ...both(['x-middleware: yes']),
    {
      name: 'one that goes on later',
      steps: [open({ act: 'later' })],
      sees: [`open: ${payload(handshake(), ['x-middleware: yes'])}`],
      told: [POLLING],
    },
    {
      name: 'one that fails',
      steps: [request('GET', { query: { act: 'fail' } })],
      sees: [`GET: ${withHeaders(refusal(3, 'Bad request'), ['x-middleware: yes'])}`],
      told: ['refused 3 Bad request {"name":"MIDDLEWARE_FAILURE"}'],
    },
    {
      name: 'one that fails on an upgrade',
      steps: [openWebSocket('ws', { query: { act: 'fail' } })],
      sees: [`ws: ${upgradeRefusal('Bad request')}`, 'ws: the end'],
      told: ['refused 3 Bad request {"name":"MIDDLEWARE_FAILURE"}'],
    },
    {
      name: 'one that answers',
      steps: [request('GET', { query: { act: 'end' } }), open()],
      sees: [
        'GET: 200 | content-length: 4 | x-middleware: yes | done',
        `open: ${payload(handshake(), ['x-middleware: yes'])}`,
      ],
      told: [POLLING],
    },
    {
      name: 'one that ends an upgrade: without an answer',
      steps: [(talk) => talk.openNothing('ws', { query: { act: 'end' } }), hearEnd('ws'), open()],
      sees: ['ws: the end', `open: ${payload(handshake(), ['x-middleware: yes'])}`],
      told: [POLLING],
      ours: {
        why: 'the client gets the answer of the middleware',
        steps: [openWebSocket('ws', { query: { act: 'end' } }), open()],
        sees: [
          'ws: 200 | connection: close | content-length: 4 | x-middleware: yes | done',
          'ws: the end',
          `open: ${payload(handshake(), ['x-middleware: yes'])}`,
        ],
      },
    },
  ],
};

describeGroups(ENGINE_NAMES, [
  allowed,
  failingIds,
  plainIds,
  cors,
  {
    title: 'cookie: true',
    opts: { cookie: true },
    rows: cookieRows(`io=${SID}; Path=/; HttpOnly; SameSite=Lax`),
  },
  {
    title: 'cookie with options',
    opts: { cookie: { name: 'lb', maxAge: 60, httpOnly: false, path: '/x', sameSite: 'strict' } },
    rows: cookieRows(`lb=${SID}; Max-Age=60; Path=/x; SameSite=Strict`),
  },
  listeners,
  middlewares,
]);
