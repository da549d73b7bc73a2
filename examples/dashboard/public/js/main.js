/** The page: what comes each second is kept, and shown in charts, tables and a sentence. */

import { BarChart, TimeChart } from './charts.js';
import { connect, setState } from './connection.js';
import * as format from './format.js';
import { History, roundTripsOf } from './history.js';
import { fill } from './tables.js';
import { isCutOrRefusal, troublesOf, wordsOf } from './troubles.js';
import { verdictOf } from './verdict.js';

const SILENT_INTERVALS = 4;
const FEWEST_BARS = 8;
/** Less than this makes no full bar in the table of slow clients. */
const FULL_BAR_BYTES = 1e6;
const FULL_BAR_MS = 100;
/** What IPv4 addresses begin with on a socket for both. */
const MAPPED = /^::ffff:/;
const SMALL = [0.1, 0.2, 0.5];

const $ = (id) => document.getElementById(id);

function createCharts() {
  const parent = $('charts');
  const chart = (title, text, least, keys, more) => {
    const colors = ['blue', 'orange', 'violet'];
    const named = Object.entries(keys).map(([name, of], i) => ({ name, of, color: colors[i] }));
    return new TimeChart(parent, { title, format: text, least, keys: named, ...more });
  };
  const { rate, bytesPerSecond, count, milliseconds, bytes } = format;
  const charts = {
    messages: chart('Messages per second', rate, 10, {
      in: ({ rates }) => rates.messagesIn,
      out: ({ rates }) => rates.messagesOut,
    }),
    bytes: chart('Bytes per second', bytesPerSecond, 1000, {
      in: ({ rates }) => rates.bytesIn,
      out: ({ rates }) => rates.bytesOut,
    }),
    clients: chart('Clients', count, 4, {
      WebSocket: ({ clients }) => clients.websocket,
      polling: ({ clients }) => clients.polling,
      WebTransport: ({ clients }) => clients.webtransport,
    }),
    delay: chart(
      'Event loop: later than due',
      milliseconds,
      5,
      {
        median: ({ delay }) => delay?.p50 ?? null,
        '99 %': ({ delay }) => delay?.p99 ?? null,
        max: ({ delay }) => delay?.max ?? null,
      },
      { increments: [...SMALL, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] },
    ),
  };
  charts.roundTrips = new BarChart(parent, {
    title: 'Round trips of heartbeats, in ms',
    keys: [
      { name: 'half are within', color: 'blue' },
      { name: '99 % are within', color: 'blue' },
    ],
  });
  charts.waiting = chart('Waiting bytes', bytes, 1000, {
    'for clients': ({ waiting }) => waiting.clients,
    'for JavaScript': ({ waiting }) => waiting.javascript,
  });
  charts.busy = chart(
    'JavaScript in handlers',
    format.percent,
    0.2,
    { 'of its time': ({ busy }) => busy },
    { increments: [0.05, 0.1, 0.2, 0.25, 0.5] },
  );
  charts.memory = chart('Memory of the process', bytes, 1e6, {
    resident: ({ memory }) => memory.rss,
    'heap in use': ({ memory }) => memory.heapUsed,
    external: ({ memory }) => memory.external,
  });
  return charts;
}

function showRoundTrips(chart, sample, ago, span) {
  const { buckets, sum, isRecent, p50, p99 } = roundTripsOf(sample.roundTrips, ago.roundTrips);
  const label = (bucket) => {
    if (bucket === 'Infinity') return 'more';
    return Number(bucket) >= 1000 ? `${Number(bucket) / 1000} s` : bucket;
  };
  const last = buckets.findLastIndex(([, number]) => number > 0);
  const bars = buckets.slice(0, Math.max(last + 2, FEWEST_BARS));
  const bound = (ms) => (Number.isFinite(ms) ? format.milliseconds(ms) : '> 10 s');
  chart.show({
    bars: bars.map(([bucket, number]) => [label(bucket), number]),
    values: sum === 0 ? ['–', '–'] : [bound(p50), bound(p99)],
    note:
      sum === 0
        ? 'None yet: clients are asked every pingInterval.'
        : `${format.count(sum)} answers ${isRecent ? span : 'since the server’s start'}`,
  });
}

