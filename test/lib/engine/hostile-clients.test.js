/**
 * Whatever a client sends, no exception ends the process, on any door, without and with
 * hooks and logs. The server is a separate program, in which an exception that nobody catches is reported.
 */
'use strict';

const { attacks, converse, isConnected } = require('../../support/clients/hostile');
const { startProgram } = require('../../support/programs/programs');
const { frame, upgradeText } = require('../../support/clients/wire');

/** How many conversations go on at once. */
const AT_ONCE = 8;

/** A server with something of everything, whose handlers look at what clients send. */
function serve(/** @type {any} */ { require: load, doorName, how }) {
  const { Server } = load('./lib');
  const doors = load('./test/support/servers/doors');
  const report = (/** @type {string} */ kind) => (/** @type {any} */ error) =>
    console.log(JSON.stringify({ fault: `${kind}: ${error?.stack ?? error}` }));
  process.on('uncaughtException', report('exception'));
  process.on('unhandledRejection', report('rejection'));
  if (how === 'logged') {
    load('debug').log = () => {};
    load('debug').enable('*');
  }
  const isHooked = how === 'hooked';
  const opts = {
    path: how === 'root' ? '/' : '/socket.io',
    serveClient: how !== 'root',
    allowEIO3: true,
    connectionStateRecovery: {},
    cookie: true,
    perMessageDeflate: true,
    ...(isHooked && {
      cors: { origin: true, credentials: true },
      allowRequest: (/** @type {any} */ _, /** @type {any} */ done) => done(null, true),
    }),
  };
  const door = doors.doorOf(doorName);
  const http = door.isOwnPort
    ? undefined
    : doors.createNodeServer(door, {}, (/** @type {any} */ _, /** @type {any} */ res) =>
        res.writeHead(404).end(),
      );
  const io = new Server(http, opts);
  if (http) http.listen(doors.addressOf(door));
  else io.listen(doors.addressOf(door), doors.ownPortOptions(door));
  if (isHooked) {
    io.engine.use((/** @type {any} */ _req, /** @type {any} */ res, /** @type {any} */ next) => {
      res.setHeader('x-middleware', '1');
      next();
    });
    // What a query decodes to may be no value of a header.
    io.engine.on('headers', (/** @type {any} */ headers, /** @type {any} */ req) => {
      if (req.headers.upgrade) headers['x-seen'] = req._query.shown ?? '';
    });
  }
  io.engine.on('connection_error', (/** @type {any} */ { req }) => String(req.headers));
  io.engine.on('connection', (/** @type {any} */ conn) => {
    conn.on('message', (/** @type {any} */ message) => isHooked && conn.send(message));
    conn.on('packet', () => {});
  });
  const onConnection = (/** @type {any} */ socket) => {
    const { url, query, headers, auth } = socket.handshake;
    void [url, query, headers, auth, socket.request.url];
    socket.onAny((/** @type {any[]} */ ...args) => {
      const answer = args.at(-1);
      if (typeof answer === 'function') answer('here');
    });
  };
  io.on('connection', onConnection);
  io.of('/chat').on('connection', onConnection);
  io.of(/^\/dynamic-/).on('connection', onConnection);
  io.httpServer.once('listening', () =>
    console.log(JSON.stringify({ place: doors.placeOf(door, io.httpServer) })),
  );
  process.stdin.on('end', () => process.exit()).resume();
}

/**
 * Has all conversations, several at a time.
 * @param {Generator<() => Promise<unknown>>} conversations
 */
async function haveAll(conversations) {
  const worker = async () => {
    for (let next = conversations.next(); !next.done; next = conversations.next()) {
      await next.value();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

test.each([
  ['http', 'plain'],
  ['http', 'hooked'],
  ['http', 'root'],
  ['http', 'logged'],
  ['https', 'plain'],
  ['https', 'hooked'],
  ['own port', 'plain'],
  ['own port', 'hooked'],
  ['own port', 'root'],
  ['own port', 'logged'],
  ['own port with TLS', 'plain'],
  ['own port with TLS', 'hooked'],
])('%s, %s', async (doorName, how) => {
  const run = startProgram(serve, { doorName, how });
  const told = () =>
    run.stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  while (!run.stdout.includes('\n'))
    await new Promise((resolve) => run.child.stdout.once('data', resolve));
  const [{ place }] = told();
  const path = how === 'root' ? '/' : '/socket.io/';
  await haveAll(attacks(place, path));
  const upgrade = Buffer.from(upgradeText(`${path}?EIO=4&transport=websocket`));
  const isAnswered = (/** @type {string} */ text) => text.includes('431["here"]');
  const answer = await converse(place, [
    [Buffer.concat([upgrade, frame('40')]), isConnected],
    [frame('421["well?"]'), isAnswered],
  ]);
  expect(answer).toContain('431["here"]');
  run.child.stdin.end();
  expect((await run.closed)[0]).toBe(0);
  expect(told().slice(1)).toEqual([]);
});
