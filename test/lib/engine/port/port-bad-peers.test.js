/**
 * Peers of the own port, without and with TLS, that do badly. They read slowly or not at all, do not finish
 * what they began to say, or come in larger numbers than there are descriptors. They lose their connection at
 * most.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const { io: connect } = require('socket.io-client');
const { WebSocket } = require('ws');
const { certificate } = require('../../../support/servers/doors');
const { memoryOutsideHeap } = require('../../../support/resources/memory');
const {
  PATH,
  cleanUp,
  closers,
  connectionsOf,
  join,
  openWire,
  startPort,
} = require('../../../support/rigs/port-rig');
const { startProgram } = require('../../../support/programs/programs');
const { frame, requestText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** More than the buffers of a connection take. */
const MESSAGES = 160;
const MESSAGE_BYTES = 100_000;

/**
 * Somebody who must not notice anything.
 * @param {Awaited<ReturnType<typeof startPort>>} rig
 */
async function openWitness(rig) {
  const { wire, socket } = await join(rig);
  return async () => {
    const count = wire.frames.length;
    const asked = once(socket, 'well?');
    wire.write(frame('42["well?"]'));
    await asked;
    socket.emit('yes');
    expect((await wire.framesUpTo(count + 1)).at(-1)?.payload).toBe('42["yes"]');
  };
}

/** @param {any} place @param {string} [scheme] */
const urlOf = ({ ca, port }, scheme = 'http') => `${scheme}${ca ? 's' : ''}://127.0.0.1:${port}`;

/** Reads a stream to its end, a turn for each chunk. @param {import('node:stream').Readable} stream */
async function readSlowly(stream) {
  const chunks = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
    await new Promise(setImmediate);
  }
  return Buffer.concat(chunks).toString();
}

/**
 * The answer of one request of a polling client.
 * @param {any} place
 * @param {string} more of the query
 * @param {string} [body] of a POST
 */
async function poll(place, more, body) {
  const client = place.ca ? https : http;
  const method = body === undefined ? 'GET' : 'POST';
  const options = { method, ca: place.ca, agent: false };
  const request = client.request(`${urlOf(place)}${PATH}polling${more}`, options);
  request.end(body);
  const [response] = await once(request, 'response');
  return response;
}

/** @param {any} socket */
function sendMuch(socket) {
  const filler = 'x'.repeat(MESSAGE_BYTES);
  for (let i = 0; i < MESSAGES; i++) socket.emit('n', i, filler);
}

const NUMBERS = Array.from({ length: MESSAGES }, (_, i) => i);