function showLists({ slow = [], namespaces = [], survey, hasLookFailed, at }) {
  const none = (text) => {
    if (hasLookFailed) return 'The server could not look. It has printed why.';
    return survey ? text : 'The server is still looking…';
  };
  const mostWaiting = Math.max(FULL_BAR_BYTES, ...slow.map(({ waiting }) => waiting));
  const mostRtt = Math.max(FULL_BAR_MS, ...slow.map(({ rtt }) => rtt ?? 0));
  fill(
    'slow',
    slow.map(({ nsp, id, address, transport, waiting, rtt }) => [
      {
        text: id,
        kind: 'code',
        title: `${id} in ${nsp}, ${address || 'no address'}, ${transport}`,
      },
      {
        text: address ? `${address.replace(MAPPED, '')} by ${transport}` : transport,
        kind: 'wide',
      },
      { text: format.bytes(waiting), kind: 'number bar', share: waiting / mostWaiting },
      {
        text: rtt === null ? '–' : format.milliseconds(rtt),
        kind: 'number bar',
        share: (rtt ?? 0) / mostRtt,
      },
    ]),
    none('Nobody is slow.'),
  );
  const rooms = namespaces.flatMap(({ nsp, rooms: list }) =>
    list.map(({ name, size }) => ({ nsp, name, size })),
  );
  const largest = Math.max(1, ...rooms.map(({ size }) => size));
  fill(
    'rooms',
    rooms.map(({ nsp, name, size }) => [
      { text: name, kind: 'code', title: `${name} in ${nsp}` },
      { text: nsp, kind: 'code' },
      { text: format.whole(size), kind: 'number bar', share: size / largest },
    ]),
    none('There is no room.'),
  );
  const age = survey ? Math.round((at - survey.at) / 1000) : 0;
  const sockets = namespaces.map(({ nsp, sockets: number }) => `${nsp} has ${number} sockets`);
  $('rooms-caption').textContent =
    sockets.slice(0, 3).join(', ') + (age > 2 ? ` — ${age} s ago` : '');
}

function showTroubles(troubles, span) {
  $('trouble-caption').textContent = `Recent: ${span}. All: since the server’s start`;
  fill(
    'trouble',
    troubles.map(({ path, all, recent }) => [
      { text: wordsOf(path), title: path },
      { text: format.whole(recent), kind: 'number' },
      { text: format.whole(all), kind: 'number' },
    ]),
    'None since the server’s start.',
  );
}

function showVerdict({ level, headline, remarks = [] }) {
  $('verdict').dataset.level = level;
  $('headline').textContent = headline;
  $('remarks').replaceChildren(
    ...remarks.map((text) => Object.assign(document.createElement('li'), { textContent: text })),
  );
}

function show(charts, history) {
  const sample = history.samples.at(-1);
  const { minuteAgo: ago, span } = history;
  const { totals, socketio, watchers } = sample;
  const { whole, bytes } = format;
  const notes = {
    messages: `${whole(totals.messagesIn)} in, ${whole(totals.messagesOut)} out since the start`,
    bytes: `${bytes(totals.bytesIn)} in, ${bytes(totals.bytesOut)} out since the start`,
    clients:
      `${whole(totals.came - ago.totals.came)} came, ${whole(totals.left - ago.totals.left)} ` +
      `left ${span}; ${whole(socketio.sockets)} sockets`,
    delay: 'over the last 10 seconds',
    waiting: `${whole(totals.dropped)} volatile messages dropped since the start`,
    busy: 'what is awaited does not count',
    memory: `${whole(socketio.rooms)} rooms, ${whole(socketio.namespaces)} namespaces`,
  };
  const { samples, window } = history;
  for (const [name, note] of Object.entries(notes)) {
    charts[name].show({ samples, window, clock: format.clock, note });
  }
  showRoundTrips(charts.roundTrips, sample, ago, span);
  showLists(sample);
  const troubles = troublesOf(sample.trouble, ago.trouble);
  showTroubles(troubles, span);
  const counted = troubles.filter(({ path }) => isCutOrRefusal(path));
  const sum = counted.reduce((all, { recent }) => all + recent, 0);
  showVerdict(verdictOf(sample, sum, span));
  $('watchers').textContent = watchers === 1 ? 'only you look' : `${watchers} look`;
}

/** Numbers that cannot be shown are not numbers of a server that is well. */
function showFailure(error) {
  console.error(error);
  setState('broken');
  showVerdict({ level: 'bad', headline: 'This page is broken.', remarks: [String(error)] });
}

async function start() {
  const config = await (await fetch('config.json')).json();
  $('host').textContent = location.host;
  document.title = `${location.host} — dashboard`;
  const charts = createCharts();
  const history = new History();
  const socket = connect(config);
  let heard = performance.now();
  const isSilent = () => performance.now() - heard >= SILENT_INTERVALS * config.interval;
  const refresh = () => {
    if (document.hidden || !socket.connected || isSilent() || history.samples.length === 0) return;
    try {
      show(charts, history);
      setState('live');
    } catch (error) {
      showFailure(error);
    }
  };
  socket.on('connect', () => {
    heard = performance.now();
    showVerdict({ level: 'wait', headline: 'Waiting for numbers…' });
  });
  socket.on('disconnect', () => {
    showVerdict({ level: 'wait', headline: 'The server is lost. These are old numbers.' });
  });
  socket.on('sample', (sample) => {
    heard = performance.now();
    history.add(sample, config.interval);
    requestAnimationFrame(refresh);
  });
  document.addEventListener('visibilitychange', refresh);
  // A server that is blocked says nothing, and the connection stays.
  setInterval(() => {
    if (!socket.connected || !isSilent() || document.body.dataset.state === 'silent') return;
    setState('silent');
    showVerdict({ level: 'wait', headline: 'The server says nothing. These are old numbers.' });
  }, config.interval);
}

start().catch(showFailure);
