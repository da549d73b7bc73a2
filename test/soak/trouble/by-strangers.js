/** Trouble by clients that do not take part in the chat. All of it ends within seconds. */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { attacks } = require('../../support/clients/hostile');
const { frame, requestText, upgradeText } = require('../../support/clients/wire');
const { WEBSOCKET, ignore, withStrangers } = require('./strangers');

/** @typedef {import('./on-members').Troublemaker} Troublemaker */

const PATH = '/socket.io/';
const POLLING = `${PATH}?EIO=4&transport=polling`;
const CONVERSATIONS = 12;

/** No further conversation begins after so long. */
const CONVERSATIONS_MS = 20_000;
const MOST_READERS = 3;
const MOST_FLOOD = 40;
const READERS_MS = 4000;
const HALF_OPEN_MS = 6000;
const VISITORS = 15;

/** The beginning of a TLS handshake, whose rest does not come. */
const HALF_HELLO = Buffer.from('16030100c8010000c40303', 'hex');

const longPost = { 'Content-Type': 'text/plain', 'Content-Length': '5000' };
const webSocket = upgradeText(WEBSOCKET);

/** What is written before the silence, over TLS where there is TLS. */
const BEGINNINGS = [
  '',
  'GET /socket',
  'GET /socket.io/ HTTP/1.1\r\nHost: x\r\nX-Unfinished: ',
  requestText('POST', POLLING, longPost) + '40',
  requestText('GET', POLLING),
  webSocket.slice(0, -20),
  webSocket,
  Buffer.concat([Buffer.from(webSocket), frame('40').subarray(0, 3)]),
  Buffer.concat([Buffer.from(webSocket), frame('40'), frame('x'.repeat(999)).subarray(0, 500)]),
];

/** Connections that begin something and fall silent, at every door. @type {Troublemaker} */
async function halfOpen({ places }, random) {
  await withStrangers(async (strangers) => {
    for (const place of Object.values(places)) {
      strangers.raw(place).write(HALF_HELLO.subarray(0, random.integer(1, HALF_HELLO.length)));
      for (const beginning of random.shuffle(BEGINNINGS).slice(0, 4)) {
        const { socket } = await strangers.connect(place);
        ignore(socket);
        if (beginning.length > 0) socket.write(beginning);
      }
    }
    await delay(HALF_OPEN_MS);
  });
}

/** @type {Map<object, (() => Promise<unknown>)[]>} */
const attacksAt = new Map();

/** Conversations of hostile clients, and bytes by chance, at every door. @type {Troublemaker} */
async function garbage({ places }, random) {
  await withStrangers(async (strangers) => {
    const talks = Object.values(places).map(async (place) => {
      const raw = strangers.raw(place);
      raw.end(random.bytes(random.integer(1, 3000)));
      const { socket } = await strangers.connect(place);
      ignore(socket);
      socket.write(damaged(webSocket, random));
      socket.write(frame(random.bytes(random.integer(0, 200)), { rsv: random.integer(0, 7) }));
      socket.end(random.bytes(random.integer(1, 3000)));
      const all = attacksAt.get(place) ?? [...attacks(place, PATH)];
      attacksAt.set(place, all);
      // One after the other: some attack with a lot.
      const end = performance.now() + CONVERSATIONS_MS;
      for (let i = 0; i < CONVERSATIONS && performance.now() < end; i++) await random.pick(all)();
    });
    await Promise.all(talks);
  });
}

/**
 * @param {string} text
 * @param {import('../run/random').Random} random
 */
function damaged(text, random) {
  const bytes = Buffer.from(text);
  for (let i = 0; i < 3; i++) bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
  return bytes;
}

/** Clients that are sent much and read nothing. @type {Troublemaker} */
async function slowReaders({ places }, random) {
  await withStrangers(async (strangers) => {
    for (let i = random.integer(1, MOST_READERS); i > 0; i--) {
      const wire = await strangers.join(random.pick(Object.values(places)));
      wire.socket.pause();
      wire.write(frame(`42["flood",${random.integer(1, MOST_FLOOD)}]`));
    }
    await delay(READERS_MS);
  });
}

/** Clients that come and go at once, some without a farewell. @type {Troublemaker} */
async function visitors({ places }, random) {
  await withStrangers(async (strangers) => {
    const place = random.pick(Object.values(places));
    const visits = Array.from({ length: VISITORS }, async () => {
      const isPolite = random.next() < 0.5;
      const wire = await strangers.join(place);
      if (isPolite) wire.socket.end(frame('41'));
      else if (place.ca) wire.socket.destroy();
      else wire.socket.resetAndDestroy();
    });
    await Promise.all(visits);
  });
}

/** A handler that keeps the JavaScript thread for up to two seconds. @type {Troublemaker} */
async function blocks({ places }, random) {
  await withStrangers(async (strangers) => {
    const wire = await strangers.join(random.pick(Object.values(places)));
    wire.write(frame(`42["block",${random.integer(200, 2000)}]`));
    await delay(100); // until it is written
  });
}

module.exports = { blocks, garbage, halfOpen, slowReaders, visitors };
