/** `engine.close()` with sessions in every state, each on a separate engine. */
'use strict';

const frames = require('../support/frames');
const {
  OPENED,
  answer,
  begin,
  describeGroups,
  emit,
  end,
  handshake,
  happened,
  hear,
  hearEnd,
  open,
  openWebSocket,
  payload,
  say,
  switching,
  write,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');

const close = (/** @type {any} */ talk) => talk.engine.close();
const goodbye = [hear('ws'), write('ws', frames.close()), end('ws'), hearEnd('ws')];
const SAW_GOODBYE = ['ws: close frame', 'ws: the end'];
const OPEN = `open: ${OPENED}`;
const TOLD = 'open polling v4';
const CLOSED = 'close forced close';

const rows = [
  {
    name: 'a poll that waits',
    steps: [open(), begin('poll', 'GET'), close, answer('poll')],
    sees: [OPEN, `poll: ${payload('1')}`],
    told: [TOLD, CLOSED],
  },
  {
    name: 'packets that wait for a poll',
    steps: [open(), emit('a'), close],
    sees: [OPEN],
    told: [TOLD, CLOSED],
  },
  {
    name: 'a POST that is read',
    steps: [
      open(),
      begin('post', 'POST', { headers: { 'Content-Length': '10' }, body: '4a' }),
      close,
      hearEnd('post'),
    ],
    sees: [OPEN, 'post: the end'],
    told: [TOLD, CLOSED],
  },
  {
    name: 'a WebSocket',
    steps: [
      openWebSocket('ws', { query: { sid: undefined } }),
      hear('ws'),
      emit('last'),
      close,
      hear('ws'),
      ...goodbye,
    ],
    sees: [
      `ws: ${switching()}`,
      `ws: ${JSON.stringify(handshake({ upgrades: [] }))}`,
      'ws: "4last"',
      ...SAW_GOODBYE,
    ],
    told: ['open websocket v4', CLOSED],
  },
  {
    name: 'an upgrade that is not committed',
    steps: [
      open(),
      openWebSocket('ws'),
      say('ws', '2probe'),
      hear('ws'),
      happened('upgrading'),
      close,
      ...goodbye,
    ],
    sees: [OPEN, `ws: ${switching()}`, 'ws: "3probe"', ...SAW_GOODBYE],
    told: [TOLD, 'upgrading to websocket', CLOSED],
  },
  {
    name: 'twice',
    steps: [open(), close, close],
    sees: [OPEN],
    told: [TOLD, CLOSED],
  },
];

describeGroups(
  ENGINE_NAMES,
  rows.map((row) => ({ title: `shutdown: ${row.name}`, rows: [row] })),
);
