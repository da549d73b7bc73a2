'use strict';

/** What a client asks of the connection below: of the native engine's sessions, and of any other. */

const {
  FakeNativeConnection,
  FakePlainConnection,
  connectFake,
} = require('../../../support/fakes/fake-connection');

const LARGE = `${'x'.repeat(2000)}"\ud83d\ude00`;

/** Keeps what is called of a connection. @param {any} conn @param {string[]} names */
function record(conn, names) {
  const calls = [];
  for (const name of names) conn[name] = (...args) => void calls.push([name, ...args]);
  return calls;
}

describe('a session of the native engine', () => {
  const METHODS = ['write', 'writeAll', 'writeShared', 'writeString'];

  test('decides itself about volatile packets', async () => {
    const { conn, socket } = await connectFake(FakeNativeConnection);
    conn.transport.writable = false;
    const calls = record(conn, METHODS);
    socket.volatile.emit('e');
    socket.volatile.emit('e', Buffer.from('x'));
    socket.compress(false).emit('e');
    const options = { volatile: true, compress: true };
    expect(calls).toEqual([
      ['writeAll', ['2["e"]'], options],
      ['writeAll', ['51-["e",{"_placeholder":true,"num":0}]', Buffer.from('x')], options],
      ['write', '2["e"]', { compress: false }],
    ]);
  });

  test('quotes large strings', async () => {
    const { conn, socket } = await connectFake(FakeNativeConnection);
    const calls = record(conn, METHODS);
    socket.emit('e', LARGE);
    socket.on('ask', (ack) => ack(LARGE));
    conn.receive('27["ask"]');
    await new Promise(setImmediate);
    expect(calls).toEqual([
      ['writeString', '2["e",', LARGE, ']', { compress: true }],
      ['writeString', '37[', LARGE, ']', { compress: true }],
    ]);
  });

  test('shares what an adapter has encoded for many', async () => {
    const { conn, socket } = await connectFake(FakeNativeConnection);
    const calls = record(conn, METHODS);
    const encoded = ['2["e"]'];
    const options = { preEncoded: true, volatile: true };
    socket.client.writeToEngine(encoded, options);
    expect(calls).toEqual([['writeShared', encoded, options]]);
  });

  test('is told the rooms of its socket', async () => {
    const { conn, socket } = await connectFake(FakeNativeConnection, { conn: { server: {} } });
    const calls = record(conn, ['joinRoom', 'leaveRoom']);
    socket.adapter.addAll('another', new Set(['a']));
    socket.join('a');
    socket.leave('a');
    const number = expect.any(Number);
    expect(calls).toEqual([
      ['joinRoom', number],
      ['leaveRoom', number],
    ]);
    expect(calls[0][1]).toBe(calls[1][1]);
  });

  test('does not keep the request that a handshake is read from', async () => {
    const request = { headers: { origin: 'http://a' }, url: '/x' };
    const conn = { peekRequest: () => request, request: undefined };
    const { socket } = await connectFake(FakeNativeConnection, { conn });
    expect(socket.handshake).toMatchObject({ ...request, xdomain: true });
  });
});

describe('a connection of another engine', () => {
  test('gets no volatile packet while it is not writable', async () => {
    const { conn, socket } = await connectFake(FakePlainConnection);
    conn.transport.writable = false;
    socket.volatile.emit('e', 1);
    socket.volatile.emit('e', LARGE);
    socket.volatile.emit('e', Buffer.from('x'));
    conn.transport.writable = true;
    socket.volatile.emit('e', 2);
    expect(conn.written).toEqual([['2["e",2]', { volatile: true, compress: true }]]);
  });

  test('gets large strings as JSON', async () => {
    const { conn, socket } = await connectFake(FakePlainConnection);
    socket.emit('e', LARGE);
    socket.emit('e', LARGE, () => {});
    conn.close();
    expect(conn.written.map(([message]) => message)).toEqual([
      `2${JSON.stringify(['e', LARGE])}`,
      `20${JSON.stringify(['e', LARGE])}`,
    ]);
  });

  test('gets each message of a packet by itself', async () => {
    const { conn, socket } = await connectFake(FakePlainConnection);
    socket.emit('e', Buffer.from('x'), Buffer.from('y'));
    expect(conn.written.map(([message]) => message)).toEqual([
      '52-["e",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
      Buffer.from('x'),
      Buffer.from('y'),
    ]);
  });

  test('is broadcast to by writes', async () => {
    const { conn, io } = await connectFake(FakePlainConnection);
    io.emit('e');
    expect(conn.written.map(([message]) => message)).toEqual(['2["e"]']);
  });
});
