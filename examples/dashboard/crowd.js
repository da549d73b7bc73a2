/**
 * The clients of the demo, 42 at most. Some talk in waves, some come and go, a few are far away. One stops reading
 * for a while. A worker of server.js.
 */
'use strict';

const { workerData } = require('node:worker_threads');
const { io: connect } = require('socket.io-client');

/** @type {{ url: string, ROOMS: string[] }} */
const { url, ROOMS } = workerData;

const TALKERS = 28;
const GUESTS = 8;
const FAR = 4;
const STEP_MS = 200;
const WAVE_MS = 45_000;
const VISIT_MS = 20_000;
const SLOW_MS = 15_000;
const AWAY_MS = 500;

/** @param {string} nsp @param {string[]} transports */
const open = (nsp, transports) => connect(url + nsp, { forceNew: true, transports });

/** @param {any} client @returns {import('node:net').Socket | undefined} of its WebSocket */
const streamOf = (client) => client.io.engine?.transport?.ws?._socket;

/** Early rooms are chosen more often. */
const someRoom = () => ROOMS[Math.floor(Math.random() ** 2 * ROOMS.length)];

/** @param {any} client that talks while it is connected, more and less in turn */
function talk(client) {
  const room = someRoom();
  client.on('connect', () => client.emit('join', room));
  setInterval(() => {
    const wave = 0.5 + 0.5 * Math.sin((2 * Math.PI * Date.now()) / WAVE_MS);
    const text = 'x'.repeat(20 + Math.random() * 200);
    if (client.connected && Math.random() < 0.15 + 0.7 * wave) client.emit('say', room, text);
  }, STEP_MS);
}

for (let i = 0; i < TALKERS; i += 1) {
  const transports = i % 7 === 0 ? ['polling'] : ['websocket'];
  talk(open(i % 5 === 0 ? '/games' : '/', transports));
}

for (let i = 0; i < GUESTS; i += 1) {
  const guest = open('/', ['websocket']);
  talk(guest);
  setInterval(
    () => (guest.connected ? guest.disconnect() : guest.connect()),
    VISIT_MS * (0.5 + Math.random()),
  );
}

// What comes is read late, so an answer is late, too.
for (let i = 1; i <= FAR; i += 1) {
  const far = open('/', ['websocket']);
  talk(far);
  setInterval(() => {
    const stream = streamOf(far);
    stream?.pause();
    setTimeout(() => stream?.resume(), AWAY_MS * (i / (FAR + 1)));
  }, AWAY_MS);
}

const viewers = [open('/', ['websocket']), open('/', ['websocket'])];
for (const viewer of viewers) viewer.on('connect', () => viewer.emit('join', 'film'));
let isReading = true;
setInterval(() => {
  isReading = !isReading;
  if (isReading) streamOf(viewers[0])?.resume();
  else streamOf(viewers[0])?.pause();
}, SLOW_MS);

// Somebody asks for a session that is not there.
setInterval(() => {
  fetch(`${url}/socket.io/?EIO=4&transport=polling&sid=none`).catch(() => {});
}, VISIT_MS);
