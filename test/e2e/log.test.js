'use strict';

/** What `DEBUG` shows of a session, beside what the genuine package shows of the same one. */

const { once } = require('node:events');
const readline = require('node:readline');
const { io: connect } = require('socket.io-client');
const { startProgram } = require('../support/programs/programs');

/**
 * What only the genuine package can tell: here it is the I/O threads' work, or there is no such part. Also
 * what one run has and another has not.
 */
const NOT_COMPARED = [
  /^engine closing webSocketServer$/,
  /^engine:polling (closing|transport discarded - closing right away)$/,
  /^engine:polling (got xhr close packet|received "1")$/,
  /^engine:socket (writing ping packet - |sending packet "ping" |got packet while waiting for pong)/,
  /^engine:(socket writing a noop packet|polling writing "6")/,
];

/** Lines that people search logs for, as their articles and questions show them. */
const WELL_KNOWN = [
  'engine intercepting request for path "/socket.io/"',
  'engine handshaking client "<id>"',
  'engine unknown sid "nobody"',
  'engine:socket sending packet "message" (2["news",1])',
  'engine:socket received packet message',
  'socket.io:server initializing namespace /',
  'socket.io:server incoming connection with id <id>',
  'socket.io:client connecting to namespace /',
  'socket.io:client client close with reason transport close',
  'socket.io:namespace adding socket to nsp /',
  'socket.io:parent-namespace creating child namespace /dynamic-1',
  'socket.io:socket join room room',
  'socket.io:socket dispatching an event ["hello",{"a":1},null]',
  'socket.io-parser decoded 20["hello",{"a":1}] as {"type":2,"nsp":"/","id":0,"data":["hello",{"a":1}]}',
];

const serve = (/** @type {any} */ { require: load, subject, log, late }) => {
  Object.assign(process.env, { DEBUG_COLORS: 'no', DEBUG_HIDE_DATE: 'yes', DEBUG: log });
  const { Server } = load(subject);
  if (late) load('debug').enable(late);
  const io = new Server(0, { pingInterval: 300 });
  io.of(/^\/dynamic-/);
  io.on('connection', (/** @type {any} */ socket) => {
    socket.on('hello', (/** @type {any} */ _value, /** @type {any} */ done) => {
      socket.join('room');
      done('x');
    });
    socket.on('broadcast', () => io.to('room').emit('news', 1));
    socket.on('ask', () => {
      socket.emit('question', () => {
        socket.leave('room');
        socket.emit('done');
      });
    });
    socket.on('binary', (/** @type {any} */ done) => done(Buffer.from('x')));
    socket.on('disconnect', () => console.log('gone'));
    socket.on('log', (/** @type {string} */ names, /** @type {any} */ done) => {
      load('debug').enable(names);
      done();
    });
    socket.on('listeners', (/** @type {any} */ done) => done(socket.conn.listenerCount('packet')));
  });
  console.log(io.httpServer.address().port);
  process.stdin.on('end', () => io.close()).resume();
};

/**
 * Starts a server whose log is read.
 * @param {Record<string, string>} data
 */
async function start(data) {
  const run = startProgram(serve, { subject: './lib', ...data });
  const reader = readline.createInterface({ input: run.child.stdout });
  const [port] = await once(reader, 'line');
  const gone = once(reader, 'line');
  return {
    port,
    /** Ends it once it has seen its client go. */
    async end() {
      await gone;
      run.child.stdin.end();
      expect(await run.closed).toEqual([0, null]);
      return run.stderr;
    },
  };
}

/**
 * Runs the session; one thing after the other, so that each payload of polling has one packet.
 * @param {string} port
 * @param {string[]} transports
 */
