/**
 * An addon that was built against version 1.0 of the C interface, and is not built anew: it works with this
 * version. It is addon/addon.cpp of the commit that has added it, by g++ 12 with `-Os -s`.
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { cleanUp, connectPair, eventOf, openClient, startServer } = require('../support/rigs/rig');

const FOLDER = path.join(__dirname, 'frozen');
/** There is none for other machines: they build what the other tests need. */
const files = fs
  .readdirSync(FOLDER)
  .filter((name) => name.includes(`-${process.platform}-${process.arch}.`));

test('there are frozen addons', () => {
  expect(fs.readdirSync(FOLDER)).toContain('abi-1.0-linux-x64.node');
});

describe.each(files.map((name) => [name]))('%s', (name) => {
  const addon = require(path.join(FOLDER, name));
  afterEach(async () => {
    addon.close();
    await cleanUp();
  });

  test('events, acknowledgements and attachments', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const { client, socket } = await connectPair(io);
    client.emit('echo', 'a', { b: [1, null] });
    expect(await eventOf(client, 'echoed')).toEqual(['a', { b: [1, null] }]);
    expect(await client.emitWithAck('sum', 1.5, 2)).toBe(3.5);
    const back = eventOf(client, 'bytes back');
    client.emit('bytes', Buffer.from('xyz'));
    expect(await back).toEqual([Buffer.from('xyz')]);
    client.on('question', (/** @type {string} */ text, /** @type {any} */ ack) => ack(`${text}!`));
    const answered = eventOf(client, 'answered');
    client.emit('ask me', 'why');
    expect(await answered).toEqual(['why!']);
    const passed = eventOf(socket, 'pass');
    client.emit('pass', 1);
    expect(await passed).toEqual([1]);
    expect(await client.emitWithAck('pooled', 7)).toBe(7);
    expect(await client.emitWithAck('inboxed', 'x')).toBe('x');
    expect(await client.emitWithAck('count')).toBe(1);
  });

  test('rooms, broadcasts, attributes and other threads', async () => {
    const io = startServer();
    addon.open(io.native, ['/']);
    const one = await connectPair(io);
    const two = await connectPair(io);
    await one.client.emitWithAck('join', 'red');
    expect([...one.socket.rooms].sort()).toEqual([one.socket.id, 'red'].sort());
    const said = eventOf(one.client, 'said');
    two.client.emit('say', 'red', 'hello');
    expect(await said).toEqual([two.socket.id, 'hello']);
    one.socket.native.set('team', 'red');
    expect(one.socket.emit('set')).toBe(true); // behind it
    await eventOf(one.client, 'set');
    expect(await one.client.emitWithAck('attribute', 'team')).toBe('"red"');
    const told = eventOf(two.client, 'told');
    addon.emitFrom(two.socket.id, 'told', 'by a thread');
    expect(await told).toEqual(['by a thread']);
    const all = [one, two].map(({ client }) => eventOf(client, 'all'));
    addon.broadcastFrom('/', '', 'all', 'of them', false);
    expect(await Promise.all(all)).toEqual([['of them'], ['of them']]);
  });

  test('a namespace that it serves alone, and errors', async () => {
    const io = startServer();
    expect(addon.serveAlone(io.native, '/game')).toBe('');
    const refused = openClient(io, '/game', { auth: { token: 'bad' } });
    expect((await eventOf(refused, 'connect_error'))[0].data).toEqual({ code: 7 });
    const client = openClient(io, '/game', { auth: { token: 'good' } });
    await eventOf(client, 'connect');
    const failed = eventOf(io.native, 'error');
    client.emit('fail', 'on purpose');
    expect((await failed)[0].code).toBe('ERR_BEASTIO_HANDLER');
    expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
  });
});
