/** From polling to a WebSocket: the probe, the commit, and all that can go wrong. */
'use strict';

const frames = require('../support/frames');
const { SID } = require('../support/conversation');
const {
  OPENED,
  POSTED,
  answer,
  begin,
  describeGroups,
  drop,
  emit,
  end,
  handshake,
  happened,
  hear,
  hearEnd,
  onServer,
  open,
  openWebSocket,
  payload,
  poll,
  post,
  refusal,
  say,
  switching,
  upgradeRefusal,
  write,
} = require('../support/rows');
const { EVERYWHERE } = require('../support/subjects');

const OPEN = `open: ${OPENED}`;
const SWITCHING = `ws: ${switching()}`;
const TOLD = 'open polling v4';
const PROBED = ['upgrading to websocket'];
const UPGRADED = ['upgrading to websocket', 'upgrade to websocket'];

const probe = [openWebSocket('ws'), say('ws', '2probe'), hear('ws')];
const SAW_PROBE = [SWITCHING, 'ws: "3probe"'];
/** A polling session that works. */
const pollingWorks = [post('4up'), emit('down'), poll()];
const SAW_POLLING = [`POST: ${POSTED}`, `GET: ${payload('4down')}`];
/** A session on the WebSocket that works. */
const socketWorks = [say('ws', '4up'), happened('data "up"'), emit('down'), hear('ws')];
const SAW_SOCKET = ['ws: "4down"'];
/** The server closes the WebSocket only. */
const socketCloses = [hear('ws'), write('ws', frames.close()), end('ws'), hearEnd('ws')];
const SAW_CLOSE = ['ws: close frame', 'ws: the end'];

const upgrades = [
  {
    name: 'probe and commit',
    steps: [open(), ...probe, say('ws', '5'), happened('upgrade to'), ...socketWorks],
    sees: [OPEN, ...SAW_PROBE, ...SAW_SOCKET],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'commit without a probe',
    steps: [open(), openWebSocket('ws'), say('ws', '5'), happened('upgrade to'), ...socketWorks],
    sees: [OPEN, SWITCHING, ...SAW_SOCKET],
    told: [TOLD, 'upgrade to websocket', 'data "up"'],
  },
  {
    name: 'probe, commit and a message in one write',
    steps: [open(), openWebSocket('ws'), say('ws', '2probe', '5', '4up'), hear('ws')],
    sees: [OPEN, ...SAW_PROBE],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'a poll that waits is answered with a noop',
    steps: [open(), begin('poll', 'GET'), ...probe, answer('poll'), say('ws', '5'), ...socketWorks],
    sees: [OPEN, ...SAW_PROBE, `poll: ${payload('6')}`, ...SAW_SOCKET],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'every later poll as well',
    steps: [open(), ...probe, poll(), poll(), say('ws', '5'), ...socketWorks],
    sees: [OPEN, ...SAW_PROBE, ...Array(2).fill(`GET: ${payload('6')}`), ...SAW_SOCKET],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'packets flow over polling until the commit',
    steps: [open(), ...probe, ...pollingWorks, say('ws', '5'), happened('upgrade to')],
    sees: [OPEN, ...SAW_PROBE, ...SAW_POLLING],
    told: [TOLD, 'upgrading to websocket', 'data "up"', 'upgrade to websocket'],
  },
  {
    name: 'what waits for a poll goes over the WebSocket after the commit',
    steps: [
      open(),
      ...probe,
      emit('a', Buffer.from([1, 2]), 'é'),
      say('ws', '5'),
      hear('ws', 3),
      ...socketWorks,
    ],
    sees: [OPEN, ...SAW_PROBE, 'ws: "4a"', 'ws: <0102>', 'ws: "4é"', ...SAW_SOCKET],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'two probes',
    steps: [open(), ...probe, say('ws', '2probe'), hear('ws'), say('ws', '5'), ...socketWorks],
    sees: [OPEN, ...SAW_PROBE, 'ws: "3probe"', ...SAW_SOCKET],
    told: [TOLD, 'upgrading to websocket', ...UPGRADED, 'data "up"'],
  },
  {
    name: 'a POST that is read at the commit',
    steps: [
      open(),
      begin('post', 'POST', { headers: { 'Content-Length': '4' }, body: '4p' }),
      ...probe,
      say('ws', '5'),
      happened('upgrade to'),
      ...socketWorks,
    ],
    sees: [OPEN, ...SAW_PROBE, ...SAW_SOCKET],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'polling is over after the commit',
    steps: [
      open(),
      ...probe,
      say('ws', '5'),
      happened('upgrade to'),
      poll(),
      post('4a'),
      ...socketWorks,
    ],
    sees: [
      OPEN,
      ...SAW_PROBE,
      `GET: ${refusal(3, 'Bad request')}`,
      `POST: ${refusal(3, 'Bad request')}`,
      ...SAW_SOCKET,
    ],
    told: [
      TOLD,
      ...UPGRADED,
      ...Array(2).fill(
        'refused 3 Bad request {"name":"TRANSPORT_MISMATCH","transport":"polling","previousTransport":"websocket"}',
      ),
      'data "up"',
    ],
  },
];

