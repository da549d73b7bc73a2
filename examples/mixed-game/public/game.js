/**
 * The page: it draws the arena, sends where the player heads, and plots how fast the server is.
 */

/* global uPlot */

const SIZE = 1000;
const SCALE = 60; // of places on the wire
const GONE = 65_535;
const PING_MS = 250;
const PLOTTED = 120;

const $ = (selector) => document.querySelector(selector);
const canvas = $('#arena');
const context = canvas.getContext('2d');

/** By slot: where a player is drawn, and where he is. */
const players = new Map();
/** By slot, the id of the socket. */
const ids = new Map();
const names = new Map();
let coins = [];
let changes = 0;
let socket;

// What comes.

function onChanges(bytes) {
  changes += 1;
  const view = new DataView(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
  const count = view.getUint16(0, true);
  let at = 2;
  for (let i = 0; i < count; i += 1, at += 6) {
    const slot = view.getUint16(at, true);
    const x = view.getUint16(at + 2, true);
    if (x === GONE) {
      players.delete(slot);
      continue;
    }
    const place = { x: x / SCALE, y: view.getUint16(at + 4, true) / SCALE };
    const player = players.get(slot);
    if (player) player.is = place;
    else players.set(slot, { is: place, drawn: { ...place } });
  }
  if (at === bytes.byteLength) return;
  coins = [];
  for (; at < bytes.byteLength; at += 4) {
    coins.push({ x: view.getUint16(at, true) / SCALE, y: view.getUint16(at + 2, true) / SCALE });
  }
}

function onScores(scores, count, lateness) {
  $('#scores').replaceChildren(
    ...scores.map(([name, score]) => {
      const row = document.createElement('li');
      row.textContent = `${name} — ${score}`;
      return row;
    }),
  );
  $('#players').textContent = `${count} players, steps ${(lateness / 1000).toFixed(1)} ms late`;
}

function onChat(name, text) {
  const line = document.createElement('li');
  const who = document.createElement('strong');
  who.textContent = `${name} `;
  line.append(who, text);
  $('#lines').append(line);
  line.scrollIntoView();
}

function play(name) {
  socket = io({ auth: { name } });
  socket.on('connect', () => {
    players.clear();
    ids.clear();
    $('#login').hidden = true;
    canvas.focus();
  });
  socket.on('connect_error', (error) => {
    $('#login').hidden = false;
    $('[role=alert]').textContent = error.message;
  });
  socket.on('changes', onChanges);
  socket.on('entered', (slot, id) => ids.set(slot, id));
  socket.on('names', (list) => list.forEach(([id, who]) => names.set(id, who)));
  socket.on('scores', onScores);
  socket.on('chat', onChat);
}

$('#login').addEventListener('submit', (event) => {
  event.preventDefault();
  socket?.disconnect();
  play(event.target.name.value.trim());
});
$('#chat').addEventListener('submit', (event) => {
  event.preventDefault();
  socket?.emit('chat', event.target.text.value);
  event.target.reset();
});

// Where the player heads.

const KEYS = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};
const pressed = new Set();
let heading = [0, 0];

function head(x, y) {
  if (heading[0] === x && heading[1] === y) return;
  heading = [x, y];
  socket?.emit('move', x, y);
}

function onKey(event, isDown) {
  if (!(event.key in KEYS) || event.target.tagName === 'INPUT') return;
  event.preventDefault();
  if (isDown) pressed.add(event.key);
  else pressed.delete(event.key);
  const sum = (axis) => [...pressed].reduce((total, key) => total + KEYS[key][axis], 0);
  head(sum(0), sum(1));
}

addEventListener('keydown', (event) => onKey(event, true));
addEventListener('keyup', (event) => onKey(event, false));

let origin;
canvas.addEventListener('pointerdown', (event) => {
  origin = event;
  canvas.setPointerCapture(event.pointerId);
});
canvas.addEventListener('pointermove', (event) => {
  if (!origin) return;
  const [x, y] = [event.clientX - origin.clientX, event.clientY - origin.clientY];
  const length = Math.hypot(x, y);
  if (length > 8) head(Math.round((x / length) * 8) / 8, Math.round((y / length) * 8) / 8);
});
for (const end of ['pointerup', 'pointercancel']) {
  canvas.addEventListener(end, () => {
    origin = undefined;
    head(0, 0);
  });
}

// What is drawn.

function draw() {
  const scale = (canvas.clientWidth * devicePixelRatio) / SIZE;
  if (canvas.width !== Math.round(SIZE * scale)) {
    canvas.width = canvas.height = Math.round(SIZE * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, SIZE, SIZE);
  context.fillStyle = '#f4c542';
  for (const { x, y } of coins) dot(x, y, 7);
  context.font = '14px system-ui';
  context.textAlign = 'center';
  const few = players.size < 80;
  for (const [slot, player] of players) {
    const { is, drawn } = player;
    drawn.x += (is.x - drawn.x) * 0.35;
    drawn.y += (is.y - drawn.y) * 0.35;
    const id = ids.get(slot);
    const isOwn = id !== undefined && id === socket?.id;
    context.fillStyle = isOwn ? '#5cc8b0' : `hsl(${(slot * 47) % 360} 55% 62%)`;
    dot(drawn.x, drawn.y, isOwn ? 12 : 9);
    const name = names.get(id);
    if (name && (few || isOwn)) context.fillText(name, drawn.x, drawn.y - 16);
  }
  document.body.dataset.players = players.size;
  requestAnimationFrame(draw);
}

function dot(x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

requestAnimationFrame(draw);

// How fast the server is.

function plot(element, unit) {
  const axis = { stroke: '#93a1ab', grid: { stroke: '#2c363e' }, size: 56 };
  const chart = new uPlot(
    {
      width: element.clientWidth || 280,
      height: 90,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_chart, _min, max) => [0, Math.max(max, 1)] } },
      axes: [{ show: false }, { ...axis, values: (_chart, values) => values.map((v) => v + unit) }],
      series: [{}, { stroke: '#5cc8b0', width: 2, fill: '#5cc8b022' }],
    },
    [[], []],
    element,
  );
  const values = [];
  new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: 90 })).observe(
    element,
  );
  return (value) => {
    values.push(value);
    if (values.length > PLOTTED) values.shift();
    chart.setData([values.map((_value, index) => index), [...values]]);
  };
}

addEventListener('load', () => {
  const plotLatency = plot($('#latency-plot'), ' ms');
  const plotRate = plot($('#rate-plot'), '');
  setInterval(async () => {
    if (!socket?.connected) return;
    const begin = performance.now();
    await socket
      .timeout(5000)
      .emitWithAck('ping')
      .catch(() => {});
    const ms = performance.now() - begin;
    $('#latency').textContent = `${ms.toFixed(1)} ms`;
    plotLatency(ms);
  }, PING_MS);
  let since = performance.now();
  setInterval(() => {
    const now = performance.now();
    const rate = Math.round((changes * 1000) / (now - since));
    since = now;
    changes = 0;
    if (!socket?.connected) return;
    $('#rate').textContent = `${rate}`;
    plotRate(rate);
  }, 1000);
});
