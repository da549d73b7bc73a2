/**
 * What the dashboard (examples/dashboard) does on the server. It costs nothing before anybody looks, and no client and
 * no room can end the process by it.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const { instrument } = require('@socket.io/admin-ui');
const watched = require('../support/rigs/dashboard-rig');
const rig = require('../support/rigs/rig');
const { DOORS } = require('../support/servers/doors');
const { Server } = require('../../lib');
const dashboard = require('../../examples/dashboard');
const { createDemo } = require('../../examples/dashboard/server');
const { Ranking } = require('../../examples/dashboard/server/ranking');
const { Survey } = require('../../examples/dashboard/server/survey');

const { INTERVAL_MS, NSP, TOKEN, allow, openWatcher, startWatched } = watched;
const { cleanUp, connectPair, eventOf, startServer } = rig;

afterEach(async () => {
  await cleanUp();
  jest.restoreAllMocks();
});

/** @param {any} io @param {string} url @returns {Promise<{ status: number, text: string }>} */
async function getText(io, url) {
  const response = await rig.get(io, url);
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: /** @type {number} */ (response.statusCode), text };
}

test('rates are what has come in an interval', async () => {
  const { io } = startWatched();
  const { client } = await connectPair(io);
  const watcher = openWatcher(io);
  let came = 0;
  let seconds = 0;
  watcher.on('sample', ({ rates, seconds: passed }) => {
    came += rates.messagesIn * passed;
    seconds += passed;
  });
  await eventOf(watcher, 'sample');
  const begin = performance.now();
  const before = seconds;
  came = 0;
  for (let i = 0; i < 100; i += 1) client.emit('x', i);
  while (Math.round(came) < 100) await eventOf(watcher, 'sample');
  expect(came).toBeCloseTo(100);
  expect(seconds - before).toBeLessThan((performance.now() - begin + 2 * INTERVAL_MS) / 1000);
});

test('there is a timer only while somebody looks', async () => {
  const set = jest.spyOn(global, 'setInterval');
  const clear = jest.spyOn(global, 'clearInterval');
  const timers = () =>
    set.mock.results.filter((_result, i) => set.mock.calls[i][1] === INTERVAL_MS);
  const { io } = startWatched();
  const stats = jest.spyOn(io.engine, 'stats');
  await connectPair(io);
  expect([timers().length, stats.mock.calls.length]).toEqual([0, 0]);

  const watchers = [openWatcher(io), openWatcher(io)];
  await Promise.all(watchers.map((watcher) => eventOf(watcher, 'sample')));
  expect(timers().length).toBe(1);
  const [{ value: timer }] = timers();
  for (const watcher of watchers) {
    expect(clear).not.toHaveBeenCalledWith(timer);
    const left = once(io.of(NSP).sockets.get(watcher.id), 'disconnect');
    watcher.disconnect();
    await left;
  }
  expect(clear).toHaveBeenCalledWith(timer);
  await eventOf(openWatcher(io), 'sample'); // and anew
  expect(timers().length).toBe(2);
});

test('samples come while a large server is looked at', async () => {
  const { io } = startWatched();
  const pairs = [await connectPair(io), await connectPair(io)];
  const names = Array.from({ length: 100_000 }, (_, i) => `room ${i}`);
  pairs[0].socket.join(names);
  pairs[1].socket.join(names.slice(-2));
  const watcher = openWatcher(io);
  let [sample] = await eventOf(watcher, 'sample');
  while (sample.namespaces === undefined) [sample] = await eventOf(watcher, 'sample');
  expect(sample.namespaces[0].rooms).toEqual([
    { name: 'room 99998', size: 2 },
    { name: 'room 99999', size: 2 },
    { name: 'room 0', size: 1 },
  ]);
  expect(sample.socketio.rooms).toBe(100_003); // and those of the sockets
});

