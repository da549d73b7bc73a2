/** A message that comes with every handshake (`initialPacket`). */
'use strict';

const {
  describeGroups,
  emit,
  handshake,
  hear,
  open,
  openWebSocket,
  payload,
  poll,
  switching,
} = require('../support/rows');
const { ENGINE_NAMES } = require('../support/subjects');

const OPEN = handshake();

const byPolling = (/** @type {string} */ packet) => ({
  name: 'by polling: in the answer to the handshake',
  steps: [open(), emit('a'), poll()],
  sees: [`open: ${payload(`${OPEN}\x1e${packet}`)}`, `GET: ${payload('4a')}`],
  told: ['open polling v4'],
});
const onWebSocket = (/** @type {string} */ packet) => ({
  name: 'on a WebSocket',
  steps: [openWebSocket('ws', { query: { sid: undefined } }), hear('ws', 2)],
  sees: [
    `ws: ${switching()}`,
    `ws: ${JSON.stringify(handshake({ upgrades: [] }))}`,
    `ws: ${packet}`,
  ],
  told: ['open websocket v4'],
});

describeGroups(ENGINE_NAMES, [
  {
    title: 'initialPacket of text',
    opts: { initialPacket: 'welcome' },
    rows: [byPolling('4welcome'), onWebSocket('"4welcome"')],
  },
  {
    title: 'initialPacket of bytes',
    opts: { initialPacket: Buffer.from([1, 2]) },
    rows: [byPolling('bAQI='), onWebSocket('<0102>')],
  },
  {
    title: 'initialPacket of an ArrayBuffer',
    opts: { initialPacket: Uint8Array.of(1, 2).buffer },
    rows: [byPolling('bAQI='), onWebSocket('<0102>')],
  },
  {
    title: 'initialPacket of a view',
    opts: { initialPacket: Uint8Array.of(0, 1, 2, 3).subarray(1, 3) },
    rows: [byPolling('bAQI='), onWebSocket('<0102>')],
  },
]);
