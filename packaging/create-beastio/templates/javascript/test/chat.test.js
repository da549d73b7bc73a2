'use strict';

const assert = require('node:assert');
const { once } = require('node:events');
const { test } = require('node:test');
const { io: connect } = require('socket.io-client');
const { createChat } = require('../server');

/** The first argument of the next event of a client. */
const next = (client, event) => new Promise((resolve) => client.once(event, resolve));

test('what one says, all hear', async () => {
  const io = createChat(0);
  await once(io.httpServer, 'listening');
  const url = `http://localhost:${io.httpServer.address().port}`;
  const clients = [connect(url, { forceNew: true }), connect(url, { forceNew: true })];
  await Promise.all(clients.map((client) => next(client, 'connect')));

  const heard = clients.map((client) => next(client, 'said'));
  clients[0].emit('say', 'hello');
  assert.deepEqual(await Promise.all(heard), ['hello', 'hello']);

  for (const client of clients) client.disconnect();
  await io.close();
});
