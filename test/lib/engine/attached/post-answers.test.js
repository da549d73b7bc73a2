/**
 * When a POST of the attached door is answered: after its packets were told, before what these told
 * runs in ticks. `express-session` saves a session of HTTP with the answer, as it was before.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const express = require('express');
const session = require('express-session');
const {
  OUR_DOORS,
  cleanUp: closeDoors,
  exchange,
  startOn,
} = require('../../../support/rigs/door-rig');
const {
  addressOf,
  certificate,
  createNodeServer,
  doorOf,
} = require('../../../support/servers/doors');
const { requestText } = require('../../../support/clients/wire');

const SERVERS = [
  ['socket.io', 'http', require('socket.io').Server],
  ['socket.io', 'https', require('socket.io').Server],
  ['beast.io', 'http', require('../../../../lib').Server],
  ['beast.io', 'https', require('../../../../lib').Server],
];

const PATH = '/socket.io/?EIO=4&transport=polling';

/** @type {(() => unknown)[]} */
const closers = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await closeDoors();
});

/**
 * A server of Socket.IO beside an application of Express.
 * @param {any} Server
 * @param {string} doorName
 * @param {any} app
 */
async function start(Server, doorName, app) {
  const door = doorOf(doorName);
  const server = createNodeServer(door, {}, app);
  const io = new Server(server);
  // Polls that do not come would keep the genuine package waiting.
  io.engine.on('connection', (/** @type {any} */ conn) => (conn.transport.closeTimeout = 100));
  server.listen(addressOf(door));
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  closers.push(() => {
    server.closeAllConnections();
    return io.close();
  });

  /** The body of an answer, and the cookie that came with it. */
  const ask = async (
    /** @type {string} */ method,
    /** @type {string} */ path,
    /** @type {{ body?: string, cookie?: string }} */ { body, cookie } = {},
  ) => {
    const request = (door.hasTls ? https : http).request({
      ...{ method, path, port, host: '127.0.0.1', agent: false },
      ...(door.hasTls && { ca: certificate().ca, servername: 'localhost' }),
      headers: cookie ? { cookie } : {},
    });
    request.end(body);
    const [response] = await once(request, 'response');
    const text = (await response.setEncoding('utf8').toArray()).join('');
    return { text, cookie: response.headers['set-cookie']?.[0].split(';', 1)[0] };
  };
  return { io, ask };
}

describe.each(SERVERS)('%s on %s', (_name, doorName, Server) => {
  test('what handlers change in a session of HTTP stays', async () => {
    const app = express();
    const store = session({ secret: 's', resave: true, saveUninitialized: true });
    app.use(store);
    app.get('/', (req, res) => {
      const { began = false, heard = [] } = /** @type {any} */ (req.session);
      res.json({ began, heard });
    });
    const { io, ask } = await start(Server, String(doorName), app);
    io.engine.use(store);
    io.on('connection', (/** @type {any} */ socket) => {
      const kept = socket.request.session;
      kept.began = true;
      kept.save();
      socket.on('say', (/** @type {string} */ word) => {
        kept.heard = [...(kept.heard ?? []), word];
        kept.save();
      });
    });
    const { cookie } = await ask('GET', '/');
    const opened = await ask('GET', PATH, { cookie });
    const target = `${PATH}&sid=${JSON.parse(opened.text.slice(1)).sid}`;
    const look = async () => JSON.parse((await ask('GET', '/', { cookie })).text);
    const connected = once(io, 'connection');
    await ask('POST', target, { cookie, body: '40' });
    const [socket] = await connected;
    expect(await look()).toEqual({ began: true, heard: [] });
    for (const word of ['a', 'b']) {
      const heard = once(socket, 'say');
      await ask('POST', target, { cookie, body: `42["say","${word}"]` });
      await heard;
    }
    expect(await look()).toEqual({ began: true, heard: ['a', 'b'] });
  });

  test('a POST is answered between what its packets tell and the ticks of that', async () => {
    const { io, ask } = await start(Server, String(doorName), express());
    /** @type {string[]} */
    const log = [];
    const note = (/** @type {string} */ text) => {
      log.push(text);
      process.nextTick(() => log.push(`${text}: tick`));
      Promise.resolve().then(() => log.push(`${text}: microtask`));
    };
    io.engine.use((/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
      const { writeHead } = res;
      res.writeHead = (/** @type {any[]} */ ...args) => {
        if (req.method === 'POST') log.push('answer');
        return writeHead.apply(res, args);
      };
      next();
    });
    io.engine.on('connection', (/** @type {any} */ conn) => {
      conn.on('message', (/** @type {string} */ message) => note(`message ${message}`));
    });
    io.on('connection', (/** @type {any} */ socket) => {
      log.push('connection');
      socket.on('say', (/** @type {string} */ word) => {
        note(`say ${word}`);
        if (word === 'end') socket.disconnect(true);
      });
      socket.on('disconnect', () => log.push('disconnect'));
    });
    const opened = await ask('GET', PATH);
    const target = `${PATH}&sid=${JSON.parse(opened.text.slice(1)).sid}`;
    const connected = once(io, 'connection');
    expect((await ask('POST', target, { body: '40' })).text).toBe('ok');
    const [socket] = await connected;
    const left = once(socket, 'disconnect');
    const body = '42["say","a"]\x1e42["say","end"]';
    expect((await ask('POST', target, { body })).text).toBe('ok');
    await left;
    await new Promise(setImmediate);
    const [first, last] = ['message 2["say","a"]', 'message 2["say","end"]'];
    expect(log).toEqual([
      ...['message 0', 'answer', 'message 0: tick', 'message 0: microtask', 'connection'],
      ...[first, last, 'answer', `${first}: tick`, `${last}: tick`],
      ...['say a', 'say end', 'disconnect', 'say a: tick', 'say end: tick'],
      ...[`${first}: microtask`, `${last}: microtask`, 'say a: microtask', 'say end: microtask'],
    ]);
  });
});

describe.each(OUR_DOORS)('%s on %s', (_name, doorName, Server) => {
  test.each([
    ['a packet that is none', 'x', 'parse error'],
    ['a close packet', '1', 'transport close'],
  ])('messages before %s in a POST are delivered', async (_what, last, reason) => {
    const { io, place } = await startOn(Server, doorName);
    const ask = (/** @type {string} */ method, /** @type {string} */ query, body = '') =>
      exchange(place, requestText(method, `${PATH}${query}`, { Connection: 'close' }, body));
    const opened = await ask('GET', '');
    const query = `&sid=${JSON.parse(opened.body.slice(1)).sid}`;
    const connected = once(io, 'connection');
    await ask('POST', query, '40');
    const [socket] = await connected;
    /** @type {any[]} */
    const log = [];
    socket.on('say', (/** @type {string} */ word) => log.push(word));
    const left = once(socket, 'disconnect');
    await ask('POST', query, `42["say","a"]\x1e42["say","b"]\x1e${last}`);
    expect((await left)[0]).toBe(reason);
    expect(log).toEqual(['a', 'b']);
  });
});
