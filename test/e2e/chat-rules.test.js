/**
 * The rules of the demo chat by the official client, in JavaScript and in C++. They say what is accepted, what
 * is answered, and who hears of it. The page in a browser is chat.test.js.
 */
'use strict';

const { once } = require('node:events');
const { io } = require('socket.io-client');
const { BUILD_MS } = require('../support/programs/cpp-program');
const { endAll, ended, printed, start } = require('../support/programs/server-program');
const { ask, hears, idOf } = require('./support/chat-client');
const { CHATS } = require('./support/chat-programs');

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
const TOKEN = '0123456789abcdef'.repeat(2);

/** @typedef {import('socket.io-client').Socket} Socket */

describe.each(CHATS)('the rules of the chat in $language', ({ command }) => {
  /** @type {string[]} */
  let program;
  /** @type {import('../support/programs/server-program').Run} */
  let server;
  /** @type {number} */
  let port;
  /** @type {Socket[]} */
  let sockets = [];

  beforeAll(async () => {
    program = await command();
  }, BUILD_MS);

  beforeEach(async () => {
    server = start(program[0], program.slice(1), { PORT: '0' });
    port = Number((await printed(server, /localhost:(\d+)\n$/))[1]);
  });

  afterEach(async () => {
    for (const socket of sockets) socket.disconnect();
    sockets = [];
    expect(await ended(server, 'SIGTERM')).toEqual([0, null]);
    expect(server.err).toBe('');
  });

  afterAll(endAll);

  /** @returns {Promise<Socket>} */
  async function connect() {
    const socket = io(`http://127.0.0.1:${port}`, { transports: ['websocket'], forceNew: true });
    sockets.push(socket);
    await once(/** @type {any} */ (socket), 'connect');
    return socket;
  }

  /**
   * @param {string} nick
   * @param {{ token?: string, rooms?: string[] }} [more]
   */
  async function enter(nick, more = {}) {
    const socket = await connect();
    const welcome = await ask(socket, 'hello', { nick, ...more });
    expect(welcome).toMatchObject({ ok: true });
    return { socket, welcome };
  }

  test('a welcome says who I am and who is there', async () => {
    const { welcome } = await enter('Ada', { token: TOKEN, rooms: ['#lobby', 'My Room'] });
    const ada = { id: idOf(TOKEN), nick: 'Ada', away: false };
    expect(welcome).toEqual({
      ok: true,
      me: { id: ada.id, nick: 'Ada' },
      token: TOKEN,
      rooms: [
        { name: '#lobby', people: [ada], messages: [] },
        { name: '#my-room', people: [ada], messages: [] },
      ],
      directs: [],
      directory: [
        { name: '#lobby', people: 1 },
        { name: '#photos', people: 0 },
        { name: '#random', people: 0 },
        { name: '#my-room', people: 1 },
      ],
    });
    const other = await enter('Grace', { rooms: ['#my-room'] });
    expect(other.welcome.token).toMatch(/^[0-9a-f]{32}$/);
    expect(other.welcome.me.id).toBe(idOf(other.welcome.token));
    expect(other.welcome.rooms[0].people.map((/** @type {any} */ { nick }) => nick)).toEqual([
      'Ada',
      'Grace',
    ]);
  });

  test.each([
    ['  Ada \t  Lovelace ', 'Ada Lovelace'],
    ['Ａｄａ　Ｌ', 'Ada L'],
    ["Ó'Brien_9.-", "Ó'Brien_9.-"],
    ['Ольга', 'Ольга'],
    ['山田', '山田'],
    ['𠮷', '𠮷'],
    ['𠮷'.repeat(11), undefined],
    ['a'.repeat(20), 'a'.repeat(20)],
    ['a'.repeat(21), undefined],
    ['x', undefined],
    ['-ada', undefined],
    ['😀 Ada', undefined],
    ['Ada<b>', undefined],
    [' '.repeat(300), undefined],
    [42, undefined],
    [null, undefined],
  ])('the nickname %j becomes %j', async (nick, expected) => {
    const answer = await ask(await connect(), 'hello', { nick });
    if (expected === undefined) expect(answer).toMatchObject({ ok: false, code: 'nick' });
    else expect(answer).toMatchObject({ ok: true, me: { nick: expected } });
  });

  test.each([
    ['ÄRGER  der Woche', '#ärger-der-woche'],
    ['#Tiny_Talk', '#tiny_talk'],
    ['#'.repeat(2), undefined],
    ['a'.repeat(24), `#${'a'.repeat(24)}`],
    ['a'.repeat(25), undefined],
    ['a/b', undefined],
    [['#lobby'], undefined],
  ])('the room %j becomes %j', async (room, expected) => {
    const { socket } = await enter('Ada');
    const answer = await ask(socket, 'join', { room });
    if (expected === undefined) expect(answer).toMatchObject({ ok: false, code: 'room' });
    else expect(answer.room).toMatchObject({ name: expected, messages: [] });
  });

  test('requests of any kind are answered', async () => {
    const socket = await connect();
    for (const request of [undefined, null, 1, 'text', ['#lobby'], {}, { nick: { nick: 'Ada' } }]) {
      expect(await ask(socket, 'hello', request)).toMatchObject({ ok: false, code: 'nick' });
    }
    for (const event of ['rename', 'join', 'leave']) {
      expect(await ask(socket, event, { nick: 'Ada', room: '#lobby' })).toEqual({
        ok: false,
        code: 'hello',
        error: 'Choose a nickname first.',
      });
    }
    socket.emit('message', { to: '#lobby', text: 'without an acknowledgement' });
    expect(await ask(socket, 'hello', { nick: 'Ada' })).toMatchObject({ ok: true });
  });

  test('messages reach the others of a room, and are kept', async () => {
    const ada = await enter('Ada', { rooms: ['#lobby'] });
    const grace = await enter('Grace', { rooms: ['#lobby'] });
    const heard = hears(grace.socket, 'message');
    const sent = await ask(ada.socket, 'message', {
      to: '#lobby',
      text: ' a\r\nb\rc ',
      nonce: 'n',
    });
    const message = {
      id: sent.id,
      to: '#lobby',
      from: ada.welcome.me,
      at: sent.at,
      text: 'a\nb\nc',
    };
    expect(sent).toEqual({ ok: true, id: expect.stringMatching(/^[0-9a-f]{8}-1$/), at: sent.at });
    expect(Math.abs(Date.now() - sent.at)).toBeLessThan(60_000);
    expect(await heard).toEqual(message);
    const { welcome } = await enter('Linus', { rooms: ['#lobby'] });
    expect(welcome.rooms[0].messages).toEqual([message]);
  });

  test.each([
    ['nothing', {}, 'There is nothing to send.'],
    ['blanks', { text: ' \n ' }, 'There is nothing to send.'],
    ['a number', { text: 5 }, 'A message is text.'],
    ['a long text', { text: '😀'.repeat(1001) }, 'A message has at most 2000 characters.'],
    ['no bytes', { image: { data: 'abc' } }, 'The image did not arrive as binary data.'],
    ['no image', { image: 1 }, 'The image did not arrive as binary data.'],
    [
      'empty bytes',
      { image: { data: Buffer.alloc(0) } },
      'The image did not arrive as binary data.',
    ],
    [
      'other bytes',
      { image: { data: Buffer.from('<svg>') } },
      'Only PNG, JPEG, GIF and WebP images can be sent.',
    ],
    [
      'too many bytes',
      { image: { data: Buffer.alloc(1_500_001) } },
      'An image has at most 1.5 MB.',
    ],
    ['a foreign room', { text: 'x', to: '#photos' }, 'You are not in #photos.'],
    ['nobody', { text: 'x', to: '@0123' }, 'This person has left the chat.'],
  ])('%s cannot be sent', async (_what, request, error) => {
    const { socket } = await enter('Ada', { rooms: ['#lobby'] });
    expect(await ask(socket, 'message', { to: '#lobby', ...request })).toMatchObject({ error });
  });

  test('images travel as bytes, and are asked for later', async () => {
    const ada = await enter('Ada', { rooms: ['#lobby'] });
    const grace = await enter('Grace', { rooms: ['#lobby'] });
    const data = Buffer.concat([PNG, Buffer.from([0, 255, 128])]);
    const heard = hears(grace.socket, 'message');
    const image = { data, width: 3, height: -1 };
    const { id } = await ask(ada.socket, 'message', { to: '#lobby', image });
    const kept = { type: 'image/png', bytes: data.length, width: 3, height: 0 };
    expect((await heard).image).toEqual({ ...kept, data });
    const { socket, welcome } = await enter('Linus', { rooms: ['#lobby'] });
    expect(welcome.rooms[0].messages[0]).toMatchObject({ id, text: '', image: kept });
    expect(welcome.rooms[0].messages[0].image).not.toHaveProperty('data');
    expect(await ask(socket, 'image', { to: '#lobby', id })).toEqual({
      ok: true,
      type: 'image/png',
      data,
    });
    expect(await ask(socket, 'image', { to: '#lobby', id: 7 })).toMatchObject({ code: 'image' });
  });

  test.each([
    ['image/jpeg', 'ffd8ff00'],
    ['image/gif', Buffer.from('GIF89a').toString('hex')],
    ['image/webp', Buffer.from('RIFF....WEBP').toString('hex')],
    [undefined, Buffer.from('RIFF').toString('hex')],
    [undefined, Buffer.from('RIFF....WAVE').toString('hex')],
  ])('%s is told by its first bytes', async (type, hex) => {
    const { socket } = await enter('Ada', { rooms: ['#lobby'] });
    const request = { to: '#lobby', image: { data: Buffer.from(hex, 'hex') } };
    const { ok, id } = await ask(socket, 'message', request);
    expect(ok).toBe(type !== undefined);
    if (ok) expect(await ask(socket, 'image', { to: '#lobby', id })).toMatchObject({ type });
  });

  test('the history has its bounds', async () => {
    const speakers = [];
    for (let i = 0; i < 11; i++) speakers.push(await enter(`Ada ${i}`, { rooms: ['#lobby'] }));
    const image = { data: Buffer.concat([PNG, Buffer.alloc(1_499_000)]) };
    /** @type {string[]} */
    const ids = [];
    for (let i = 0; i < 22; i++) {
      const { id } = await ask(speakers[i % 11].socket, 'message', { to: '#lobby', image });
      ids.push(id);
    }
    const reader = await enter('Grace', { rooms: ['#lobby'] });
    const look = (/** @type {string} */ id) => ask(reader.socket, 'image', { to: '#lobby', id });
    expect(await look(ids[0])).toMatchObject({ error: 'This image is no longer kept.' });
    expect((await look(ids[1])).data).toHaveLength(image.data.length);
    const more = [];
    for (let i = 0; i < 4; i++) more.push(await enter(`Grace ${i}`, { rooms: ['#lobby'] }));
    for (let i = 0; i < 40; i++) {
      await ask(more[i % 4].socket, 'message', { to: '#lobby', text: `${i}` });
    }
    const { messages } = (await enter('Linus', { rooms: ['#lobby'] })).welcome.rooms[0];
    expect(messages).toHaveLength(50);
    expect(messages[0].id).toBe(ids[12]);
    expect(await look(ids[11])).toMatchObject({ code: 'image' });
    expect(await look(ids[12])).toMatchObject({ ok: true });
  });

  test('rooms have their bounds, and a refused welcome leaves nobody behind', async () => {
    const names = (/** @type {string} */ of) => Array.from({ length: 12 }, (_, i) => `${of}${i}`);
    const full = await enter('Ada 0', { rooms: names('0-') });
    expect(await ask(full.socket, 'join', { room: 'one more' })).toMatchObject({
      error: 'You are in 12 rooms already: leave one first.',
    });
    for (const i of [1, 2, 3]) await enter(`Ada ${i}`, { rooms: names(`${i}-`) });
    const last = await connect();
    const request = { nick: 'Grace', rooms: names('4-') };
    expect(await ask(last, 'hello', request)).toMatchObject({
      error: 'There are enough rooms already: join one of them.',
    });
    expect(await ask(last, 'hello', { nick: 'Grace', rooms: ['#'] })).toMatchObject({
      code: 'room',
    });
    const gone = await hears(full.socket, 'directory', (rooms) => rooms.length === 3 + 48);
    expect(gone.map((/** @type {any} */ { name }) => name)).not.toContain('#4-0');
    expect(await ask(last, 'hello', { nick: 'Grace' })).toMatchObject({ ok: true });
  });

  test('a room vanishes with its last member, and its history too', async () => {
    const { socket } = await enter('Ada', { rooms: ['#mine'] });
    await ask(socket, 'message', { to: '#mine', text: 'a secret' });
    const vanished = hears(socket, 'directory', (rooms) => rooms.length === 3);
    expect(await ask(socket, 'leave', { room: 'mine' })).toEqual({ ok: true });
    await vanished;
    expect((await ask(socket, 'join', { room: 'mine' })).room.messages).toEqual([]);
  });

  test('two tabs are one person', async () => {
    const first = await enter('Ada', { token: TOKEN });
    const second = await enter('Ada', { token: TOKEN });
    const grace = await enter('Grace', { rooms: ['#lobby'] });
    await ask(first.socket, 'join', { room: '#lobby' });
    const heard = hears(second.socket, 'message');
    await ask(grace.socket, 'message', { to: '#lobby', text: 'to both' });
    expect(await heard).toMatchObject({ text: 'to both' });
    expect(await ask(grace.socket, 'hello', { nick: 'Eve', token: TOKEN })).toMatchObject({
      error: 'This connection belongs to someone else.',
    });
    expect(await ask(grace.socket, 'rename', { nick: 'ADA' })).toMatchObject({
      code: 'nick-taken',
      error: 'Someone here is already called Ada.',
    });
    const direct = hears(first.socket, 'message');
    const echo = hears(second.socket, 'message', ({ text }) => text === 'back');
    const to = `@${grace.welcome.me.id}`;
    await ask(grace.socket, 'message', { to: `@${idOf(TOKEN)}`, text: 'only you' });
    expect(await direct).toMatchObject({ text: 'only you', to: `@${idOf(TOKEN)}` });
    await ask(first.socket, 'message', { to, text: 'back' });
    expect(await echo).toMatchObject({ to });
  });

  test('who leaves on purpose is gone after a moment, and is remembered by a conversation', async () => {
    const ada = await enter('Ada', { rooms: ['#lobby'] });
    const grace = await enter('Grace', { token: TOKEN, rooms: ['#lobby'] });
    const { id } = grace.welcome.me;
    await ask(grace.socket, 'message', { to: `@${ada.welcome.me.id}`, text: 'farewell' });
    const away = hears(ada.socket, 'person', (person) => person.away);
    const gone = hears(ada.socket, 'person', (person) => person.gone);
    const alone = hears(ada.socket, 'people', ({ people }) => people.length === 1);
    grace.socket.disconnect();
    expect(await away).toEqual({ id, nick: 'Grace', away: true });
    expect(await gone).toEqual({ id, nick: 'Grace', away: true, gone: true });
    expect(await alone).toMatchObject({ room: '#lobby', people: [{ nick: 'Ada' }] });
    const token = ada.welcome.token;
    const { directs } = (await enter('Ada', { token })).welcome;
    expect(directs).toMatchObject([{ peer: { id, nick: 'Grace', gone: true } }]);
    expect(directs[0].messages).toMatchObject([{ text: 'farewell' }]);
  });

  test('a lost connection comes back with its rooms, and what it has missed', async () => {
    const ada = await enter('Ada', { rooms: ['#lobby'] });
    const grace = await enter('Grace', { token: TOKEN, rooms: ['#lobby'] });
    const before = hears(grace.socket, 'message'); // else she has missed it, too
    await ask(ada.socket, 'message', { to: '#lobby', text: 'before' });
    await before;
    const away = hears(ada.socket, 'people', ({ people }) => people[1].away);
    grace.socket.io.reconnection(false);
    grace.socket.io.engine.close();
    await away;
    const image = { data: PNG };
    await ask(ada.socket, 'message', { to: '#lobby', text: 'missed', image });
    const missed = hears(grace.socket, 'message');
    grace.socket.connect();
    expect(await missed).toMatchObject({ text: 'missed', image: { data: PNG } });
    const hello = { nick: 'Grace', token: TOKEN, rooms: ['#lobby'] };
    const welcome = await ask(grace.socket, 'hello', hello);
    expect(grace.socket.recovered).toBe(true);
    expect(welcome).toMatchObject({ rooms: [{ name: '#lobby', messages: [] }], directs: [] });
    expect(welcome.rooms[0].people[1]).toMatchObject({ nick: 'Grace', away: false });
  });

  test('typing is told to the others', async () => {
    const ada = await enter('Ada', { rooms: ['#lobby'] });
    const grace = await enter('Grace', { rooms: ['#lobby'] });
    const heard = hears(grace.socket, 'typing');
    expect(await ask(ada.socket, 'typing', { to: '#lobby', on: true })).toEqual({ ok: true });
    expect(await heard).toEqual({ to: '#lobby', from: ada.welcome.me, on: true });
    const direct = hears(grace.socket, 'typing');
    const to = `@${grace.welcome.me.id}`;
    await ask(ada.socket, 'typing', { to, on: 'yes' });
    expect(await direct).toEqual({ to, from: ada.welcome.me, on: false });
  });

  test('a flood is slowed down', async () => {
    const { socket } = await enter('Ada', { rooms: ['#lobby'] });
    const image = { data: PNG };
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(ask(socket, 'message', { to: '#lobby', image }));
    const [first, , third, fourth] = await Promise.all(answers);
    expect(first.ok).toBe(true);
    expect([third, fourth]).toContainEqual(expect.objectContaining({ code: 'slow-down' }));
    expect(fourth.error).toMatch(/^A little slower: wait [1-3] s\.$/);
  });

  test('the page and the browser client are served', async () => {
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("object-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await page.text()).toContain('<title>beast.io chat</title>');
    const client = await fetch(`http://127.0.0.1:${port}/socket.io/socket.io.js`);
    expect(await client.text()).toMatch(/^\/\*!\s+\* Socket\.IO/);
  });
});
