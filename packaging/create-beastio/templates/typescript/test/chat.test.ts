import assert from 'node:assert';
import { once } from 'node:events';
import { test } from 'node:test';
import { io as connect, type Socket } from 'socket.io-client';
import { createChat, portOf, type ClientEvents, type ServerEvents } from '../src/server';

type Client = Socket<ServerEvents, ClientEvents>;

const said = (client: Client) => new Promise((resolve) => client.once('said', resolve));
const connected = (client: Client) =>
  new Promise<void>((resolve) => client.once('connect', resolve));

test('what one says, all hear', async () => {
  const io = createChat(0);
  await once(io.httpServer, 'listening');
  const url = `http://localhost:${portOf(io)}`;
  const clients: Client[] = [connect(url, { forceNew: true }), connect(url, { forceNew: true })];
  await Promise.all(clients.map(connected));

  const heard = clients.map(said);
  clients[0].emit('say', 'hello');
  assert.deepEqual(await Promise.all(heard), ['hello', 'hello']);

  for (const client of clients) client.disconnect();
  await io.close();
});
