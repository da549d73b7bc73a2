/**
 * Storms on the own port, without and with TLS. Clients break off after each byte of what they have to say
 * (the handshake of TLS, the request, the frames), in each of three ways. Nothing is left of them, and
 * clients that were there before notice nothing.
 */
'use strict';

const { once } = require('node:events');
const net = require('node:net');
const { Duplex } = require('node:stream');
const tls = require('node:tls');
const { openSockets } = require('../../../support/resources/open-sockets');
const {
  PATH,
  cleanUp,
  connectionsOf,
  openWire,
  startPort,
} = require('../../../support/rigs/port-rig');
const { frame, requestText, upgradeText } = require('../../../support/clients/wire');

/** How many break off at a time. */
const CROWD = 30;

/** The ways of breaking off. @type {((socket: net.Socket) => void)[]} */
const WAYS = [
  (socket) => void socket.resetAndDestroy(),
  (socket) => void socket.destroy(),
  (socket) => void socket.end(),
];

afterEach(cleanUp);

/** A client's bytes on their way to the server, of which only the first few are let through. */
class Cut extends Duplex {
  /** How many were let through. */
  count = 0;

  /**
   * @param {net.Socket} socket
   * @param {number} limit
   * @param {(socket: net.Socket) => void} breakOff
   */
  constructor(socket, limit, breakOff) {
    super({ allowHalfOpen: true });
    this.socket = socket;
    this.limit = limit;
    this.breakOff = breakOff;
    socket.on('data', (chunk) => this.push(chunk));
    socket.on('close', () => this.destroy());
  }

  _read() {}

  /**
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {() => void} done
   */
  _write(chunk, _encoding, done) {
    if (this.count === this.limit) return done();
    const bytes = chunk.subarray(0, this.limit - this.count);
    this.count += bytes.length;
    this.socket.write(bytes, () => {
      if (this.count === this.limit) this.breakOff(this.socket);
      done();
    });
  }
}

/**
 * A client that says its lines, each when the server has answered the one before. It breaks off after a
 * number of bytes, at the latest when it has heard the last answer.
 * @param {import('../../../support/servers/doors').Place} place
 * @param {string[] | Buffer[]} lines
 * @param {number} limit
 * @param {(socket: net.Socket) => void} breakOff
 * @returns {Promise<number>} how many bytes the server was sent
 */
async function breakOffAfter({ ca, ...where }, lines, limit, breakOff) {
  const socket = net.connect({ ...where, noDelay: true, allowHalfOpen: true });
  socket.on('error', () => {}); // `close` follows
  await once(socket, 'connect');
  const cut = new Cut(socket, limit, breakOff);
  cut.on('error', () => {});
  const stream = ca ? tls.connect({ socket: cut, ca, servername: 'localhost' }) : cut;
  stream.on('error', () => {});
  const rest = [...lines];
  const goOn = () => {
    const line = rest.shift();
    if (line === undefined) breakOff(socket);
    else stream.write(line);
  };
  stream.on('data', goOn);
  socket.on('end', () => socket.end());
  const closed = once(socket, 'close');
  if (limit === 0) breakOff(socket);
  else if (ca) stream.once('secureConnect', goOn);
  else goOn();
  await closed;
  return cut.count;
}

/** @param {string} doorName @param {object} [opts] */
async function start(doorName, opts) {
  const rig = await startPort(doorName, { ioThreads: 2, ...opts });
  rig.io.on('connection', (socket) => {
    socket.join('all');
    for (const act of ['join', 'leave']) {
      socket.on(act, (room, done) => {
        socket[act](room);
        done();
      });
    }
  });
  return rig;
}

/**
 * Breaks off after each byte of a conversation, in turn in each way.
 * @param {import('../../../support/servers/doors').Place} place
 * @param {any[]} lines
 */
async function storm(place, lines) {
  const length = await breakOffAfter(place, lines, Infinity, WAYS[0]);
  for (let first = 0; first <= length; first += CROWD) {
    const limits = Array.from({ length: CROWD }, (_, index) => first + index);
    const clients = limits.map((limit) =>
      breakOffAfter(place, lines, limit, WAYS[limit % WAYS.length]),
    );
    await Promise.all(clients);
  }
  return length;
}

/**
 * Waits until the server has no more connections, sessions, sockets and rooms than these.
 * @param {any} io
 * @param {{ connections: number, sessions: number, rooms: number }} wanted
 */
async function untilLeft(io, wanted) {
  const { adapter, sockets } = io.of('/');
  const left = async () => ({
    connections: await connectionsOf(io),
    sessions: io.engine.clientsCount,
    known: Object.keys(io.engine.clients).length,
    sockets: sockets.size,
    sids: adapter.sids.size,
    rooms: adapter.rooms.size,
  });
  const { connections, sessions, rooms } = wanted;
  const goal = { connections, sessions, known: sessions, sockets: sessions, sids: sessions, rooms };
  const end = Date.now() + 20_000; // less than a session without pings lives
  let seen;
  do {
    seen = await left();
    await new Promise(setImmediate);
  } while (JSON.stringify(seen) !== JSON.stringify(goal) && Date.now() < end);
  expect(seen).toEqual(goal);
}

const NOTHING = { connections: 0, sessions: 0, rooms: 0 };

const CONVERSATION = [
  upgradeText(`${PATH}websocket`),
  frame('40'),
  Buffer.concat([frame('421["join","a"]'), frame('422["leave","a"]')]),
  Buffer.concat([frame('451-3["join",{"_placeholder":true,"num":0}]'), frame('b', { opcode: 2 })]),
  frame(`424["join","${'c'.repeat(200)}"]`),
];

describe.each(['own port', 'own port with TLS'])('%s', (doorName) => {
  test('clients that break off anywhere leave nothing behind', async () => {
    const { io, place } = await start(doorName);
    for (let i = 0; i < 10; i++) await breakOffAfter(place, CONVERSATION, Infinity, WAYS[i % 3]);
    await untilLeft(io, NOTHING);
    const before = openSockets();
    expect(await storm(place, CONVERSATION)).toBeGreaterThan(350);
    await untilLeft(io, NOTHING);
    expect(openSockets()).toBeLessThanOrEqual(before);
    await breakOffAfter(place, CONVERSATION, Infinity, WAYS[1]);
  });

  // With TLS the POST is one record, which comes whole or not at all.
  test('a session ends with a POST that breaks off in its body, and not before', async () => {
    const { io, place } = await start(doorName, { pingInterval: 600_000 });
    io.httpServer.keepAliveTimeout = 600_000;
    const wire = await openWire(place);
    wire.write(requestText('GET', `${PATH}polling`));
    await wire.until(({ text }) => text.includes('"sid"'));
    const target = `${PATH}polling&sid=${/"sid":"([^"]+)/.exec(wire.text)?.[1]}`;
    const connected = once(io, 'connection');
    wire.write(requestText('POST', target, { 'Content-Type': 'text/plain' }, '40'));
    const [socket] = await connected;
    const disconnected = once(socket, 'disconnect');
    await storm(place, [requestText('POST', target, {}, '42["say","whole"]')]);
    const isHalved = doorName === 'own port';
    if (!isHalved) wire.write(requestText('POST', target, { 'Content-Type': 'text/plain' }, '1'));
    expect((await disconnected)[0]).toBe(isHalved ? 'transport error' : 'transport close');
    await untilLeft(io, { connections: 1, sessions: 0, rooms: 0 });
    wire.socket.end();
    await untilLeft(io, NOTHING);
  });
});
