/**
 * The application of ../program, written for the genuine package: what clients see of it is what they must
 * see of the server in C++. It is a program: `node application.js OPTIONS`.
 */
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const readline = require('node:readline');
const { setTimeout: delay } = require('node:timers/promises');
const { Server } = require('socket.io');

/** @param {string} key @param {unknown} value */
const write = (key, value) => process.stdout.write(`${JSON.stringify({ [key]: value })}\n`);
/** @param {string} line */
const tell = (line) => write('told', line);

/** What a handler is called with last, if the client wants an answer. @param {any[]} args */
const takeAck = (args) => (typeof args.at(-1) === 'function' ? args.pop() : undefined);

/** Calls a handler as the server in C++ does: what it throws is told. */
const guarded =
  (/** @type {string} */ event, /** @type {(...args: any[]) => unknown} */ handler) =>
  async (/** @type {any[]} */ ...args) => {
    try {
      await handler(...args);
    } catch (error) {
      tell(`thrown by ${event}: ${/** @type {Error} */ (error).message}`);
    }
  };

// Typed arguments.

const isText = (/** @type {any} */ value) => typeof value === 'string';
const isNumber = (/** @type {any} */ value) => typeof value === 'number';
const isWhole = (/** @type {any} */ value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31;
const isObject = (/** @type {any} */ value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isBytes = (/** @type {any} */ value) => Buffer.isBuffer(value);
const orAbsent = (/** @type {(value: any) => boolean} */ is) => (/** @type {any} */ value) =>
  value === undefined || value === null || is(value);

const TYPES = {
  typed: [
    isText,
    isNumber,
    orAbsent(isWhole),
    (/** @type {any} */ value) => typeof value === 'boolean',
    (/** @type {any} */ value) => Array.isArray(value) && value.every(isText),
    (/** @type {any} */ value) => isObject(value) && Object.values(value).every(isNumber),
    (/** @type {any} */ value) =>
      isObject(value) && isNumber(value.x) && isNumber(value.y) && orAbsent(isText)(value.name),
  ],
  bytes: [isBytes],
};

/** Whether arguments are what the handler in C++ takes. */
function areTyped(/** @type {'typed' | 'bytes'} */ event, /** @type {any[]} */ args) {
  const isRight = TYPES[event].every((is, index) => is(args[index]));
  if (!isRight) tell(`bad arguments of ${event}`);
  return isRight;
}

/** @param {any} socket */
function serveEvents(socket) {
  const on = (/** @type {any} */ event, /** @type {(...args: any[]) => unknown} */ handler) =>
    socket.on(event, guarded(event, handler));
  on('echo', (...args) => {
    const ack = takeAck(args);
    if (ack) ack(...args);
    else socket.emit('echo', ...args);
  });
  on('', (...args) => socket.emit('', ...args));
  on('5', (...args) => socket.emit('number', ...args));
  on('__proto__', (...args) => socket.emit('__proto__', ...args));
  on('typed', (...args) => {
    const ack = takeAck(args);
    if (!areTyped('typed', args)) return;
    const [text, number, whole = null, flag, list, map, { x, y, name = null }] = args;
    ack?.(text, number, whole, flag, list, map, { x, y, name });
  });
  on('bytes', (...args) => {
    const ack = takeAck(args);
    if (!areTyped('bytes', args)) return;
    const reversed = Buffer.from(args[0]).reverse();
    if (ack) ack(reversed.length, reversed);
    else socket.emit('bytes', reversed, 'behind');
  });
  on('twice', (ack) => {
    ack('first');
    ack('second');
  });
  on('later', async (ms, ack) => {
    await delay(ms);
    ack('later');
  });
  on('numbers', (count) => {
    for (let i = 0; i < count; i++) socket.emit('number', i);
  });
  on('volatile', (text) => socket.volatile.emit('volatile', text));
  on('count', (ack) => {
    socket.data.count = (socket.data.count ?? 0) + 1;
    ack(socket.data.count);
  });
  on('throw', () => {
    throw new Error('of the test');
  });
  on('reserved', (ack) => {
    try {
      socket.emit('disconnect');
      ack(false);
    } catch {
      ack(true);
    }
  });
  serveQuestions(socket, on);
}

/** @param {any} socket @param {(event: string, handler: (...args: any[]) => unknown) => void} on */
function serveQuestions(socket, on) {
  /** What a client's answer has come to. */
  const pass =
    (/** @type {(...args: any[]) => void} */ ack) =>
    (/** @type {any[]} */ ...args) =>
      args[0] ? ack('timeout') : ack(null, args[1]);
  on('ask', (question, ms, ack) => socket.timeout(ms).emit('question', question, pass(ack)));
  on('ask for bytes', (ack) => socket.timeout(10_000).emit('question', 'bytes', pass(ack)));
  on('ask and leave', () => {
    socket.timeout(10_000).emit('question', 'late', (/** @type {unknown} */ error) => {
      tell(error ? 'not answered: the socket is gone' : 'answered');
    });
    socket.disconnect();
  });
  on('ask all', (room, ms, ack) => {
    socket.nsp
      .to(room)
      .timeout(ms)
      .emit('question', 'all', (/** @type {unknown} */ error, /** @type {any[]} */ values) =>
        ack(Boolean(error), values.sort()),
      );
  });
}

// Rooms.

/** @param {any} socket @param {any} choice see `Choice` of ../program/rooms.cpp */
function chosen(socket, { from, to = [], except = [], isVolatile, compress }) {
  let audience = from === 'namespace' ? socket.nsp : socket.broadcast;
  for (const room of to) audience = audience.to(room);
  for (const room of except) audience = audience.except(room);
  if (isVolatile) audience = audience.volatile;
  if (compress !== undefined) audience = audience.compress(compress);
  return audience;
}

/** @param {any} socket */
function serveRooms(socket) {
  const { nsp } = socket;
  const on = (/** @type {string} */ event, /** @type {(...args: any[]) => unknown} */ handler) =>
    socket.on(event, guarded(event, handler));
  on('join', (room, ack) => {
    socket.join(room);
    ack([...socket.rooms].sort());
  });
  on('leave', (room, ack) => {
    socket.leave(room);
    ack([...socket.rooms].sort());
  });
  on('join many', (count, ack) => {
    for (let i = 0; i < count; i++) socket.join(`room ${i}`);
    ack(socket.rooms.size);
  });
  on('say', (choice, what) => chosen(socket, choice).emit('said', what));
  on('relay', (...args) => socket.broadcast.emit('relay', ...args));
  on('say by number', (room, text) => nsp.to(room).emit('said', text));
  on('who', async (choice, ack) => {
    const sockets = await chosen(socket, choice).fetchSockets();
    const members = sockets.map((/** @type {any} */ { id, rooms }) => [id, [...rooms].sort()]);
    ack(members.sort(([one], [other]) => (one < other ? -1 : 1)));
  });
  on('all join', (choice, room) => chosen(socket, choice).socketsJoin(room));
  on('all leave', (choice, room) => chosen(socket, choice).socketsLeave(room));
  on('all out', (choice, close) => chosen(socket, choice).disconnectSockets(close));
  on('goodbye', (choice, isMoved) => {
    const all = chosen(socket, choice);
    if (isMoved) all.socketsJoin('last');
    (isMoved ? all.to('last') : all).emit('said', 'goodbye');
    if (isMoved) all.socketsLeave('last');
    all.disconnectSockets();
  });
  on('size', (ack) => ack(nsp.sockets.size));
  on('leave me', (close) => socket.disconnect(close));
}

// Namespaces.

/** Tells when clients come and go. @param {any} nsp a namespace, or the parent of some */
function watch(nsp) {
  nsp.on('connection', (/** @type {any} */ socket) => {
    const { name } = socket.nsp;
    tell(`${name} connection`);
    socket.emit('welcome', name);
    socket.on('disconnecting', (/** @type {string} */ reason) => {
      const rooms = [...socket.rooms].filter((room) => room !== socket.id);
      tell(`${name} disconnecting: ${reason}, in ${socket.rooms.size} rooms: ${rooms.sort()}`);
    });
    socket.on('disconnect', (/** @type {string} */ reason) => {
      const end = socket.connected ? ', connected' : '';
      tell(`${name} disconnect: ${reason}, in ${socket.rooms.size} rooms${end}`);
    });
  });
}

/** By `auth.how`: lets in, refuses with and without data, now or later. */
async function guard(/** @type {any} */ socket, /** @type {(error?: Error) => void} */ next) {
  switch (socket.handshake.auth.how) {
    case 'refuse':
      return next(new Error('no'));
    case 'refuse with data':
      return next(Object.assign(new Error('nö'), { data: { code: [1, 'x'] } }));
    case 'late':
      await delay(20);
      return next();
    case 'refuse late':
      await delay(1);
      return next(new Error('too late'));
    default:
      return next();
  }
}

/** @param {Server} io */
function serveNamespaces(io) {
  const watched = io.of('/watched');
  watch(watched);
  watched.on('connection', (socket) => {
    socket.on('join', (room, ack) => {
      socket.join(room);
      ack();
    });
    socket.onAny((event, ...args) => {
      takeAck(args);
      tell(`any: ${event} ${JSON.stringify(args).slice(1, -1)}`);
    });
    socket.on('leave me', (close) => {
      socket.disconnect(close);
      socket.emit('too late');
      socket.join('too late');
    });
    socket.on('handshake', (ack) => {
      const { headers, query, address, secure, url, auth } = socket.handshake;
      ack(headers['x-test'] ?? '', query.token ?? '', address, secure, url.split('?')[0], auth);
    });
  });
  io.of('no-slash').on('connection', (socket) => {
    socket.on('where', (ack) => ack(socket.nsp.name));
  });
  serveGuarded(io);
  serveDynamic(io);
}

/** @param {Server} io */
function serveGuarded(io) {
  const guardedNsp = io.of('/guarded');
  watch(guardedNsp);
  guardedNsp.use((socket, next) => {
    tell(`first middleware: ${socket.connected ? 'connected' : 'not yet'}`);
    guard(socket, next);
  });
  guardedNsp.use((socket, next) => {
    tell('second middleware');
    socket.join('joined before');
    socket.data.by = 'of the middleware';
    next();
  });
  guardedNsp.on('connection', (socket) => {
    socket.on('who am I', (ack) => ack(socket.data.by, [...socket.rooms].sort()));
  });
}

/** @param {Server} io */
function serveDynamic(io) {
  const dynamic = io.of(/^\/dynamic-/);
  io.on('new_namespace', ({ name }) => {
    if (name.startsWith('/dynamic-')) tell(`made ${name}`);
  });
  watch(dynamic);
  dynamic.on('connection', (socket) => {
    socket.on('where', (ack) => ack(socket.nsp.name));
    socket.on('all', (text) => socket.nsp.emit('all', text));
  });
  watch(io.of((name, auth, next) => next(null, name === '/asked-for' && 'please' in auth)));
}

// Where handlers run: in C++ in a pool, and in an inbox.

/** @param {Server} io @param {any} socket @param {string} place */
function serveAt(io, socket, place) {
  const on = (/** @type {string} */ event, /** @type {(...args: any[]) => unknown} */ handler) =>
    socket.on(`${event} ${place}`, (/** @type {any[]} */ ...args) =>
      setImmediate(guarded(`${event} ${place}`, handler), ...args),
    );
  on('echo in', (...args) => {
    const ack = takeAck(args);
    if (ack) ack(...args);
    else socket.emit('echo', ...args);
  });
  on('count in', (number) => socket.emit('number', number));
  on('join in', (room, ack) => {
    socket.join(room);
    socket.to(room).emit('said', 'somebody joins');
    ack();
  });
  on('throw in', () => {
    throw new Error('far from its thread');
  });
  on('leave in', () => {
    socket.emit('number', -1);
    socket.disconnect();
  });
  const ask =
    (/** @type {string} */ question) => async (/** @type {(answer: any) => void} */ ack) =>
      ack(await socket.timeout(10_000).emitWithAck('question', question));
  on('ask in', ask('from afar'));
  on('wait in', ask('waiting'));
  on('gather in', (count) => {
    for (let i = 0; i < count; i++) socket.emit('number', i);
    io.emit('said', 'gathered');
  });
  on('visit from', (ack) => ack(socket.id, socket.rooms.size));
}

/** @param {any} options */
async function serve({ ioThreads: _ioThreads, ackTimeout: _ackTimeout, ...options }) {
  const httpServer = http.createServer((_req, res) => void res.writeHead(404).end());
  const io = new Server(httpServer, { allowEIO3: true, ...options });
  io.on('connection', (socket) => {
    socket.emit('hello', socket.id, socket.conn.protocol);
    serveEvents(socket);
    serveRooms(socket);
    serveAt(io, socket, 'the pool');
    serveAt(io, socket, 'the inbox');
  });
  serveNamespaces(io);
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  write('port', /** @type {import('node:net').AddressInfo} */ (httpServer.address()).port);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line === 'close') io.close();
    else write('sync', Number(line));
  }
  process.exit();
}

serve(JSON.parse(process.argv[2] ?? '{}'));
