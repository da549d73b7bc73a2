/**
 * A server and its clients in one process, as the tests of applications have them. On the attached doors a
 * client hears `open` when the server knows its session already.
 */
'use strict';

const { once } = require('node:events');
const { Socket: EngineClient } = require('engine.io-client');
const { addressOf, certificate, createNodeServer, doorOf } = require('../../support/servers/doors');
const { ENGINES } = require('../../support/rigs/engine-rig');

/** One early client in a hundred would be a fault: without care most of them are. */
const CLIENTS = 60;

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test.each([
    ['http', 'websocket'],
    ['http', 'polling'],
    ['https', 'websocket'],
    ['https', 'polling'],
  ])('%s, %s: no client is early', async (doorName, transport) => {
    const door = doorOf(doorName);
    const server = createNodeServer(door, {}, (_req, res) => void res.writeHead(404).end());
    const engine = new EngineClass();
    engine.attach(server);
    server.listen(addressOf(door));
    await once(server, 'listening');
    closers.push(() => {
      engine.close();
      server.closeAllConnections();
      server.close();
    });
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    let announced = 0;
    engine.on('connection', () => announced++);
    const early = [];
    for (let i = 1; i <= CLIENTS; i++) {
      const client = new EngineClient(
        `${doorName === 'https' ? 'wss' : 'ws'}://localhost:${port}`,
        {
          transports: [transport],
          ...(door.hasTls && { ca: certificate().ca }),
        },
      );
      await new Promise((resolve) => client.once('open', resolve));
      if (announced !== i || engine.clients[String(client.id)] === undefined) early.push(i);
      client.close();
    }
    expect(early).toEqual([]);
  });
});