/** @param {string} packet */
const numberOf = (packet) => Number(/^42\["n",(\d+),/.exec(packet)?.[1]);

describe.each(['own port', 'own port with TLS'])('%s: who reads', (doorName) => {
  test('nothing is cut off at the bound', async () => {
    const rig = await startPort(doorName, { ioThreads: 1, maxSendQueueBytes: 1e6 });
    const isWell = await openWitness(rig);
    const { wire, socket } = await join(rig);
    wire.socket.pause();
    const left = once(socket, 'disconnect');
    const before = memoryOutsideHeap();
    const chunk = Buffer.alloc(MESSAGE_BYTES, 1);
    for (let count = 1; socket.connected; count++) {
      socket.emit('x', chunk);
      if (count % 20 === 0) await new Promise(setImmediate);
      if (count > 3000) throw new Error('300 MB went nowhere');
    }
    expect((await left)[0]).toBe('transport error');
    expect(memoryOutsideHeap() - before).toBeLessThan(100e6);
    await isWell();
    while ((await connectionsOf(rig.io)) > 1) await new Promise(setImmediate);
    expect(rig.io.engine.clientsCount).toBe(1);
  });

  test('slowly gets everything in order, on a WebSocket', async () => {
    const rig = await startPort(doorName);
    const isWell = await openWitness(rig);
    const connected = once(rig.io, 'connection');
    const ws = new WebSocket(`${urlOf(rig.place, 'ws')}${PATH}websocket`, { ca: rig.place.ca });
    closers.push(() => ws.terminate());
    ws.once('open', () => ws.send('40'));
    const [socket] = await connected;
    /** @type {number[]} */
    const numbers = [];
    const all = new Promise((resolve) => {
      ws.on('message', (data) => {
        const number = numberOf(String(data));
        if (!Number.isNaN(number)) numbers.push(number);
        if (numbers.length === MESSAGES) resolve(undefined);
        ws.pause();
        setImmediate(() => ws.resume());
      });
    });
    sendMuch(socket);
    await isWell();
    await all;
    expect(numbers).toEqual(NUMBERS);
  });

  test('slowly gets everything in order, by a poll', async () => {
    const rig = await startPort(doorName);
    const isWell = await openWitness(rig);
    const { sid } = JSON.parse((await readSlowly(await poll(rig.place, ''))).slice(1));
    const connected = once(rig.io, 'connection');
    expect(await readSlowly(await poll(rig.place, `&sid=${sid}`, '40'))).toBe('ok');
    const [socket] = await connected;
    sendMuch(socket);
    const response = await poll(rig.place, `&sid=${sid}`);
    const [text] = await Promise.all([readSlowly(response), isWell()]);
    const [first, ...packets] = text.split('\x1e');
    expect(first.slice(0, 3)).toBe('40{');
    expect(packets.map(numberOf)).toEqual(NUMBERS);
  });
});

describe.each(['own port', 'own port with TLS'])('%s: who does not finish', (doorName) => {
  const TIMED_OUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

  /** @param {object} settings of the HTTP server */
  async function startImpatient(settings) {
    const rig = await startPort(doorName);
    Object.assign(rig.io.httpServer, settings);
    const opened = once(rig.io.engine, 'connection');
    const wire = await openWire(rig.place);
    wire.write(requestText('GET', `${PATH}polling`));
    const [session] = await opened;
    return { ...rig, session, target: `${PATH}polling&sid=${session.id}` };
  }

  test.each([
    ['a body', 'Content-Length: 10\r\n', '4'],
    ['a body that has not begun', 'Content-Length: 10\r\n', ''],
    ['the chunks of a body', 'Transfer-Encoding: chunked\r\n', '2\r\n4a\r\n'],
    ['a chunk', 'Transfer-Encoding: chunked\r\n', '2\r\n4'],
  ])('%s is cut off, and ends the session', async (_what, lines, begun) => {
    const { place, target, session } = await startImpatient({ requestTimeout: 1000 });
    const closed = once(session, 'close');
    const wire = await openWire(place);
    wire.write(`POST ${target} HTTP/1.1\r\nHost: x\r\n${lines}\r\n${begun}`);
    await wire.until(({ ended }) => ended);
    expect(wire.text).toBe(TIMED_OUT);
    const [reason, { message }] = await closed;
    const cut = 'data request connection closed prematurely';
    expect([reason, message]).toEqual(['transport error', cut]);
  });

  test('a body of which each byte takes its time is cut off', async () => {
    const { place, target } = await startImpatient({ requestTimeout: 1000 });
    const wire = await openWire(place);
    wire.write(`POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`);
    const drip = setInterval(() => wire.write('4'), 10);
    await wire.until(({ ended }) => ended).finally(() => clearInterval(drip));
    expect(wire.text).toBe(TIMED_OUT);
  });

  test('a header of which each byte takes its time is cut off', async () => {
    const { place } = await startImpatient({ headersTimeout: 1000 });
    const wire = await openWire(place);
    wire.write(`GET ${PATH}polling HTTP/1.1\r\nHost: `);
    const drip = setInterval(() => wire.write('x'), 10);
    await wire.until(({ ended }) => ended).finally(() => clearInterval(drip));
    expect(wire.text).toBe(TIMED_OUT);
  });

  test.each([
    ['a header', `GET ${PATH}polling HTTP/1.1\r\nHo`, TIMED_OUT],
    ['a request line', `GET ${PATH}`, TIMED_OUT],
    ['to say nothing', '', ''],
  ])('%s is cut off', async (_what, begun, answer) => {
    const { place } = await startImpatient({ headersTimeout: 1000 });
    const wire = await openWire(place);
    wire.write(begun);
    await wire.until(({ ended }) => ended);
    expect(wire.text).toBe(answer);
  });
});

describe.each([
  ['own port', {}],
  ['own port with TLS', certificate()],
])('%s: more clients than descriptors', (_name, { key, cert, ca } = /** @type {any} */ ({})) => {
  const OPEN_FILES = 64;
  const CROWD = 120;

  const serve = (/** @type {any} */ { require: load, tls }) => {
    const { Server } = load('./lib');
    const io = new Server({ ioThreads: 2 });
    io.listen({ port: 0, host: '127.0.0.1' }, tls ? { tls } : {});
    io.on('connection', (/** @type {any} */ socket) => {
      socket.on('connections', (/** @type {any} */ done) => {
        io.httpServer.getConnections((/** @type {any} */ _, /** @type {number} */ n) => done(n));
      });
      socket.on('spent', (/** @type {any} */ done) => {
        const { user, system } = process.cpuUsage();
        done((user + system) / 1000);
      });
    });
    io.httpServer.on('listening', () => console.log(io.httpServer.address().port));
  };

  test('are turned away, who is there stays, and there is room again when they leave', async () => {
    const tls = key && { key, cert };
    const run = startProgram(serve, { tls }, [], OPEN_FILES);
    closers.push(() => {
      run.child.kill('SIGKILL');
      return run.closed;
    });
    while (!run.stdout.includes('\n')) await once(run.child.stdout, 'data');
    const port = Number(run.stdout);
    const open = () => {
      const options = { ca, transports: ['websocket'], forceNew: true, reconnection: false };
      const client = connect(urlOf({ ca, port }), options);
      closers.push(() => client.close());
      return client;
    };
    const witness = open();
    const ask = (/** @type {string} */ what) => witness.timeout(30_000).emitWithAck(what);
    /** @returns {Promise<number>} milliseconds of CPU time */
    const spent = () => ask('spent');
    await spent();

    const turnedAway = new Set();
    /** @type {() => void} */
    let notify = () => {};
    const crowd = Array.from({ length: CROWD }, () => {
      const socket = net.connect(port, '127.0.0.1');
      closers.push(() => socket.destroy());
      socket.on('error', () => {}); // `close` follows
      socket.on('end', () => socket.end());
      socket.on('close', () => {
        turnedAway.add(socket);
        notify();
      });
      socket.resume();
      return socket;
    });
    while (turnedAway.size < CROWD - OPEN_FILES) {
      await new Promise((resolve) => (notify = () => resolve(undefined)));
    }
    const before = await spent();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await spent()) - before).toBeLessThan(250); // it does not try again and again
    expect(turnedAway.size).toBeLessThan(CROWD);

    for (const socket of crowd) socket.destroy();
    while ((await ask('connections')) > 1);
    expect(await open().timeout(30_000).emitWithAck('spent')).toBeGreaterThan(0);
    expect(await readSlowly(await poll({ ca, port }, ''))).toMatch(/^0\{"sid"/);
    expect(witness.connected).toBe(true);
    expect(run.stderr).toBe('');
  });
});
