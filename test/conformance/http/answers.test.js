/**
 * What the engine's own port answers, byte by byte beside Node's HTTP server with the engine attached. Only
 * the date and the id of the session may differ. Both hear the same bytes on one connection.
 */
'use strict';

const { upgradeHeaders, formatRequest } = require('../support/http');
const {
  ATTACHED,
  ATTACHED_TLS,
  OWN_PORT,
  OWN_PORT_TLS,
  startEngine,
} = require('../support/subjects');
const { Wire } = require('../support/wire');

const TARGET = '/engine.io/?EIO=4&transport=polling';

/** @param {Record<string, string>} [headers] @param {string} [target] */
const get = (headers, target = TARGET) => formatRequest('GET', target, headers);
const close = get({ Connection: 'close' });
/** @param {string} body */
const post = (body) => formatRequest('POST', `${TARGET}&sid=SID`, {}, body);
const large = { initialPacket: 'x'.repeat(2000) };

/**
 * Name, what the client sends (SID stands for the id of its session), and options of the engine.
 * @type {[string, (string | Buffer)[], any?][]}
 */
const TALKS = [
  ['a handshake', [close]],
  ['two handshakes on one connection', [get(), close]],
  ['two handshakes in one segment', [Buffer.concat([get(), close])]],
  ['a message', [get(), post('4a'), close], large],
  ['HEAD', [formatRequest('HEAD', TARGET), close]],
  ['a refusal', [get({}, '/engine.io/?EIO=4&transport=x'), close]],
  ['an unknown session', [get({}, `${TARGET}&sid=unknown`), close]],
  ['a method that opens no session', [formatRequest('PUT', TARGET, {}, 'a'), close]],
  ['PUT on a session', [get(), formatRequest('PUT', `${TARGET}&sid=SID`, {}, 'a'), close]],
  ['another path', [get({}, '/elsewhere'), close]],
  ['another path behind a handshake', [get(), get({ Connection: 'close' }, '/elsewhere')]],
  ['HTTP/1.0', [`GET ${TARGET} HTTP/1.0\r\n\r\n`]],
  [
    'HTTP/1.0 that keeps alive',
    [`GET ${TARGET} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`, close],
  ],
  [
    'a refusal on HTTP/1.0 that keeps alive',
    ['GET /engine.io/ HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'],
  ],
  [
    '100-continue',
    [get(), post('4a').toString().replace('Host', 'Expect: 100-continue\r\nHost'), close],
  ],
  ['an old Internet Explorer', [get({ Connection: 'close', 'User-Agent': 'Mozilla (;MSIE 8)' })]],
  ['cookie: true', [close], { cookie: true }],
  [
    'a cookie with options',
    [close],
    { cookie: { name: 'a', path: '/x', maxAge: 60, sameSite: 'strict' } },
  ],
  [
    'an upgrade',
    [get({ ...upgradeHeaders(), Connection: 'Upgrade, close' }, '/engine.io/?EIO=4&transport=x')],
  ],
  [
    'an upgrade elsewhere',
    [get({ ...upgradeHeaders() }, '/elsewhere')],
    { destroyUpgradeTimeout: 10 },
  ],
  [
    'an upgrade where there are no WebSockets',
    [get(upgradeHeaders()), close],
    { transports: ['polling'] },
  ],
];

/**
 * @param {import('../support/subjects').Running} running
 * @param {(string | Buffer)[]} messages
 */
async function talk(running, messages) {
  const wire = await Wire.open(running.place);
  let text = '';
  let sid = '';
  for (const [index, message] of messages.entries()) {
    wire.write(message.toString().replace('SID', sid));
    const isLast = index === messages.length - 1;
    text += isLast ? await wire.takeAll() : await wire.takeThrough('\r\n\r\n');
    if (!isLast)
      text += await restOfAnswer(wire, text.slice(text.lastIndexOf('HTTP/1.1')), message);
    sid = /"sid":"([^"]+)"/.exec(text)?.[1] ?? sid;
  }
  wire.destroy();
  const sids = [...text.matchAll(/"sid":"([^"]+)"/g)].map(([, found]) => found);
  return sids.reduce(
    (masked, found) => masked.replaceAll(found, '<sid>'),
    text.replace(/Date: .{29}\r\n/g, 'Date\r\n'),
  );
}

/**
 * The body of an answer whose head has been read.
 * @param {Wire} wire
 * @param {string} head
 * @param {string | Buffer} request
 */
async function restOfAnswer(wire, head, request) {
  if (head.includes(' 100 ')) return wire.takeThrough('\r\n\r\nok');
  if (request.toString().startsWith('HEAD')) return '';
  if (head.includes('chunked')) return wire.takeThrough('0\r\n\r\n');
  return wire.take(Number(/Content-Length: (\d+)/.exec(head)?.[1]));
}

describe.each([
  ['without TLS', [ATTACHED, OWN_PORT]],
  ['with TLS', [ATTACHED_TLS, OWN_PORT_TLS]],
])('%s', (_, subjects) => {
  test.each(TALKS)('%s', async (...[, messages, opts]) => {
    const texts = [];
    for (const name of subjects) {
      const running = await startEngine(name, { ...opts }, { keepAliveTimeout: 5000 });
      texts.push(await talk(running, messages).finally(() => running.stop()));
    }
    expect(texts[1]).toBe(texts[0]);
  });
});
