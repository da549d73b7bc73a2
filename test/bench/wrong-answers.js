'use strict';

/** A server of the bench that answers every echo with another payload, as in `npm run bench` no server should. */

const { WebSocketServer } = require('ws');

const wss = new WebSocketServer({ host: '127.0.0.1', port: 0 });
wss.on('connection', (ws) => {
  ws.on('message', (data) => {
    const packet = data.toString();
    ws.send(packet === '40' ? '40{"sid":"x"}' : packet.replace('m', 'n'));
  });
  ws.on('error', () => {});
  ws.send('0{"sid":"x"}');
});
wss.on('listening', () => {
  console.log(JSON.stringify({ port: /** @type {any} */ (wss.address()).port, versions: {} }));
});
process.stdin.on('end', () => process.exit(0)).resume();