async function runSession(port, transports) {
  const url = `http://localhost:${port}`;
  const client = connect(url, { transports, forceNew: true, reconnection: false });
  client.on('question', (done) => done('answer'));
  if (transports.length === 2) await upgraded(client);
  await client.emitWithAck('hello', { a: 1 });
  for (const [request, answer] of Object.entries({ broadcast: 'news', ask: 'done' })) {
    const answered = once(client, answer);
    client.emit(request);
    await answered;
  }
  if (transports[0] !== 'polling') await client.emitWithAck('binary');
  const dynamic = client.io.socket('/dynamic-1');
  await once(dynamic, 'connect');
  const unknown = client.io.socket('/unknown');
  await once(unknown, 'connect_error');
  await once(client.io.engine, 'ping');
  const drained = once(client.io.engine, 'drain');
  dynamic.disconnect();
  await drained;
  await client.emitWithAck('hello', { a: 1 });
  await fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=nobody`);
  await fetch(`${url}/socket.io/?EIO=4&transport=pigeon`);
  await fetch(`${url}/socket.io/?EIO=3&transport=polling`);
  client.io.engine.close();
}

/** @param {any} client */
async function upgraded(client) {
  await once(client.io, 'open');
  await once(client.io.engine, 'upgrade');
}

/**
 * The different lines of a log, without what differs from run to run.
 * @param {string} log
 */
function linesOf(log) {
  const lines = log
    .trim()
    .split('\n')
    .map((line) => line.replace(/[\w-]{20}(?=["\s,]|$)/g, '<id>').replace(/&t=\w+/, ''));
  return [...new Set(lines)].sort();
}

test.each([[['polling']], [['websocket']], [['polling', 'websocket']]])(
  'a session is told in the words of the genuine package (%j)',
  async (transports) => {
    const logs = await Promise.all(
      ['./lib', 'socket.io'].map(async (subject) => {
        const server = await start({ subject, log: 'engine*,socket.io*' });
        await runSession(server.port, transports);
        return linesOf(await server.end());
      }),
    );
    const [ours, genuine] = logs;
    const isShared = (/** @type {string} */ line) => !NOT_COMPARED.some((not) => not.test(line));
    expect(ours.filter(isShared)).toEqual(genuine.filter(isShared));
    expect(genuine.length).toBeGreaterThan(60);
    expect(ours).toEqual(
      expect.arrayContaining(WELL_KNOWN.filter((line) => genuine.includes(line))),
    );
    // Requests of WebSocket clients are told less of; all else is told over every transport.
    const told = WELL_KNOWN.filter((line) => genuine.includes(line)).length;
    expect(told).toBeGreaterThanOrEqual(WELL_KNOWN.length - 1);
  },
);

test('a part of it can be asked for', async () => {
  const server = await start({ log: 'socket.io:client' });
  await runSession(server.port, ['websocket']);
  expect(linesOf(await server.end())).toEqual([
    'socket.io:client client close with reason transport close',
    'socket.io:client connecting to namespace /',
    'socket.io:client creation of namespace /unknown was denied',
  ]);
});

test('the log can be turned on at run time, from the next connection on', async () => {
  const server = await start({ log: '', late: 'engine:socket,socket.io:socket' });
  await runSession(server.port, ['websocket']);
  const lines = linesOf(await server.end());
  expect(lines).toContain('engine:socket sending packet "message" (2["news",1])');
  expect(lines).toContain('socket.io:socket emitting event ["ask"]');
});

test('requests are told once a session has opened since the log was turned on', async () => {
  const server = await start({ log: '' });
  const url = `http://localhost:${server.port}`;
  const first = connect(url, { transports: ['websocket'], forceNew: true });
  await first.emitWithAck('log', 'engine');
  const second = connect(url, { transports: ['websocket'], forceNew: true });
  await second.emitWithAck('hello', 1);
  await fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=nobody`);
  for (const client of [first, second]) client.close();
  expect(linesOf(await server.end())).toEqual(
    expect.arrayContaining([
      'engine handling "GET" http request "/socket.io/?EIO=4&transport=polling&sid=nobody"',
      'engine unknown sid "nobody"',
    ]),
  );
});

test('without it nothing is told, and nobody listens', async () => {
  const server = await start({ log: '' });
  const client = connect(`http://localhost:${server.port}`, { reconnection: false });
  expect(await client.emitWithAck('listeners')).toBe(0);
  client.close();
  expect(await server.end()).toBe('');
});
