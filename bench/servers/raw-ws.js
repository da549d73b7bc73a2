/**
 * `ws` without Socket.IO: what its WebSockets cost by themselves. It speaks as much of the two protocols as
 * the clients of the bench insist on, by comparing bytes. It parses no payload, keeps no heartbeat, and
 * answers events by what their packets begin with.
 */
'use strict';

const { WebSocketServer } = require('ws');
const { SETTINGS, announce, createHttpServer, portOf } = require('./application');
const { versionOf } = require('./packages');

const OPEN =
  '0{"sid":"by-hand","upgrades":[],"pingInterval":600000,"pingTimeout":600000,"maxPayload":1000000}';

const httpServer = createHttpServer();
const wss = new WebSocketServer({ server: httpServer, perMessageDeflate: SETTINGS.deflate });

wss.on('connection', (ws) => {
  ws.on('message', (data, isBinary) => {
    if (isBinary) ws.send(data);
    else answer(ws, data.toString());
  });
  ws.on('error', () => {});
  ws.send(OPEN);
});

/**
 * @param {import('ws').WebSocket} ws
 * @param {string} packet
 */
function answer(ws, packet) {
  if (packet.startsWith('40')) ws.send(`40${packet.slice(2)}{"sid":"by-hand"}`);
  else if (packet.startsWith('42["bcast"')) broadcast(packet);
  else if (packet.startsWith('42[') || packet.startsWith('42/') || packet.startsWith('45')) {
    ws.send(packet); // an echo is the same packet
  } else if (packet.startsWith('42')) ws.send(acknowledgement(packet));
}

/** @param {string} packet */
function broadcast(packet) {
  for (const ws of wss.clients) ws.send(packet);
}

/** @param {string} packet `42<id>["ack",<value>]`, which is answered by `43<id>[<value>]` */
function acknowledgement(packet) {
  const event = packet.indexOf('["ack",');
  return `43${packet.slice(2, event)}[${packet.slice(event + 7)}`;
}

httpServer.listen(0, '127.0.0.1', () =>
  announce(portOf(httpServer), { ws: versionOf('ws', require) }),
);
