/** Opening a session by polling, and every way in which a request is refused. */
'use strict';

const {
  OPENED,
  POSTED,
  answer,
  begin,
  describeGroups,
  handshake,
  hear,
  open,
  openWebSocket,
  payload,
  poll,
  post,
  refusal,
  request,
  switching,
} = require('../support/rows');
const { EVERYWHERE } = require('../support/subjects');

const { upgradeHeaders } = require('../support/http');

/** A request without a session that is refused. */
const refused = (name, query, code, message, context, more = {}) => ({
  name,
  steps: [begin('it', more.method ?? 'GET', { query, ...more }), answer('it')],
  sees: [`it: ${refusal(code, message)}`],
  told: [`refused ${code} ${message} ${JSON.stringify(context)}`],
  onOwnPort: more.onOwnPort,
});

const UNKNOWN = [0, 'Transport unknown'];
const METHOD = [2, 'Bad handshake method'];
const VERSION = [5, 'Unsupported protocol version'];

const withoutSession = [
  ...[undefined, '', 'unknown', 'constructor', '__proto__', 'webtransport', 'Polling'].map((name) =>
    refused(`transport ${name}`, { transport: name }, ...UNKNOWN, { transport: name }),
  ),
  refused(
    'transport given twice: the last one counts',
    {},
    ...UNKNOWN,
    { transport: 'b' },
    { target: '/engine.io/?EIO=4&transport=polling&transport=b' },
  ),
  ...['1234', '__proto__', 'constructor', 'hasOwnProperty', 'a b', '%00', 'ü'].map((sid) =>
    refused(`session "${sid}"`, { sid }, 1, 'Session ID unknown', { sid }),
  ),
  ...['POST', 'PUT', 'OPTIONS', 'DELETE', 'PATCH'].map((method) =>
    refused(`handshake by ${method}`, {}, ...METHOD, { method }, { method }),
  ),
  {
    name: 'handshake by HEAD',
    steps: [request('HEAD')],
    sees: ['HEAD: 400 | content-type: application/json'],
    told: ['refused 2 Bad handshake method {"method":"HEAD"}'],
  },
  refused('websocket without an upgrade', { transport: 'websocket' }, 3, 'Bad request', {
    name: 'TRANSPORT_HANDSHAKE_ERROR',
  }),
  ...[undefined, '', '2', '3', '5', '44', 'x'].map((EIO) =>
    refused(`EIO ${EIO}`, { EIO }, ...VERSION, { protocol: 3 }),
  ),
];

const opened = (name, steps, sees = [`open: ${OPENED}`]) => ({
  name,
  steps,
  sees,
  told: ['open polling v4'],
});

const onSession = [
  {
    name: 'another revision of the protocol (0.1)',
    steps: [open(), poll({ query: { EIO: '3' } }), post('4a'), poll({ query: { EIO: undefined } })],
    sees: [
      `open: ${OPENED}`,
      `GET: ${refusal(3, 'Bad request')}`,
      `POST: ${POSTED}`,
      `GET: ${refusal(3, 'Bad request')}`,
    ],
    told: [
      'open polling v4',
      'refused 3 Bad request {"name":"PROTOCOL_MISMATCH","protocol":3,"previousProtocol":4}',
      'data "a"',
      'refused 3 Bad request {"name":"PROTOCOL_MISMATCH","protocol":3,"previousProtocol":4}',
    ],
  },
  {
    name: 'another transport without an upgrade',
    steps: [open(), poll({ query: { transport: 'websocket' } }), post('4a')],
    sees: [`open: ${OPENED}`, `GET: ${refusal(3, 'Bad request')}`, `POST: ${POSTED}`],
    told: [
      'open polling v4',
      'refused 3 Bad request {"name":"TRANSPORT_MISMATCH","transport":"websocket","previousTransport":"polling"}',
      'data "a"',
    ],
  },
  {
    name: 'a closed session is unknown',
    steps: [open(), post('1'), (talk) => talk.happened('close'), poll()],
    sees: [`open: ${OPENED}`, `POST: ${POSTED}`, `GET: ${refusal(1, 'Session ID unknown')}`],
    told: [
      'open polling v4',
      'close transport close',
      'refused 1 Session ID unknown {"sid":"sid_sid_sid_sid_sid_"}',
    ],
  },
];

