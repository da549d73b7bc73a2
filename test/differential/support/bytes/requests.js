/**
 * HTTP requests as bytes. A session that a plan is to open is named `<sid 0>`, `<sid 1>`, … in their heads,
 * in the order of opening. Whoever plays the plan fills the ids in.
 */
'use strict';

/** @typedef {import('./byte-dice').ByteDice} Dice */
/**
 * @typedef {object} Form
 * @property {string} [method]
 * @property {string} target
 * @property {[name: string, value: string][]} [headers]
 * @property {Buffer} [body]
 */

const ODD_TRANSPORTS = [
  '',
  'Polling',
  'webtransport',
  '__proto__',
  'constructor',
  'poll%69ng',
  'x',
];
const ODD_REVISIONS = ['', '3', '5', '04', '4.0', '%34', 'x'];
const ODD_SIDS = [
  '',
  'nobody',
  '__proto__',
  'constructor',
  'a%00b',
  '%20',
  '%zz',
  'AAAAAAAAAAAAAAAAAAAA',
];
const EXTRAS = [
  't=abc',
  'x',
  '=',
  '&',
  'a=b=c',
  '__proto__=1',
  'a+b=c%20d',
  'e=%e2%82%ac',
  'f=%ff',
  't=1&t=2',
];

/**
 * A query string.
 * @param {Dice} dice
 * @param {Record<string, string | undefined>} wanted
 * @param {number} oddness probability that a part of it is odd
 */
function query(dice, wanted, oddness = 0.03) {
  const parts = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const spelt = parts.flatMap(([name, value]) => {
    if (!dice.likely(oddness)) return [`${name}=${value}`];
    const odd = { transport: ODD_TRANSPORTS, EIO: ODD_REVISIONS, sid: ODD_SIDS }[name] ?? [''];
    return dice.oneOf([
      [4, [`${name}=${dice.pick(odd)}`]],
      [1, []],
      [1, [`${name}=${dice.pick(odd)}`, `${name}=${value}`]],
      [1, [`${name}=${value}`, `${name}=${dice.pick(odd)}`]],
      [1, [name]],
      [1, [`${name[0]}%${name.charCodeAt(1).toString(16)}${name.slice(2)}=${value}`]],
    ]);
  });
  if (dice.likely(0.2)) spelt.splice(dice.number(spelt.length + 1), 0, dice.pick(EXTRAS));
  if (dice.likely(0.2)) spelt.reverse();
  return spelt.join('&') + (dice.likely(0.01) ? '#fragment' : '');
}

/**
 * Headers that any client may add.
 * @param {Dice} dice
 * @returns {[string, string][]}
 */
function commonHeaders(dice) {
  /** @type {[string, string][]} */
  const headers = [];
  const maybe = (
    /** @type {number} */ probability,
    /** @type {string} */ name,
    /** @type {string[]} */ values,
  ) => {
    if (dice.likely(probability)) headers.push([name, dice.pick(values)]);
  };
  maybe(0.3, 'Origin', [
    'http://a.example',
    'null',
    '',
    'http://b.example',
    'a\tb',
    'http://c.example',
  ]);
  maybe(0.3, 'Accept-Encoding', [
    'gzip',
    'deflate',
    'gzip, deflate',
    'br',
    '*',
    'gzip;q=0',
    'identity',
    '',
  ]);
  maybe(0.15, 'User-Agent', ['x', 'Mozilla/5.0;MSIE 10', 'a Trident/7.0', ';MSIE', '']);
  maybe(0.15, 'Cookie', ['a=b', 'io=x', 'a=b; c=d']);
  maybe(0.05, 'X-Twice', ['1']);
  if (dice.likely(0.05)) headers.push(['x-twice', '2']);
  maybe(0.05, 'Referer', ['http://x/', '']);
  if (dice.likely(0.03)) headers.push(['Origin', 'http://second.example']);
  if (dice.likely(0.03)) headers.push(['Cookie', 'second=1']);
  maybe(0.04, 'Access-Control-Request-Method', ['POST']);
  maybe(0.03, 'Upgrade', ['h2c', 'websocket']); // without its Connection: nothing to upgrade
  return headers;
}

