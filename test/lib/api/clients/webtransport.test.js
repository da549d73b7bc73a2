/**
 * Official clients over WebTransport: Node has none itself, so that the sessions which the client
 * opens are handed to the server's engine directly.
 */
'use strict';

const { once } = require('node:events');
const { cleanUp, connectPair, eventOf, startServer } = require('../../../support/rigs/rig');
const { webTransportTo } = require('../../../support/fakes/webtransport');

const TRANSPORTS = ['polling', 'websocket', 'webtransport'];

/** @type {any} */
let io;
beforeEach(() => {
  io = startServer({ transports: TRANSPORTS, maxHttpBufferSize: 4e6 });
  Object.assign(globalThis, {
    WebTransport: webTransportTo((session) => io.engine.onWebTransportSession(session)),
  });
});
afterEach(async () => {
  await cleanUp();
  Reflect.deleteProperty(globalThis, 'WebTransport');
});

/** @param {any} [opts] */
const connect = (opts) => connectPair(io, '/', { transports: ['webtransport'], ...opts });

describe('a client over WebTransport', () => {
  test('exchanges events, acknowledgements and attachments', async () => {
    const { client, socket } = await connect({ auth: { token: 'abc' } });
    expect(socket.conn.transport.name).toBe('webtransport');
    socket.on(
      'sum',
      (/** @type {number} */ a, /** @type {number} */ b, /** @type {any} */ answer) =>
        answer(a + b),
    );
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
    client.on('echo', (value, answer) => answer(value));
    const value = { text: 'ü€😀', bytes: Buffer.from([1, 2, 3]) };
    expect(await socket.emitWithAck('echo', value)).toEqual(value);
    const large = Buffer.alloc(2e6, 5);
    expect(large.equals(await socket.emitWithAck('echo', large))).toBe(true);
  });

  test('has a handshake without a request', async () => {
    const { socket } = await connect({ auth: { token: 'abc' } });
    expect(socket.request).toBeNull();
    const { issued, time, ...handshake } = socket.handshake;
    expect(new Date(time).getTime()).toBeLessThanOrEqual(issued);
    expect(handshake).toEqual({
      headers: {},
      address: undefined,
      xdomain: false,
      secure: true,
      url: undefined,
      query: {},
      auth: { token: 'abc' },
    });
  });

  test('upgrades from polling', async () => {
    const { client, socket } = await connect({ transports: ['polling', 'webtransport'] });
    const { request } = socket;
    if (!socket.conn.upgraded) await once(socket.conn, 'upgrade');
    expect(socket.conn.transport.name).toBe('webtransport');
    expect(socket.request).toBe(request);
    expect(request.url).toContain('transport=polling');
    const received = eventOf(client, 'after');
    socket.emit('after', 'the upgrade');
    expect(await received).toEqual(['the upgrade']);
  });

  test('receives broadcasts like clients of the other transports', async () => {
    const pairs = [];
    for (const name of TRANSPORTS) pairs.push(await connect({ transports: [name] }));
    for (const { socket } of pairs) socket.join('room');
    const received = pairs.map(({ client }) => {
      const events = ['text', 'binary', 'volatile'].map((name) => eventOf(client, name));
      return Promise.all(events);
    });
    const text = 'a'.repeat(3000);
    io.emit('text', text);
    io.to('room').emit('binary', Buffer.from('bytes'));
    io.volatile.to('room').emit('volatile', 1);
    io.emit('volatile', 2); // for those to whom the first one could not be sent
    for (const [[gotText], [gotBytes]] of await Promise.all(received)) {
      expect(gotText).toBe(text);
      expect(gotBytes).toEqual(Buffer.from('bytes'));
    }
    const everybody = io.timeout(5000).emitWithAck('who');
    TRANSPORTS.forEach((name, i) => pairs[i].client.on('who', (answer) => answer(name)));
    expect((await everybody).sort()).toEqual([...TRANSPORTS].sort());
    // By polling a client leaves with requests, to be answered before its server closes.
    const [{ client, socket }] = pairs;
    const left = once(socket.conn, 'close');
    client.disconnect();
    await left;
  });

  test('goes away, or is sent away', async () => {
    const first = await connect();
    const left = once(first.socket, 'disconnect');
    first.client.disconnect();
    expect((await left)[0]).toBe('client namespace disconnect');
    const second = await connect();
    const end = eventOf(second.client, 'disconnect');
    second.socket.disconnect();
    expect(await end).toContain('io server disconnect');
  });
});
