'use strict';

/** The blocks of docs/backpressure.md run, each as it stands there. */

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');
const { once } = require('node:events');
const { Readable } = require('node:stream');
const { cleanUp, connectPair, startServer } = require('../../../../support/rigs/rig');
const { LOADS, stall } = require('../../../../support/clients/stall');

afterEach(cleanUp);

const PAGE = fs.readFileSync(path.join(__dirname, '../../../../../docs/backpressure.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, text]) => text);
const used = new Set();
const log = jest.fn();

/** A function of a block. @param {string} name @returns {any} */
function fromPage(name) {
  const block = BLOCKS.find((text) => text.includes(`function ${name}(`));
  if (block === undefined) throw new Error(`no block has ${name}`);
  used.add(block);
  return vm.runInNewContext(`${block}; ${name}`, { console: { log } });
}

const WEBSOCKET = LOADS.websocket;

test('offer', async () => {
  const offer = fromPage('offer');
  const { client, socket } = await connectPair(startServer());
  const goOn = await stall({ client, socket });
  for (let i = 0; i < 10 * WEBSOCKET.count; i++) offer(socket, WEBSOCKET.chunk);
  expect(socket.bufferedAmount).toBeLessThan(6_000_000);
  goOn();
});

test('watchLive', async () => {
  const { socket } = await connectPair(startServer());
  fromPage('watchLive')(socket);
  const { slowClientPolicy, maxSendQueueBytes } = socket.conn;
  expect({ slowClientPolicy, maxSendQueueBytes }).toEqual({
    slowClientPolicy: 'drop-oldest',
    maxSendQueueBytes: 2 * 1024 * 1024,
  });
});

test('sendFile', async () => {
  const sendFile = fromPage('sendFile');
  const { client, socket } = await connectPair(startServer());
  let received = 0;
  client.on('chunk', () => received++);
  await sendFile(socket, Readable.from(['a', 'b', 'c']));
  const last = new Promise((resolve) => client.on('last', resolve));
  socket.emit('last');
  await last;
  expect(received).toBe(3);
});

test('sendToRoom', async () => {
  const io = startServer();
  const slow = await connectPair(io, '/', { transports: ['polling'] });
  const fast = await connectPair(io, '/', { transports: ['polling'] });
  for (const { socket } of [slow, fast]) socket.join('room');
  const sendToRoom = fromPage('sendToRoom');
  await sendToRoom(io, 'room', 'all take it');
  const goOn = await stall(slow);
  const told = [];
  for (const { client } of [slow, fast]) client.on('quality', (value) => told.push(client, value));
  const late = new Promise((resolve) => slow.client.on('quality', resolve));
  await sendToRoom(io, 'room', 'one does not');
  goOn();
  await late;
  expect(told).toEqual([slow.client, 'low']);
});

test('watch', async () => {
  const { client, socket } = await connectPair(startServer());
  fromPage('watch')(socket);
  const goOn = await stall({ client, socket });
  const slow = once(socket.conn, 'slow');
  for (let i = 0; i < WEBSOCKET.count; i++) socket.emit('chunk', WEBSOCKET.chunk);
  await slow;
  expect(socket.data.isSlow).toBe(true);
  expect(log).toHaveBeenCalledTimes(1);
  const drained = once(socket.conn, 'drained');
  goOn();
  await drained;
  expect(socket.data.isSlow).toBe(false);
});

test('pingOf', async () => {
  const pingOf = fromPage('pingOf');
  const { socket } = await connectPair(startServer({ pingInterval: 50 }));
  const heartbeat = once(socket.conn, 'heartbeat');
  await heartbeat;
  expect(pingOf(socket)).toMatch(/^\d+\.\d ms$/);
});

test('serveInOrder', async () => {
  const { client, socket } = await connectPair(startServer());
  let running = 0;
  const order = [];
  fromPage('serveInOrder')(socket, async (job) => {
    order.push([job, ++running]);
    await new Promise(setImmediate);
    running--;
    return job;
  });
  const answers = [1, 2, 3].map((job) => client.emitWithAck('job', job));
  expect(await Promise.all(answers)).toEqual([1, 2, 3]);
  expect(order).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
  ]);
});

test('tellTooLarge', async () => {
  const { client, socket } = await connectPair(startServer({ maxHttpBufferSize: 1000 }));
  fromPage('tellTooLarge')(socket);
  const left = once(socket, 'disconnect');
  client.emit('much', 'x'.repeat(1000));
  await left;
  expect(log).toHaveBeenLastCalledWith('%s sent too much', socket.id);
});

test('no block is left', () => {
  expect(BLOCKS.filter((block) => !used.has(block))).toEqual([]);
});