/**
 * The bytes of a request.
 * @param {Dice} dice
 * @param {Form} form
 * @param {{ version?: string, hostless?: boolean }} [how]
 */
function format(
  dice,
  { method = 'GET', target, headers = [], body },
  { version = '1.1', hostless = false } = {},
) {
  const lines = hostless ? [] : [[dice.pick(['Host', 'host']), 'localhost']];
  lines.push(...headers);
  let coded = body ?? Buffer.alloc(0);
  if (body !== undefined) {
    if (version === '1.1' && dice.likely(0.2)) {
      lines.push(['Transfer-Encoding', 'chunked']);
      coded = chunked(dice, body);
    } else {
      lines.push([dice.pick(['Content-Length', 'content-length']), String(body.length)]);
    }
  }
  if (dice.likely(0.1)) lines.reverse();
  const space = () =>
    dice.oneOf([
      [20, ' '],
      [1, ''],
      [1, '\t'],
      [1, '  '],
    ]);
  const head = lines.map(
    ([name, value]) => `${name}:${space()}${value}${dice.likely(0.02) ? ' ' : ''}\r\n`,
  );
  return Buffer.concat([
    Buffer.from(`${method} ${target} HTTP/${version}\r\n${head.join('')}\r\n`, 'latin1'),
    coded,
  ]);
}

/**
 * @param {Dice} dice
 * @param {Buffer} body
 */
function chunked(dice, body) {
  const chunks = body.length === 0 ? [] : dice.cut(body);
  const extension = () => (dice.likely(0.05) ? ';a=b' : '');
  const coded = chunks.map((chunk) =>
    Buffer.concat([
      Buffer.from(`${chunk.length.toString(16)}${extension()}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]),
  );
  return Buffer.concat([...coded, Buffer.from('0\r\n\r\n')]);
}

const OFFERS = [
  'permessage-deflate',
  'permessage-deflate; client_max_window_bits',
  'permessage-deflate; server_no_context_takeover; client_no_context_takeover',
  'permessage-deflate; server_max_window_bits=10, permessage-deflate',
  'permessage-deflate; server_max_window_bits=16',
  'permessage-deflate; x=1',
  'x-unknown, permessage-deflate',
  'permessage-deflate;;',
  'x-unknown; a="b"',
];

/**
 * The headers of an upgrade to WebSocket.
 * @param {Dice} dice
 * @param {number} oddness probability that one of them is odd
 * @returns {[string, string][]}
 */
function upgradeHeaders(dice, oddness = 0.03) {
  /** @type {[string, string][]} */
  const headers = [];
  const add = (
    /** @type {string} */ name,
    /** @type {string} */ value,
    /** @type {string[]} */ odd,
  ) => {
    if (!dice.likely(oddness)) headers.push([name, value]);
    else if (dice.likely(0.8)) headers.push([name, dice.pick(odd)]);
  };
  add('Connection', 'Upgrade', ['upgrade', 'keep-alive, Upgrade', 'Upgrade, close', 'keep-alive']);
  add('Upgrade', 'websocket', ['WebSocket', 'WEBSOCKET', 'h2c', 'websocket, h2c', '']);
  add('Sec-WebSocket-Version', '13', ['8', '12', '13, 8', '']);
  add('Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==', [
    'short',
    '',
    'dGhlIHNhbXBsZSBub25jZQ',
    '=='.repeat(12),
  ]);
  if (dice.likely(0.15)) headers.push(['Sec-WebSocket-Extensions', dice.pick(OFFERS)]);
  if (dice.likely(0.1))
    headers.push(['Sec-WebSocket-Protocol', dice.pick(['a', 'b, a', 'a,,b', 'a, a', '', ' a '])]);
  return [...headers, ...commonHeaders(dice)];
}

/**
 * Whether Node takes a request for an upgrade.
 * @param {[string, string][]} headers
 */
function isUpgrade(headers) {
  const has = (/** @type {string} */ name, /** @type {RegExp} */ form) =>
    headers.some(([key, value]) => key === name && form.test(value));
  return has('Connection', /upgrade/i) && has('Upgrade', /./);
}

module.exports = { commonHeaders, format, isUpgrade, query, upgradeHeaders };
