/**
 * The genuine package on the engine that its authors wrote for Bun. Runs under Bun.
 */
'use strict';

const { Server } = require('socket.io');
const { SETTINGS, announce, install, secrets } = require('./application');
const { requirePeer, socketIoVersions, versionOf } = require('./packages');

const { Server: Engine } = requirePeer('@socket.io/bun-engine');
const { Bun } = /** @type {any} */ (globalThis);

const io = new Server();
const engine = new Engine({ path: '/socket.io/', ...SETTINGS.options });
io.bind(engine);
install(io);

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  ...engine.handler(),
  tls: secrets(),
});
announce(server.port, {
  'socket.io': socketIoVersions()['socket.io'],
  '@socket.io/bun-engine': versionOf('@socket.io/bun-engine', requirePeer),
});