const paths = [
  opened(
    'a target without slash behind the path is the application’s',
    [open(), poll({ target: '/engine.io?EIO=4&transport=polling' })],
    [`open: ${OPENED}`, 'GET: 404 | transfer-encoding: chunked | x-from: application'],
  ),
  opened(
    'a longer path is the engine’s',
    [(talk) => talk.exchange('GET', { target: '/engine.io/abc/?EIO=4&transport=unknown' }), open()],
    [`GET: ${refusal(0, 'Transport unknown')}`, `open: ${OPENED}`],
  ),
].map((row, index) =>
  index === 0
    ? row
    : { ...row, told: ['refused 0 Transport unknown {"transport":"unknown"}', ...row.told] },
);

describeGroups(EVERYWHERE, [
  {
    title: 'opening',
    rows: [
      opened('a session', [open()]),
      opened('with parameters that nobody knows', [open({ t: 'abc', x: '1', __proto__x: 'y' })]),
      opened('with an empty sid', [open({ sid: '' })]),
      opened('from any origin', [open({}, { Origin: 'http://evil.example' })]),
      opened('from the origin "null"', [open({}, { Origin: 'null' })]),
      ...['Mozilla/5.0 (compatible;MSIE 9.0)', 'Mozilla/5.0 Trident/7.0; rv:11.0'].map((agent) =>
        opened(
          `for ${agent}`,
          [open({}, { 'User-Agent': agent })],
          [`open: ${payload(handshake(), ['x-xss-protection: 0'])}`],
        ),
      ),
    ],
  },
  { title: 'refusals without a session', rows: withoutSession },
  { title: 'refusals on a session', rows: onSession },
  { title: 'paths', rows: paths },
  {
    title: 'polling only',
    opts: { transports: ['polling'] },
    rows: [
      opened('a session', [open()], [`open: ${payload(handshake({ upgrades: [] }))}`]),
      refused(
        'an upgrade is a request like others',
        { transport: 'websocket' },
        ...UNKNOWN,
        { transport: 'websocket' },
        { headers: upgradeHeaders() },
      ),
    ],
  },
  {
    title: 'WebSocket only',
    opts: { transports: ['websocket'] },
    rows: [
      refused('polling', {}, ...UNKNOWN, { transport: 'polling' }),
      {
        name: 'a session',
        steps: [openWebSocket('ws', { query: { sid: undefined } }), hear('ws')],
        sees: [`ws: ${switching()}`, `ws: ${JSON.stringify(handshake({ upgrades: [] }))}`],
        told: ['open websocket v4'],
      },
    ],
  },
  {
    title: 'another path',
    opts: { path: '/deep/path/', addTrailingSlash: false },
    rows: [
      {
        name: 'without its slash',
        steps: [
          (talk) => talk.exchange('GET', { target: '/deep/path?EIO=4&transport=unknown' }),
          (talk) => talk.exchange('GET', { target: '/deep/pathological?EIO=4&transport=unknown' }),
          (talk) => talk.exchange('GET', { target: '/deep/pat?EIO=4&transport=unknown' }),
        ],
        sees: [
          ...Array(2).fill(`GET: ${refusal(0, 'Transport unknown')}`),
          'GET: 404 | transfer-encoding: chunked | x-from: application',
        ],
        told: Array(2).fill('refused 0 Transport unknown {"transport":"unknown"}'),
      },
    ],
  },
  {
    title: 'behind a lenient HTTP parser',
    http: { insecureHTTPParser: true },
    rows: [
      refused(
        'a control character in the origin',
        {},
        3,
        'Bad request',
        { name: 'INVALID_ORIGIN', origin: 'a\u0001b' },
        {
          headers: { Origin: 'a\u0001b' },
          onOwnPort: {
            why: 'it is as strict as ever',
            sees: ['it: 400 | connection: close'],
            told: [],
          },
        },
      ),
    ],
  },
]);
