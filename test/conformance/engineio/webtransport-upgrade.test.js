/**
 * Upgrades to WebTransport, from every transport, and to others from WebTransport: probes, what waits
 * meanwhile, second upgrades that come too late, and those that fail.
 */
'use strict';

const {
  answer,
  begin: beginRequest,
  describeGroups,
  emit,
  handshake,
  happened,
  hear: hearFrame,
  onServer,
  open,
  openWebSocket,
  payload,
  poll,
  say: sayFrame,
  switching,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');
const {
  ALL,
  OPENED,
  OPEN_SID,
  TOLD,
  begin,
  head,
  hear,
  hearEnd,
  onClient,
  say,
  works,
  write,
} = require('../support/webtransport');
const { framed } = require('../../support/fakes/webtransport');

const UPGRADED = ['upgrading to webtransport', 'upgrade to webtransport'];
const POLLING_OPENED = `open: ${payload(handshake({ upgrades: ['websocket', 'webtransport'] }))}`;
const WEBSOCKET_OPENED = [`ws: ${switching()}`, `ws: ${JSON.stringify(OPENED)}`];

const openPolling = [open()];
const openSocket = [openWebSocket('ws'), hearFrame('ws')];
/** Upgrades the last session. @param {string} name */
const upgrade = (name) => [
  begin(name, OPEN_SID, '2probe'),
  hear(name),
  say(name, '5'),
  happened('upgrade to webtransport'),
];

const upgrades = [
  {
    name: 'of polling',
    steps: [...openPolling, ...upgrade('wt'), ...works('wt')],
    sees: [POLLING_OPENED, 'wt: 3probe', 'wt: 4down'],
    told: ['open polling v4', ...UPGRADED, 'data "up"'],
  },
  {
    name: 'of polling, with a message that waits',
    steps: [
      ...openPolling,
      begin('wt', OPEN_SID, '2probe'),
      hear('wt'),
      emit('waits'),
      say('wt', '5'),
      happened('upgrade to'),
      hear('wt'),
    ],
    sees: [POLLING_OPENED, 'wt: 3probe', 'wt: 4waits'],
    told: ['open polling v4', ...UPGRADED],
  },
  {
    name: 'releases the poll',
    steps: [
      ...openPolling,
      beginRequest('GET', 'GET'),
      begin('wt', OPEN_SID, '2probe'),
      hear('wt'),
      answer('GET'),
      say('wt', '5'),
      happened('upgrade to'),
      ...works('wt'),
    ],
    sees: [POLLING_OPENED, 'wt: 3probe', `GET: ${payload('6')}`, 'wt: 4down'],
    told: ['open polling v4', ...UPGRADED, 'data "up"'],
  },
  {
    name: 'without a probe',
    steps: [...openPolling, begin('wt', OPEN_SID, '5'), happened('upgrade to'), ...works('wt')],
    sees: [POLLING_OPENED, 'wt: 4down'],
    told: ['open polling v4', 'upgrade to webtransport', 'data "up"'],
  },
  {
    name: 'of a WebSocket',
    steps: [...openSocket, ...upgrade('wt'), hearFrame('ws'), ...works('wt')],
    sees: [...WEBSOCKET_OPENED, 'wt: 3probe', 'ws: close frame', 'wt: 4down'],
    told: ['open websocket v4', ...UPGRADED, 'data "up"'],
  },
  {
    name: 'of WebTransport',
    steps: [begin('old', '0'), hear('old'), ...upgrade('wt'), hearEnd('old'), ...works('wt')],
    sees: [`old: ${OPENED}`, 'wt: 3probe', 'old: the end', 'wt: 4down'],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'of WebTransport to a WebSocket',
    steps: [
      begin('old', '0'),
      hear('old'),
      openWebSocket('ws'),
      sayFrame('ws', '2probe'),
      hearFrame('ws'),
      sayFrame('ws', '5'),
      hearEnd('old'),
      emit('down'),
      hearFrame('ws'),
    ],
    sees: [`old: ${OPENED}`, `ws: ${switching()}`, 'ws: "3probe"', 'old: the end', 'ws: "4down"'],
    told: [TOLD, 'upgrading to websocket', 'upgrade to websocket'],
  },
  {
    name: 'a second one at the same time',
    steps: [
      ...openPolling,
      begin('wt', OPEN_SID, '2probe'),
      hear('wt'),
      begin('late', OPEN_SID, '2probe'),
      hearEnd('late'),
      say('wt', '5'),
      happened('upgrade to'),
      ...works('wt'),
    ],
    sees: [POLLING_OPENED, 'wt: 3probe', 'late: the end', 'wt: 4down'],
    told: ['open polling v4', ...UPGRADED, 'data "up"'],
  },
  {
    name: 'a second one afterwards',
    steps: [...openPolling, ...upgrade('wt'), begin('late', OPEN_SID), hearEnd('late')],
    sees: [POLLING_OPENED, 'wt: 3probe', 'late: the end'],
    told: ['open polling v4', ...UPGRADED],
  },
  {
    name: 'a poll afterwards',
    steps: [...openPolling, ...upgrade('wt'), poll()],
    sees: [
      POLLING_OPENED,
      'wt: 3probe',
      'GET: 400 | content-type: application/json | transfer-encoding: chunked | ' +
        '{"code":3,"message":"Bad request"}',
    ],
    told: [
      'open polling v4',
      ...UPGRADED,
      'refused 3 Bad request ' +
        '{"name":"TRANSPORT_MISMATCH","transport":"polling","previousTransport":"webtransport"}',
    ],
  },
  ...[framed('4a'), framed('2prob'), framed(Buffer.from('5')), head(0), framed('x')].map(
    (bytes) => ({
      name: `${JSON.stringify(bytes.toString())} instead of a probe`,
      steps: [
        ...openPolling,
        begin('wt', OPEN_SID),
        write('wt', bytes),
        hearEnd('wt'),
        emit('down'),
        poll(),
      ],
      sees: [POLLING_OPENED, 'wt: the end', `GET: ${payload('4down')}`],
      told: ['open polling v4'],
    }),
  ),
  {
    name: 'of a session that ends',
    steps: [
      ...openSocket,
      begin('wt', OPEN_SID, '2probe'),
      hear('wt'),
      onServer((conn) => conn.close(true)),
      hearEnd('wt'),
    ],
    sees: [...WEBSOCKET_OPENED, 'wt: 3probe', 'wt: the end'],
    told: ['open websocket v4', 'upgrading to webtransport', 'close forced close'],
  },
  {
    name: 'by a client that goes away',
    steps: [
      ...openSocket,
      begin('wt', OPEN_SID, '2probe'),
      hear('wt'),
      onClient('wt', (client) => client.end()),
      emit('down'),
      hearFrame('ws'),
      ...upgrade('again'),
    ],
    sees: [...WEBSOCKET_OPENED, 'wt: 3probe', 'ws: "4down"', 'again: 3probe'],
    told: ['open websocket v4', 'upgrading to webtransport', ...UPGRADED],
  },
];

describeGroups(ENGINE_NAMES, [
  { title: 'Upgrades to WebTransport', opts: { transports: ALL }, rows: upgrades },
  {
    title: 'Upgrades to WebTransport and upgradeTimeout',
    opts: { transports: ALL, upgradeTimeout: 100 },
    rows: [
      {
        name: 'no probe',
        steps: [open(), begin('wt', OPEN_SID), hearEnd('wt'), emit('down'), poll()],
        sees: [POLLING_OPENED, 'wt: the end', `GET: ${payload('4down')}`],
        told: ['open polling v4'],
      },
    ],
  },
  {
    title: 'Upgrades to WebTransport that is not named in the options',
    rows: [
      {
        name: 'takes over too',
        steps: [...openSocket, ...upgrade('wt'), ...works('wt')],
        sees: [...WEBSOCKET_OPENED, 'wt: 3probe', 'wt: 4down'],
        told: ['open websocket v4', ...UPGRADED, 'data "up"'],
      },
    ],
  },
]);