/** Something instead of a probe or a commit: only the WebSocket is closed. */
const wrong = (name, said, before = []) => ({
  name,
  steps: [
    open(),
    openWebSocket('ws'),
    ...before,
    say('ws', said),
    ...socketCloses,
    ...pollingWorks,
  ],
  sees: [OPEN, SWITCHING, ...(before.length ? ['ws: "3probe"'] : []), ...SAW_CLOSE, ...SAW_POLLING],
  told: [TOLD, ...(before.length ? PROBED : []), 'data "up"'],
});

const failures = [
  wrong('a message first', '4a'),
  wrong('another probe', '2probes'),
  wrong('a ping', '2'),
  wrong('garbage', '?'),
  wrong('an empty frame', ''),
  wrong('binary', Buffer.from('2probe')),
  wrong('a message after the probe', '4a', [say('ws', '2probe'), hear('ws')]),
  {
    name: 'the WebSocket is lost after the probe',
    steps: [open(), ...probe, drop('ws'), ...pollingWorks],
    sees: [OPEN, ...SAW_PROBE, ...SAW_POLLING],
    told: [TOLD, ...PROBED, 'data "up"'],
  },
  {
    name: 'the WebSocket says goodbye after the probe',
    steps: [
      open(),
      ...probe,
      write('ws', frames.close(1000)),
      hear('ws'),
      hearEnd('ws'),
      ...pollingWorks,
    ],
    sees: [OPEN, ...SAW_PROBE, 'ws: close frame 1000', 'ws: the end', ...SAW_POLLING],
    told: [TOLD, ...PROBED, 'data "up"'],
  },
  {
    name: 'the WebSocket breaks the protocol after the probe',
    steps: [
      open(),
      ...probe,
      write('ws', frames.text('5', { masked: false })),
      ...socketCloses,
      ...pollingWorks,
    ],
    sees: [OPEN, ...SAW_PROBE, 'ws: close frame 1002', 'ws: the end', ...SAW_POLLING],
    told: [TOLD, ...PROBED, 'data "up"'],
  },
  {
    name: 'a failed upgrade, then one that succeeds',
    steps: [
      open(),
      openWebSocket('ws'),
      say('ws', '4a'),
      ...socketCloses,
      ...probe,
      say('ws', '5'),
      ...socketWorks,
    ],
    sees: [OPEN, SWITCHING, ...SAW_CLOSE, ...SAW_PROBE, ...SAW_SOCKET],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'a second WebSocket during the upgrade',
    steps: [
      open(),
      ...probe,
      openWebSocket('other'),
      hear('other'),
      write('other', frames.close()),
      hearEnd('other'),
      say('ws', '5'),
      ...socketWorks,
    ],
    sees: [
      OPEN,
      ...SAW_PROBE,
      `other: ${switching()}`,
      'other: close frame',
      'other: the end',
      ...SAW_SOCKET,
    ],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'a second WebSocket after the upgrade',
    steps: [
      open(),
      ...probe,
      say('ws', '5'),
      happened('upgrade to'),
      openWebSocket('other'),
      hear('other'),
      write('other', frames.close()),
      hearEnd('other'),
      ...socketWorks,
    ],
    sees: [
      OPEN,
      ...SAW_PROBE,
      `other: ${switching()}`,
      'other: close frame',
      'other: the end',
      ...SAW_SOCKET,
    ],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
  {
    name: 'with another revision of the protocol (0.1)',
    steps: [open(), openWebSocket('ws', { query: { EIO: '3' } }), ...pollingWorks],
    sees: [OPEN, `ws: ${upgradeRefusal('Bad request')}`, 'ws: the end', ...SAW_POLLING],
    told: [
      TOLD,
      'refused 3 Bad request {"name":"PROTOCOL_MISMATCH","protocol":3,"previousProtocol":4}',
      'data "up"',
    ],
  },
];

const closings = [
  {
    name: 'the session is closed during the upgrade, at once',
    steps: [
      open(),
      ...probe,
      happened('upgrading'),
      onServer((conn) => conn.close(true)),
      ...socketCloses,
      poll(),
    ],
    sees: [OPEN, ...SAW_PROBE, ...SAW_CLOSE, `GET: ${refusal(1, 'Session ID unknown')}`],
    told: [TOLD, ...PROBED, 'close forced close', `refused 1 Session ID unknown {"sid":"${SID}"}`],
  },
  {
    name: 'the client ends the session by polling during the upgrade',
    steps: [open(), ...probe, post('1'), ...socketCloses],
    sees: [OPEN, ...SAW_PROBE, `POST: ${POSTED}`, ...SAW_CLOSE],
    told: [TOLD, ...PROBED, 'close transport close'],
  },
  {
    name: 'the session is closed with packets that wait, then upgraded',
    steps: [
      open(),
      ...probe,
      happened('upgrading'),
      emit('last'),
      onServer((conn) => conn.close()),
      say('ws', '5'),
      hear('ws'),
      ...socketCloses,
    ],
    sees: [OPEN, ...SAW_PROBE, 'ws: "4last"', ...SAW_CLOSE],
    told: [TOLD, ...UPGRADED, 'close forced close'],
  },
  {
    name: 'after the upgrade the client goes',
    steps: [open(), ...probe, say('ws', '5'), happened('upgrade to'), drop('ws')],
    sees: [OPEN, ...SAW_PROBE],
    told: [TOLD, ...UPGRADED, 'close transport close'],
  },
  {
    name: 'after the upgrade the server closes',
    steps: [
      open(),
      ...probe,
      say('ws', '5'),
      happened('upgrade to'),
      emit('last'),
      onServer((conn) => conn.close()),
      hear('ws'),
      ...socketCloses,
    ],
    sees: [OPEN, ...SAW_PROBE, 'ws: "4last"', ...SAW_CLOSE],
    told: [TOLD, ...UPGRADED, 'close forced close'],
  },
];

const timeouts = [
  {
    name: 'no probe in time',
    steps: [open(), openWebSocket('ws'), ...socketCloses, ...pollingWorks],
    sees: [OPEN, SWITCHING, ...SAW_CLOSE, ...SAW_POLLING],
    told: [TOLD, 'data "up"'],
  },
  {
    name: 'no commit in time',
    steps: [open(), ...probe, ...socketCloses, ...pollingWorks],
    sees: [OPEN, ...SAW_PROBE, ...SAW_CLOSE, ...SAW_POLLING],
    told: [TOLD, ...PROBED, 'data "up"'],
  },
];

const notAnnounced = `open: ${payload(handshake({ upgrades: [] }))}`;
const disabled = [
  {
    name: 'is not announced, but accepted',
    steps: [open(), ...probe, say('ws', '5'), ...socketWorks],
    sees: [notAnnounced, ...SAW_PROBE, ...SAW_SOCKET],
    told: [TOLD, ...UPGRADED, 'data "up"'],
  },
];

describeGroups(EVERYWHERE, [
  { title: 'upgrades', rows: upgrades },
  { title: 'failed upgrades', rows: failures },
  { title: 'closing around upgrades', rows: closings },
  { title: 'upgrades out of time', opts: { upgradeTimeout: 800 }, rows: timeouts },
  { title: 'upgrades switched off', opts: { allowUpgrades: false }, rows: disabled },
]);
