/**
 * Whose silence it was: no client is given up because the server's process, or its JavaScript thread,
 * was the one that did not listen.
 */
'use strict';

const { once } = require('node:events');
const https = require('node:https');
const { setTimeout: delay } = require('node:timers/promises');
const { Worker } = require('node:worker_threads');
const { WebSocket } = require('ws');
const { certificate } = require('../../../support/servers/doors');
const {
  Engine,
  POLLING,
  WEBSOCKET,
  ask,
  block,
  cleanUp,
  closers,
  openPolling,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { startProgram } = require('../../../support/programs/programs');
const { Wire, frame, requestText, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

const PATIENCE = { pingInterval: 50, pingTimeout: 350 };
const LONG_MS = 1500;

test('a polling client, whose requests wait for the blocked thread', async () => {
  const rig = await startEngine(Engine, PATIENCE);
  const opened = once(rig.engine, 'connection');
  const sid = await openPolling(rig.port);
  const [session] = await opened;
  const poll = await openWire(rig.port);
  poll.write(requestText('GET', `${POLLING}&sid=${sid}`));
  block(LONG_MS);
  await poll.until(({ text }) => text.endsWith('\r\n\r\n2'));
  const heartbeat = once(session, 'heartbeat');
  expect((await ask(rig.port, 'POST', `${POLLING}&sid=${sid}`, {}, '3')).body).toBe('ok');
  await heartbeat;
  expect(session.readyState).toBe('open');
  // A client that is silent for longer is given up, although the thread has nothing else to do.
  expect(await once(session, 'close')).toEqual(['ping timeout']);
});

test('a WebSocket whose bytes pass through the blocked thread', async () => {
  const { key, cert, ca } = certificate();
  const server = https.createServer({ key, cert }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const engine = new Engine(PATIENCE);
  engine.attach(server);
  closers.push(() => server.close());
  closers.push(() => engine.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const wire = await Wire.connect({ port, host: '127.0.0.1', ca });
  closers.push(() => wire.socket.destroy());
  wire.write(upgradeText(WEBSOCKET));
  const [session] = await once(engine, 'connection');
  block(LONG_MS);
  expect((await wire.framesUpTo(2))[1].payload).toBe('2');
  const heartbeat = once(session, 'heartbeat');
  wire.write(frame('3'));
  await heartbeat;
  expect(session.readyState).toBe('open');
  expect(await once(session, 'close')).toEqual(['ping timeout']);
});

test('who is not read because another one floods the blocked thread', async () => {
  const rig = await startEngine(Engine, { ...PATIENCE, ioThreads: 1, maxInboxBytes: 1e5 });
  const opened = [once(rig.engine, 'connection')];
  // Two clients on a separate thread: one that answers each PING, and one that floods.
  const clients = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const { WebSocket } = require('ws');
     const open = (then) => {
       const ws = new WebSocket(workerData);
       ws.on('message', (m) => (String(m) === '2' ? ws.send('3') : String(m)[0] === '0' && then(ws)));
     };
     open(() => open((flooder) => parentPort.once('message', () => {
       for (let i = 0; i < 200; i++) flooder.send('4' + 'x'.repeat(1e5));
     })));`,
    { eval: true, workerData: `ws://127.0.0.1:${rig.port}${WEBSOCKET}` },
  );
  closers.push(() => clients.terminate());
  const [patient] = await opened[0];
  const [flooder] = await once(rig.engine, 'connection');
  let messages = 0;
  const allHaveCome = new Promise((resolve) => {
    flooder.on('message', () => ++messages === 200 && resolve(undefined));
  });
  await once(patient, 'heartbeat');
  clients.postMessage('flood');
  block(LONG_MS);
  for (let beats = 0; beats < 3; beats++) await once(patient, 'heartbeat');
  expect([patient.readyState, flooder.readyState]).toEqual(['open', 'open']);
  await allHaveCome;
});

test('whoever has answered a process that was frozen, however many they are', async () => {
  const run = startProgram(({ require }) => {
    const ours = require('./lib/engine');
    const server = require('node:http').createServer();
    const engine = new ours.Engine({ pingInterval: 500, pingTimeout: 3000, ioThreads: 1 });
    engine.attach(server);
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));
    process.stdin.on('end', () => process.exit()).resume();
  });
  closers.push(() => run.closed);
  closers.push(() => run.child.kill('SIGKILL'));
  const [port] = await once(run.child.stdout, 'data');
  const clients = Array.from({ length: 700 }, () => {
    const client = new WebSocket(`ws://127.0.0.1:${Number(port)}${WEBSOCKET}`);
    closers.push(() => client.terminate());
    const answer = (/** @type {Buffer} */ data) => String(data) === '2' && client.send('3');
    client.on('message', answer);
    return { client, answer, opened: once(client, 'message') };
  });
  await Promise.all(clients.map(({ opened }) => opened));
  const pings = clients.map(({ client, answer }) => once(client.off('message', answer), 'message'));
  await Promise.all(pings);
  run.child.kill('SIGSTOP');
  for (const { client } of clients) client.send('3');
  await delay(3200); // longer than pingTimeout
  run.child.kill('SIGCONT');
  const next = clients.map(({ client }) =>
    Promise.race([
      once(client, 'message').then(([data]) => String(data)),
      once(client, 'close').then(() => 'closed'),
    ]),
  );
  for (const what of await Promise.all(next)) expect(what).toBe('2');
});
