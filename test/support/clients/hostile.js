/**
 * What hostile clients send, in conversations of one connection each. They send targets that are no URLs, odd
 * headers and queries, and bodies and frames of garbage. They send packets of Socket.IO in the wrong form or
 * state.
 */
'use strict';

const { connectTo } = require('../servers/doors');
const { frame, requestText, upgradeText } = require('./wire');

const QUERIES = [
  '',
  '?',
  '??EIO=4',
  '?EIO=constructor&transport=__proto__&sid=toString',
  '?EIO=4&transport=polling&sid=__proto__',
  '?EIO=4&transport=polling&__proto__=1&hasOwnProperty=2',
  '?EIO=4&transport=polling&transport=websocket&sid=',
  '?EIO=4&transport=polling&sid=%E0%A4%A&%&x=%ED%A0%80',
  '?EIO=4&transport=polling&j=%&b64=%00',
  '?EIO=3&transport=polling&j=__proto__',
  '?EIO=4&transport=polling&sid=\xff\xfe',
  '?EIO=4&transport=webtransport',
  '?EIO=4&transport=websocket&shown=%0d%0aSet-Cookie:%20a=b',
  `?EIO=4&transport=polling&sid=${'a'.repeat(5000)}`,
];
const TARGETS = (/** @type {string} */ path) => [
  ...QUERIES.map((query) => path + query),
  ...['//', '/\\', '//[', '//x:999999/'].map((odd) => `${odd}?EIO=4&transport=polling`),
  ...['%', '%00', 'socket.io.js%', 'socket.io.js?%', '../x', '__proto__'].map((it) => path + it),
  ...['*', 'x', 'http://[::1/', 'http://x:999999/socket.io/?EIO=4&transport=polling', '/%'],
];
/** @type {Record<string, string>[]} */
const HEADERS = [
  { Origin: '\xff\xfe' },
  { Origin: 'http://[\tx', 'Access-Control-Request-Headers': '\xff' },
  { Cookie: 'a=%; io=%E0%A4%A; __proto__=x' },
  { 'Accept-Encoding': '*;q=abc, __proto__, gzip;q=, ;;;' },
  { 'If-None-Match': '\xff', 'User-Agent': ';MSIE \xff' },
  { Expect: 'nonsense' },
  { Host: '[::' },
  { constructor: 'x', hasownproperty: 'y' },
  { 'Sec-WebSocket-Protocol': 'a,,\xff', 'Sec-WebSocket-Extensions': 'permessage-deflate; x="' },
  { 'Sec-WebSocket-Key': '\xff', 'Sec-WebSocket-Version': '__proto__' },
];
const deep = (/** @type {string} */ inner) => '['.repeat(9000) + inner + ']'.repeat(9000);
const PLACEHOLDER = '{"_placeholder":true,"num":0}';
/** Packets of Socket.IO, behind the digit of Engine.IO's message. */
const PACKETS = [
  ...['', 'x', ':', '9', '0{', '0"x"', '0null', '0[]', `0${deep('')}`, '1', '1{}', '4{}', '4"x"'],
  ...['0{"pid":{},"offset":[]}', '0{"pid":"__proto__","offset":"x"}', '0{"pid":1,"offset":null}'],
  ...[
    '2',
    '2[]',
    '2{}',
    '2[null]',
    '2[{}]',
    '2[1.5]',
    '2["error"]',
    '2["connect"]',
    '2["\\ud800"]',
  ],
  ...['2["__proto__",1]', '2["constructor",1]', '2["disconnecting"]', '2["newListener"]'],
  ...['2["x",1e999]', `2["x",${deep('')}]`, '2-1["x"]', `2${'9'.repeat(400)}["x"]`],
  ...['24294967295["x"]', '22147483648["x"]', '3', '3[]', '30{}', '34294967295[]', '3x[]'],
  ...[
    '5',
    '50-["x"]',
    '5-["x"]',
    '599999999999-["x"]',
    `61-0[${PLACEHOLDER}]`,
    `51-[${PLACEHOLDER}]`,
  ],
  ...['51-["x",{"_placeholder":true,"num":"__proto__"}]', `51-["x",${deep(PLACEHOLDER)}]`],
  ...[`51-["disconnect",${PLACEHOLDER}]`, `51-["x",${PLACEHOLDER}]`, '51-["x"]', '51["x"]'],
  ...['0/__proto__,', '0/chat?a=%,', '0//[,', '0//x:999999/x,', '0/\0,', `0/${'a'.repeat(9000)},`],
  ...['0/dynamic-%,{"a":1}', '2/dynamic-%,["x"]', '2/chat,["x"]', '2//[,["x"]', '2/chat', '1//[,'],
  ...[`2["x","${'y'.repeat(2000)}"]`, `2["connect","${'y'.repeat(2000)}"]`],
  ...[`24294967295["x","${'y'.repeat(2000)}"]`, `2//[,["x","${'y'.repeat(2000)}"]`],
];
/** Packets of Engine.IO. */
const TEXTS = [
  ...['', '0', '0{}', '1x', '2', '2probe', '3', '5', '6x', '7', 'x', 'b!', 'bAQI=', '\x1e', '\0'],
  ...PACKETS.map((packet) => `4${packet}`),
];
/** Payloads that are none. @type {(string | Buffer)[]} */
const PAYLOADS = [
  ...['0:', '1:', '-1:4', '99999999999999999999:4', ':', '3:4', 'd=', 'd=%', 'd=%ff', '\x1e\x1e'],
  ...[[0, 255], [1, 255, 255], [0, 1, 255, 52], [1, 9, 9, 9, 9, 9, 9, 9, 9, 255, 4], [255]].map(
    (bytes) => Buffer.from(bytes),
  ),
];