test('a look has its part of each interval, in slices', async () => {
  const io = startServer();
  const { socket } = await connectPair(io);
  socket.join(Array.from({ length: 1000 }, (_, i) => `room ${i}`));
  let time = 0;
  const onFailure = jest.fn();
  const now = () => (time += 1); // each reading is a millisecond later
  const survey = new Survey(io, undefined, { top: 3, onFailure, now });
  let intervals = 0;
  while (survey.lists === undefined) {
    const before = time;
    survey.goOn(INTERVAL_MS);
    intervals += 1;
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    // 4 % are 4.8 ms. Three slices of 2 ms exceed it, and each begins with a reading.
    expect(time - before).toBeLessThanOrEqual(9);
  }
  // Eight steps in a millisecond, one for each room, and not more than six milliseconds in an interval.
  expect(intervals).toBeGreaterThan(1000 / 8 / 6 - 1);
  expect(survey.lists).toMatchObject({ namespaces: [{ rooms: [{ name: 'room 0' }, {}, {}] }] });
  expect(onFailure).not.toHaveBeenCalled();
});

test('what fails is told once, and ends nothing', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const { io } = startWatched();
  const { socket } = await connectPair(io);
  const fail = () => {
    throw new Error('not like others');
  };
  const has = jest.spyOn(socket.adapter.sids, 'has').mockImplementation(fail);
  const watcher = openWatcher(io);
  let [sample] = await eventOf(watcher, 'sample');
  while (!sample.hasLookFailed) [sample] = await eventOf(watcher, 'sample');
  has.mockRestore();
  while (sample.hasLookFailed) [sample] = await eventOf(watcher, 'sample');
  expect(sample.namespaces[0]).toMatchObject({ nsp: '/', sockets: 1 });
  const stats = jest.spyOn(io.engine, 'stats').mockImplementationOnce(fail);
  while (stats.mock.calls.length < 2) await eventOf(watcher, 'sample');
  expect(stats.mock.results[0].type).toBe('throw');
  expect(warn.mock.calls).toEqual([
    [expect.stringContaining('not like others'), { code: 'DASHBOARD_FAILED' }],
  ]);
});

test('the demo lives through whatever it is given as a token or a room', async () => {
  const { httpServer, io, close } = createDemo(TOKEN);
  await once(httpServer.listen(0), 'listening');
  for (const token of [{ toString: 1, valueOf: 1 }, null]) {
    const [error] = await eventOf(openWatcher(io, token), 'connect_error');
    expect(error.message).toContain('The token is in the address');
  }
  const { client, socket } = await connectPair(io);
  client.emit('join', { toString: 1, valueOf: 1 });
  client.emit('join', 'lobby');
  while (!socket.rooms.has('lobby')) await new Promise(setImmediate);
  expect([...socket.rooms]).toEqual([socket.id, 'lobby']);
  await eventOf(openWatcher(io), 'sample');
  await close();
});

test('the few largest of many are kept, each once', () => {
  const scores = Array.from({ length: 400 }, (_, i) => (i * 7919) % 401);
  const ranking = new Ranking(10);
  for (const score of [...scores, ...scores]) ranking.offer(score, `key ${score}`, () => score);
  const sorted = scores.toSorted((one, other) => other - one);
  expect(ranking.items).toEqual(sorted.slice(0, 10));
  const few = new Ranking(10);
  for (const score of [0, 2, 1]) few.offer(score, score, () => score);
  expect(few.items).toEqual([2, 1]); // 0 is nothing to tell of
});

test('its page is served before what the application has, and goes away with it', async () => {
  const httpServer = http.createServer((req, res) => void res.end(`the application: ${req.url}`));
  const io = new Server(httpServer);
  await once(httpServer.listen(0), 'listening');
  const end = dashboard(io, { allow, path: '/look' });
  io.on('connection', (socket) => socket.on('echo', (value, ack) => ack(value)));

  expect((await getText(io, '/look/')).text).toContain('<title>Dashboard</title>');
  expect(await getText(io, '/look/nothing')).toMatchObject({ status: 404 });
  expect(await getText(io, '/look')).toMatchObject({ status: 307 });
  const page = await rig.get(io, '/look/config.json');
  expect(page.headers['content-security-policy']).toContain("default-src 'self'");
  expect((await getText(io, '/look/config.json')).text).not.toContain(TOKEN);
  expect((await getText(io, '/looks')).text).toBe('the application: /looks');

  const { client } = await connectPair(io);
  const watcher = openWatcher(io);
  await eventOf(watcher, 'sample');
  const gone = eventOf(watcher, 'disconnect');
  end();
  expect(await gone).toContain('io server disconnect');
  expect((await getText(io, '/look/')).text).toBe('the application: /look/');
  const [error] = await eventOf(openWatcher(io), 'connect_error');
  expect(error.message).toBe('Invalid namespace');
  expect(await client.emitWithAck('echo', 1)).toBe(1);
  expect((await connectPair(io)).socket.connected).toBe(true);
  dashboard(io, { allow })(); // the names are free again
  await io.close();
});

