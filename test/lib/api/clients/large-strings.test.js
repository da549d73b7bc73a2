'use strict';

/**
 * Events with one large string: they cross without JSON, yet what clients and applications see is
 * what JSON.parse and JSON.stringify make of them.
 */

const { once } = require('node:events');
const {
  cleanUp,
  connectPair,
  connectRaw,
  eventOf,
  startServer,
} = require('../../../support/rigs/rig');

afterEach(cleanUp);

/** Strings of every kind that crosses in a different way. */
const STRINGS = {
  ascii: 'x'.repeat(5000),
  'below the size that counts': 'x'.repeat(1000),
  'Latin-1': 'é'.repeat(5000),
  'beyond Latin-1': `${'€'.repeat(3000)}é`,
  'pairs of surrogates': '🎉'.repeat(3000),
  'one quote': `${'x'.repeat(3000)}"${'y'.repeat(3000)}`,
  'a backslash at the end': `${'x'.repeat(3000)}\\`,
  'every control character': `${'x'.repeat(3000)}${String.fromCharCode(...Array(32).keys())}`,
  'escapes among other characters': '\n"é\\🎉\u2028'.repeat(1000),
  'half a pair': `${'x'.repeat(3000)}\ud83d`,
  'the other half': `\udf89${'x'.repeat(3000)}`,
  joined: ['x'.repeat(2000), 'é'].join('y'.repeat(2000)),
  'more than a batch': 'x"'.repeat(200_000),
};
const KINDS = Object.entries(STRINGS);

/** What half a pair becomes in the UTF-8 of the WebSocket. @param {string} text */
const onTheWire = (text) => Buffer.from(text).toString();

describe.each(['/', '/admin'])('in the namespace %s', (nsp) => {
  const prefix = nsp === '/' ? '' : `${nsp},`;

  test.each(KINDS)('%s leaves as JSON.stringify writes it', async (_kind, string) => {
    const io = startServer();
    const { raw, socket } = await connectRaw(io, nsp);
    socket.emit('m', string);
    socket.compress(false).emit('with "quotes"', string);
    socket.emit('short', 1);
    socket.emit('m', string, () => {});
    socket.volatile.emit('m', string);
    expect(await raw.next()).toBe(`42${prefix}${JSON.stringify(['m', string])}`);
    expect(await raw.next()).toBe(`42${prefix}${JSON.stringify(['with "quotes"', string])}`);
    expect(await raw.next()).toBe(`42${prefix}["short",1]`);
    expect(await raw.next()).toBe(`42${prefix}0${JSON.stringify(['m', string])}`);
  });

  test.each(KINDS)('%s comes in as JSON.parse reads it', async (_kind, string) => {
    const io = startServer();
    const { raw, socket } = await connectRaw(io, nsp);
    const got = [];
    const all = new Promise((resolve) => {
      socket.on('m', (...args) => got.push(args));
      socket.on('asked', (value, reply) => reply(value));
      socket.on('end', resolve);
    });
    const json = JSON.stringify(string);
    raw.send(`42${prefix}["m",${json}]`);
    raw.send(`42${prefix}[ "m", ${json} ]`, `42${prefix}["m",${json},1]`);
    raw.send(`42${prefix}7["asked",${json}]`, `42${prefix}["end"]`);
    await all;
    expect(got).toEqual([[string], [string], [string, 1]]);
    expect(await raw.next()).toBe(`43${prefix}7[${json}]`);
  });
});

test('the official client gets back what it has sent', async () => {
  for (const transports of [['websocket'], ['polling']]) {
    const { client, socket } = await connectPair(startServer(), '/', { transports });
    socket.on('echo', (value) => socket.emit('echo', value));
    for (const [, string] of KINDS) {
      const answer = eventOf(client, 'echo');
      client.emit('echo', string);
      expect(await answer).toEqual([string]);
    }
  }
});

test('messages of the connection itself may be large, too', async () => {
  const { raw, socket } = await connectRaw(startServer());
  for (const [, string] of KINDS) socket.conn.send(string);
  for (const [, string] of KINDS) expect(await raw.next()).toBe(`4${onTheWire(string)}`);
});

test('it keeps its place among other packets', async () => {
  const { raw, socket } = await connectRaw(startServer());
  const large = STRINGS.ascii;
  socket.emit('a', 1);
  socket.emit('b', large);
  socket.emit('c', { large });
  socket.emit('d', Buffer.from('d'), large);
  socket.emit('e', large);
  socket.disconnect();
  const heads = [];
  for (let i = 0; i < 7; i++) heads.push(String(await raw.next()).slice(0, 8));
  expect(heads).toEqual(['42["a",1', '42["b","', '42["c",{', '451-["d"', 'd', '42["e","', '41']);
});

test('catch-all listeners, middlewares and those who watch packets see it', async () => {
  const io = startServer();
  const { raw, socket } = await connectRaw(io);
  const { ascii } = STRINGS;
  const seen = [];
  socket.onAny((...args) => seen.push(args));
  socket.use((args, next) => {
    seen.push(args);
    next();
  });
  socket.onAnyOutgoing((...args) => seen.push(args));
  socket.conn.on('packet', ({ data }) => seen.push(data));
  socket.conn.on('packetCreate', ({ data }) => seen.push(data));
  raw.send(`42["m",${JSON.stringify(ascii)}]`);
  await once(socket, 'm');
  socket.emit('out', ascii);
  expect(await raw.next()).toBe(`42["out",${JSON.stringify(ascii)}]`);
  expect(seen).toEqual([
    `2["m","${ascii}"]`,
    ['m', ascii],
    ['m', ascii],
    ['out', ascii],
    `2["out","${ascii}"]`,
  ]);
});

test.each(['connect', 'disconnect', 'newListener'])(
  'a client that sends the reserved event %s is closed',
  async (name) => {
    const { raw, socket } = await connectRaw(startServer());
    const failed = once(socket, 'error');
    raw.send(`42["${name}","${STRINGS.ascii}"]`);
    expect((await failed)[0].message).toBe('invalid payload');
    await raw.closed;
  },
);

test('between a packet and its attachment it is an error', async () => {
  const { raw, socket } = await connectRaw(startServer());
  const failed = once(socket, 'error');
  raw.send('451-["m",{"_placeholder":true,"num":0}]', `42["m","${STRINGS.ascii}"]`);
  expect((await failed)[0].message).toBe('got plaintext data when reconstructing a packet');
  await raw.closed;
});