/** @typedef {[bytes: string | Uint8Array, isEnough?: (text: string) => boolean]} Step */

/**
 * Writes on a separate connection, one step after the other; the next one when enough has come back. The last
 * one waits for the end of the connection, unless it says what is enough.
 * @param {any} place
 * @param {Step[]} steps
 * @param {number} [patienceMs] for all of it; then the connection is broken
 * @returns {Promise<string>} all that has come back
 */
async function converse(place, steps, patienceMs = 5_000) {
  const { socket, carrier, readiness } = connectTo(place);
  for (const stream of [socket, carrier]) stream.on('error', () => {});
  const state = { text: '', isOver: false, changed: () => {} };
  const end = () => {
    state.isOver = true;
    state.changed();
  };
  socket.on('data', (chunk) => {
    state.text += chunk.toString('latin1');
    state.changed();
  });
  for (const event of ['end', 'close']) socket.on(event, end);
  const breakUp = () => {
    end();
    for (const stream of [socket, carrier]) stream.destroy();
  };
  const timer = setTimeout(breakUp, patienceMs);
  await new Promise((resolve) => socket.once(readiness, resolve).once('close', resolve));
  for (const [bytes, isEnough = () => false] of steps) {
    if (state.isOver) break;
    socket.write(bytes);
    while (!state.isOver && !isEnough(state.text)) {
      await new Promise((resolve) => (state.changed = () => resolve(undefined)));
    }
  }
  clearTimeout(timer);
  breakUp();
  return state.text;
}

/** @param {string} text */
const isAnswered = (text) => text.includes('\r\n\r\n');
/** A CONNECT was answered, with a protocol of either kind. @param {string} text */
const isConnected = (text) => text.includes('40{') || text.includes('\x0240');
const latin1 = (/** @type {string} */ text) => Buffer.from(text, 'latin1');
const CLOSE = { Connection: 'close' };

/**
 * @param {string} path
 * @returns {Generator<Step[]>}
 */
function* conversations(path) {
  for (const target of TARGETS(path)) {
    for (const method of ['GET', 'POST', 'OPTIONS', 'TRACE']) {
      yield [[latin1(requestText(method, target, CLOSE)), isAnswered]];
    }
    yield [[latin1(upgradeText(target)), isAnswered]];
  }
  const polling = `${path}?EIO=4&transport=polling`;
  for (const headers of HEADERS) {
    for (const target of [polling, `${path}socket.io.js`]) {
      yield [[latin1(requestText('GET', target, { ...CLOSE, ...headers })), isAnswered]];
    }
    yield [[latin1(upgradeText(`${path}?EIO=4&transport=websocket`, headers)), isAnswered]];
  }
  const bytes = frame(Buffer.from([4, 1]), { opcode: 2 });
  const end = frame('', { opcode: 8 });
  for (const protocol of [4, 3]) {
    const upgrade = latin1(upgradeText(`${path}?EIO=${protocol}&transport=websocket`));
    for (const text of TEXTS) {
      const messages = [frame(text), bytes, frame(text), frame('42["x"]'), end];
      yield [[Buffer.concat([upgrade, frame('40')]), isConnected], [Buffer.concat(messages)]];
      yield [[Buffer.concat([upgrade, ...messages])]];
    }
  }
}

/**
 * Bodies of POSTs, each in a separate session that is in the main namespace.
 * @param {any} place
 * @param {string} path
 */
function* posts(place, path) {
  for (const protocol of [4, 3]) {
    const open = `${path}?EIO=${protocol}&transport=polling`;
    const wrap = (/** @type {string} */ text) => (protocol === 4 ? text : `${text.length}:${text}`);
    for (const payload of [...TEXTS.map(wrap), ...PAYLOADS]) {
      yield async () => {
        const isOpen = (/** @type {string} */ text) => text.includes('maxPayload');
        const answer = await converse(place, [[requestText('GET', open, CLOSE), isOpen]]);
        const target = `${open}&sid=${/"sid":"([^"]+)"/.exec(answer)?.[1]}`;
        for (const body of [wrap('40'), payload])
          await converse(place, [[post(target, body), isAnswered]]);
        await converse(place, [[requestText('GET', target, CLOSE), isAnswered]]);
      };
    }
  }
}

/**
 * @param {string} target
 * @param {string | Buffer} body
 */
function post(target, body) {
  const type = typeof body === 'string' ? 'text/plain' : 'application/octet-stream';
  const length = `${Buffer.byteLength(body)}`;
  const headers = { ...CLOSE, 'Content-Type': type, 'Content-Length': length };
  return Buffer.concat([latin1(requestText('POST', target, headers)), Buffer.from(body)]);
}

/**
 * All that is done to a server.
 * @param {any} place
 * @param {string} path
 * @returns {Generator<() => Promise<unknown>>}
 */
function* attacks(place, path) {
  for (const steps of conversations(path)) yield () => converse(place, steps);
  yield* posts(place, path);
}

module.exports = { attacks, converse, isConnected };