describe.each(['http', 'https', 'own port', 'own port with TLS'])('behind %s', (name) => {
  test('requests for its page reach no listener that is added later', async () => {
    const { io, end } = startWatched({}, DOORS[name]);
    const heard = /** @type {string[]} */ ([]);
    const { httpServer } = io;
    httpServer.on('request', ({ url }) => void heard.push(url));
    httpServer.prependListener('request', ({ url }) => void heard.push(url));
    expect((await getText(io, `${NSP}/`)).text).toContain('<title>Dashboard</title>');
    expect((await getText(io, '/another')).status).toBe(404);
    expect(heard).toEqual(['/another', '/another']);
    end();
    expect((await getText(io, `${NSP}/`)).status).toBe(404);
    expect(heard.length).toBe(4);
  });
});

test('others may wrap the events of the server before its end and after', async () => {
  const { io, end } = startWatched({}, DOORS.http);
  const { httpServer } = io;
  const events = /** @type {string[]} */ ([]);
  const { emit } = httpServer;
  httpServer.emit = (event, ...args) => {
    events.push(event);
    return emit.call(httpServer, event, ...args);
  };
  expect((await getText(io, `${NSP}/`)).status).toBe(200);
  end();
  expect((await getText(io, `${NSP}/`)).status).toBe(404);
  expect(events.filter((event) => event === 'request').length).toBe(2);
  const endAnother = dashboard(io, watched.OPTIONS);
  expect((await getText(io, `${NSP}/`)).status).toBe(200);
  endAnother();
  httpServer.emit = emit;
  expect((await getText(io, `${NSP}/`)).status).toBe(404);
});

test('it does not begin without what it needs', () => {
  const io = startServer();
  const without = /** @type {any} */ (dashboard);
  expect(() => without(io)).toThrow('the option "allow" of the dashboard must be a middleware');
  for (const interval of [0, 2 ** 31, NaN, Infinity]) {
    const range = 'must be a number of milliseconds from 50 to 2147483647';
    expect(() => dashboard(io, { allow, interval })).toThrow(RangeError);
    expect(() => dashboard(io, { allow, interval })).toThrow(range);
  }
  expect(() => without(io, { allow, interval: '1000' })).toThrow(TypeError);
  expect(() => dashboard(io, { allow, path: '/' })).toThrow('the option "path"');
  for (const top of [0, 1.5, 1000]) {
    expect(() => dashboard(io, { allow, top })).toThrow(RangeError);
  }
  expect(() => dashboard(new Server(), { allow })).toThrow('call io.listen() or io.attach()');
  io.of('/game');
  expect(() => dashboard(io, { allow, namespace: '/game' })).toThrow('already');
  expect([...io._nsps.keys()]).toEqual(['/', '/game']);
});

test('the admin UI works beside it', async () => {
  const { io } = startWatched();
  instrument(io, { auth: false, mode: 'production' });
  const admin = rig.openClient(io, '/admin');
  const watcher = openWatcher(io);
  const [[stats], [sample]] = await Promise.all([
    eventOf(admin, 'server_stats'),
    eventOf(watcher, 'sample'),
  ]);
  expect(stats.namespaces.map(({ name }) => name)).toEqual(['/', NSP, '/admin']);
  expect(sample.clients.websocket).toBeGreaterThan(0);
});
