/**
 * An application cuts a client off: the TCP connection ends at once and without a close frame, which a
 * client that hangs would never answer. On each kind of door, compared with the genuine package.
 */
'use strict';

const http = require('node:http');
const https = require('node:https');
const { once } = require('node:events');
const { Server: GenuineServer } = require('socket.io');
const { WebSocket } = require('ws');
const { Server } = require('../../../..');
const { Authority } = require('../../../support/servers/certificates');

const authority = new Authority();
const { key, cert } = authority.issue('localhost');
const ca = authority.own.cert;
/** @type {(() => unknown)[]} */
const closers = [];

afterEach(() => Promise.all(closers.splice(0).map((close) => close())));
afterAll(() => authority.remove());

/** @type {[string, () => any][]} */
const DOORS = [
  ['socket.io', () => new GenuineServer(http.createServer().listen(0))],
  ['socket.io behind TLS', () => new GenuineServer(https.createServer({ key, cert }).listen(0))],
  ['an attached door', () => new Server(http.createServer().listen(0))],
  ['an attached door behind TLS', () => new Server(https.createServer({ key, cert }).listen(0))],
  ['an own port', () => new Server(0)],
  ['an own port with TLS', () => new Server(0, { tls: { key, cert } })],
];

/** @param {() => any} start */
async function startServer(start) {
  const io = start();
  closers.push(() => io.close());
  const { httpServer } = io;
  if (!httpServer.listening) await once(httpServer, 'listening');
  const { port } = httpServer.address();
  const isSecure =
    'setSecureContext' in httpServer && httpServer.listenerCount('secureConnection') > 0;
  return { io, url: `${isSecure ? 'https' : 'http'}://localhost:${port}/socket.io/?EIO=4` };
}

/** The last two are `ws`'s: what was sent before leaves. @type {[string, (session: any) => void][]} */
const CUTS = [
  ['request.socket.destroy()', (session) => session.request.socket.destroy()],
  ['transport.socket.terminate()', (session) => session.transport.socket.terminate()],
  ['transport.socket._socket.destroy()', (session) => session.transport.socket._socket.destroy()],
];

describe.each(DOORS)('%s', (_door, start) => {
  test.each(CUTS)('%s', async (how, cut) => {
    const { io, url } = await startServer(start);
    const opened = once(io.engine, 'connection');
    const ws = new WebSocket(`${url.replace('http', 'ws')}&transport=websocket`, { ca });
    closers.push(() => ws.terminate());
    /** @type {string[]} */
    const messages = [];
    ws.on('message', (data) => messages.push(String(data)));
    const [[session]] = await Promise.all([opened, once(ws, 'open')]);
    const closed = once(session, 'close');
    const gone = once(session.request.socket, 'close');
    const ended = once(ws, 'close');
    session.send('last words');
    cut(session);
    expect(session.readyState).toBe('open'); // its end is told, as with any connection
    expect((await closed)[0]).toBe('transport close');
    await gone;
    expect(session.request.socket.destroyed).toBe(true);
    expect((await ended)[0]).toBe(1006); // no close frame
    if (how !== CUTS[0][0]) expect(messages[messages.length - 1]).toBe('4last words');
  });
});

test('a polling client of the own port loses its session', async () => {
  const { io, url } = await startServer(() => new Server(0));
  const opened = once(io.engine, 'connection');
  const { sid } = JSON.parse((await (await fetch(`${url}&transport=polling`)).text()).slice(1));
  const [session] = await opened;
  const closed = once(session, 'close');
  session.request.socket.destroy();
  expect((await closed)[0]).toBe('transport close');
  expect((await fetch(`${url}&transport=polling&sid=${sid}`)).status).toBe(400);
});
