/** Pings, pongs, and what happens without them. Times are short. */
'use strict';

const frames = require('../support/frames');
const {
  POSTED,
  answer,
  begin,
  describeGroups,
  end,
  handshake,
  happened,
  hear,
  hearEnd,
  open,
  openWebSocket,
  payload,
  poll,
  post,
  say,
  switching,
  write,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');
const { turn } = require('../support/wire');

const FAST = { pingInterval: 60, pingTimeout: 20_000 };
const STRICT = { pingInterval: 60, pingTimeout: 1000 };
/** The next poll has to be there before the time is over, on a machine with other work too. */
const PATIENT = { pingInterval: 60, pingTimeout: 4000 };
const SOCKET = [openWebSocket('ws', { query: { sid: undefined } }), hear('ws')];

const sawSocket = (/** @type {any} */ opts) => [
  `ws: ${switching()}`,
  `ws: ${JSON.stringify(handshake({ ...opts, upgrades: [] }))}`,
];
const sawOpen = (/** @type {any} */ opts) => `open: ${payload(handshake(opts))}`;
const goodbye = [hear('ws'), write('ws', frames.close()), end('ws'), hearEnd('ws')];
const SAW_GOODBYE = ['ws: close frame', 'ws: the end'];

const regular = [
  {
    name: 'a ping after each pong, on a WebSocket',
    steps: [...SOCKET, hear('ws'), say('ws', '3'), hear('ws'), say('ws', '3'), hear('ws')],
    sees: [...sawSocket(FAST), ...Array(3).fill('ws: "2"')],
    told: ['open websocket v4', 'heartbeat', 'heartbeat'],
  },
  {
    name: 'a ping after each pong, by polling',
    steps: [open(), poll(), post('3'), poll(), post('3')],
    sees: [
      sawOpen(FAST),
      `GET: ${payload('2')}`,
      `POST: ${POSTED}`,
      `GET: ${payload('2')}`,
      `POST: ${POSTED}`,
    ],
    told: ['open polling v4', 'heartbeat', 'heartbeat'],
  },
  {
    name: 'a pong with data',
    steps: [...SOCKET, hear('ws'), say('ws', '3probe'), hear('ws')],
    sees: [...sawSocket(FAST), ...Array(2).fill('ws: "2"')],
    told: ['open websocket v4', 'heartbeat'],
  },
];

const missing = [
  {
    name: 'no pong on a WebSocket',
    steps: [...SOCKET, hear('ws'), ...goodbye],
    sees: [...sawSocket(STRICT), 'ws: "2"', ...SAW_GOODBYE],
    told: ['open websocket v4', 'close ping timeout'],
  },
  {
    name: 'no poll for the ping',
    steps: [open(), happened('close')],
    sees: [sawOpen(STRICT)],
    told: ['open polling v4', 'close ping timeout'],
  },
  {
    name: 'other packets put the timeout off only once',
    steps: [
      ...SOCKET,
      hear('ws'),
      // A client that talks all the time but never answers the ping.
      async (talk) => {
        while (talk.conns[0].readyState === 'open') {
          await talk.say('ws', '6');
          await turn();
        }
      },
      ...goodbye,
    ],
    sees: [...sawSocket(STRICT), 'ws: "2"', ...SAW_GOODBYE],
    told: ['open websocket v4', 'close ping timeout'],
  },
];

const missingWhilePolling = [
  {
    name: 'no pong by polling, while a poll waits',
    steps: [open(), poll(), begin('poll', 'GET'), answer('poll')],
    sees: [sawOpen(PATIENT), `GET: ${payload('2')}`, `poll: ${payload('1')}`],
    told: ['open polling v4', 'close ping timeout'],
  },
];

describeGroups(ENGINE_NAMES, [
  { title: 'heartbeats', opts: FAST, rows: regular },
  { title: 'missing pongs', opts: STRICT, rows: missing },
  { title: 'a missing pong and a poll', opts: PATIENT, rows: missingWhilePolling },
]);
