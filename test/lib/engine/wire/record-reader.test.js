/**
 * The order in which an application sees things, compared with the genuine package doing the same. It is
 * about packets that arrive together, ticks and microtasks between them, exceptions and their aftermath. The
 * programs run in separate processes, because a test runner replaces the process object.
 */
'use strict';

const { RECORD } = require('../../../../lib/engine/wire/layout');
const { RecordReader } = require('../../../../lib/engine/wire/record-reader');
const { SILENT_SINKS } = require('../../../../lib/engine/wire/record-sinks');
const { runProgram } = require('../../../support/programs/programs');

/**
 * Runs one scenario on one package and prints what was seen. Everything that arrives is written in
 * one segment.
 */
async function program(/** @type {any} */ { require: load, scenario, packageName }) {
  const { Server } = load(packageName);
  const { Wire, frame, upgradeText } = load('./test/support/clients/wire');
  /** @type {string[]} */
  const log = [];
  const note = (/** @type {string} */ text) => {
    log.push(text);
    process.nextTick(() => log.push(`${text}: tick`));
    Promise.resolve().then(() => log.push(`${text}: microtask`));
  };
  process.on('uncaughtException', (err) => note(`uncaught ${err.message}`));
  const io = new Server(0, { pingInterval: 60_000 });
  const connections = [];
  const isThrowing = scenario === 'throwing connection';
  let finish = () => {};
  const finished = new Promise((resolve) => (finish = () => resolve(undefined)));

  io.on('connection', (/** @type {any} */ socket) => {
    connections.push(socket);
    socket.on('e', (/** @type {any} */ ...args) => {
      const done = args.at(-1);
      note(`e ${args[0]}`);
      if (args[0] === 'throw') throw new Error('thrown by a handler');
      if (args[0] === 'throw later')
        process.nextTick(() => {
          throw new Error('thrown by a tick');
        });
      if (args[0] === 'reject') Promise.reject(new Error('rejected'));
      if (args[0] === 'disconnect') socket.disconnect();
      if (args[0] === 'disconnect all') socket.disconnect(true);
      if (typeof done === 'function') done(args[0]);
      if (args[0] === 'last') setImmediate(finish);
    });
    socket.on('disconnect', (/** @type {string} */ reason) => {
      note(`disconnect ${reason}`);
      setImmediate(finish);
    });
    if (isThrowing) throw new Error('thrown by connection');
  });

  const events = (/** @type {string[]} */ ...names) =>
    names.map((name) => frame(`42${JSON.stringify(['e', name])}`));
  const scenarios = {
    'two events': events('a', 'last'),
    'many events': events('a', 'b', 'c', 'd', 'last'),
    'an event that asks': [...events('a'), frame('421["e","asking"]'), ...events('last')],
    'an attachment between events': [
      ...events('a'),
      frame('451-["e",{"_placeholder":true,"num":0}]'),
      frame(Buffer.from([1, 2]), { opcode: 2 }),
      ...events('last'),
    ],
    'Unicode between events': events('a', 'é', '€', '😀', 'last'),
    'a handler that throws': events('a', 'throw', 'b', 'last'),
    'a tick that throws': events('a', 'throw later', 'b', 'last'),
    'a rejection': events('a', 'reject', 'b', 'last'),
    'a disconnection between events': events('a', 'disconnect', 'b', 'last'),
    'the end of the connection between events': events('a', 'disconnect all', 'b', 'last'),
    'garbage between events': [...events('a'), frame('49'), ...events('b')],
    'an empty message between events': [...events('a'), frame('4'), ...events('b')],
    'a close frame behind events': [...events('a', 'b'), frame('', { opcode: 8 })],
    'throwing connection': events('a', 'last'),
  };

  await new Promise((resolve) => io.httpServer.once('listening', resolve));
  const wire = await Wire.connect(io.httpServer.address().port);
  wire.socket.on('end', () => wire.socket.end());
  wire.write(upgradeText('/socket.io/?EIO=4&transport=websocket'));
  await wire.framesUpTo(1);
  wire.write(frame('40'));
  await wire.framesUpTo(2);
  log.push('connected');
  wire.write(Buffer.concat(/** @type {any} */ (scenarios)[scenario]));
  await finished;
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  wire.socket.destroy();
  console.log(JSON.stringify({ log, connections: connections.length }));
  process.exit();
}

test.each([
  'two events',
  'many events',
  'an event that asks',
  'an attachment between events',
  'Unicode between events',
  'a handler that throws',
  'a tick that throws',
  'a rejection',
  'a disconnection between events',
  'the end of the connection between events',
  'garbage between events',
  'an empty message between events',
  'a close frame behind events',
  'throwing connection',
])('%s: as in the genuine package', async (scenario) => {
  const [genuine, ours] = await Promise.all(
    ['socket.io', './lib'].map(async (packageName) => {
      const run = await runProgram(program, { scenario, packageName });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      return JSON.parse(run.stdout);
    }),
  );
  expect(genuine.log.length).toBeGreaterThan(2);
  expect(ours).toEqual(genuine);
});

const NO_POSTS = { isInPost: () => false, isPostOf: () => false };

test('a record of another version is told once, and nothing behind it is read', () => {
  /** @type {any[]} */
  const errors = [];
  const reader = new RecordReader(SILENT_SINKS, NO_POSTS, (error) => errors.push(error));
  reader.receive(new Int32Array([99, 1, 2, 3, 0, 0]), 4, '');
  expect(errors).toEqual([new Error('unknown record 99: the addon does not fit this version')]);
});

test('what nobody listens to does not shift what comes behind it', () => {
  /** @type {any[]} */
  const seen = [];
  const session = {
    .../** @type {any} */ (SILENT_SINKS.sessions.session(0)),
    onText: (/** @type {string} */ text) => seen.push(text),
    onMessage: (/** @type {Buffer} */ bytes) => seen.push(bytes),
  };
  const sinks = { ...SILENT_SINKS, sessions: { ...SILENT_SINKS.sessions, session: () => session } };
  const reader = new RecordReader(sinks, NO_POSTS, (error) => seen.push(error));
  const records = [
    ...[RECORD.TLS_WRITE, -3, 4],
    ...[RECORD.STREAM_WRITE, 3, 4],
    ...[RECORD.TLS_WRITE, -3, -1],
    ...[RECORD.STREAM_WRITE, 3, -1],
    ...[RECORD.BINARY, 7],
    ...[RECORD.TEXT, 7, 0, 2],
  ];
  const [bytes, message] = [Buffer.from('bytes'), Buffer.from('message')];
  const extras = [bytes, bytes, message];
  reader.receive(new Int32Array(records), records.length, 'goneGONEhi', '', extras);
  expect(seen).toEqual([message, 'hi']);
});
