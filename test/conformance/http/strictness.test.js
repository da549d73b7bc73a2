/**
 * Raw requests that are broken, ambiguous or oversized. They go to Node's HTTP server with the engine
 * attached, and to the engine's own port. The latter answers with the same status, or is stricter where the
 * row says so. Each row is sent to the engine's path, where the I/O threads parse, and to another one, where
 * the connection is Node's.
 */
'use strict';

const {
  ATTACHED,
  ATTACHED_TLS,
  OWN_PORT,
  OWN_PORT_TLS,
  hasTls,
  startEngine,
} = require('../support/subjects');
const { Wire } = require('../support/wire');

const NOTHING = 0;

const ENGINE = '/engine.io/?EIO=4&transport=polling';
const OTHER = '/elsewhere';

/** A request whose header lines are given as they are sent. */
const get = (/** @type {string} */ lines) => (/** @type {string} */ target) =>
  `GET ${target} HTTP/1.1\r\nHost: x\r\n${lines}\r\n`;
const post =
  (/** @type {string} */ lines, body = '') =>
  (/** @type {string} */ target) =>
    `POST ${target} HTTP/1.1\r\nHost: x\r\n${lines}\r\n${body}`;
const chunked = (/** @type {string} */ body) => post('Transfer-Encoding: chunked\r\n', body);
const line = (/** @type {string} */ text) => (/** @type {string} */ target) =>
  `${text.replace('TARGET', target)}\r\nHost: x\r\n\r\n`;

/**
 * Name, the request of a target, and the status. Then the status of the own port for the engine's path, and
 * that of Node's server with TLS, where they are others.
 * @type {[string, (target: string) => string, number, number?, number?][]}
 */
const REFUSED = [
  // Smuggling: who speaks of two lengths, or of a length in two ways.
  [
    'length and chunks',
    post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    400,
  ],
  [
    'chunks and length',
    post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
    400,
  ],
  ['two lengths', post('Content-Length: 2\r\nContent-Length: 3\r\n', '4a'), 400],
  ['two equal lengths', post('Content-Length: 2\r\nContent-Length: 2\r\n', '4a'), 400],
  ['a list of lengths', post('Content-Length: 2, 2\r\n', '4a'), 400],
  ['a length with a plus', post('Content-Length: +2\r\n', '4a'), 400],
  ['a negative length', post('Content-Length: -1\r\n'), 400],
  ['a hexadecimal length', post('Content-Length: 0x2\r\n', '4a'), 400],
  ['a length of 2^64', post('Content-Length: 18446744073709551616\r\n'), 400],
  ['a space before the colon', post('Content-Length : 2\r\n', '4a'), 400],
  ['an unknown coding', post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'), 400],
  ['the identity coding', post('Transfer-Encoding: identity\r\n', '0\r\n\r\n'), 400],
  ['chunked, then gzip', post('Transfer-Encoding: chunked, gzip\r\n', '0\r\n\r\n'), 400],
  ['a vertical tab before chunked', post('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'), 400],
  [
    'chunked on HTTP/1.0',
    (target) => `POST ${target} HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
  ],
  ['chunk size 0x1', chunked('0x1\r\na\r\n0\r\n\r\n'), 400],
  ['a negative chunk size', chunked('-1\r\na\r\n0\r\n\r\n'), 400],
  ['a chunk size beyond 2^64', chunked('10000000000000000\r\na'), 400],
  ['a chunk without its end', chunked('1\r\naXX0\r\n\r\n'), 400],
  ['a chunk extension of 20 KB', chunked(`1;${'e'.repeat(20_000)}\r\n4\r\n0\r\n\r\n`), 413, 400],
  // Lines.
  ['bare LF', (target) => `GET ${target} HTTP/1.1\nHost: x\n\n`, 400],
  ['a folded header', get('A: b\r\n c\r\n'), 400],
  ['NUL in a value', get('A: \0\r\n'), 400],
  ['CR in a value', get('A: b\rc\r\n'), 400],
  ['no host', (target) => `GET ${target} HTTP/1.1\r\n\r\n`, 400],
  ['HTTP/1.2', line('GET TARGET HTTP/1.2'), 400],
  ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['a control byte in the target', line('GET TARGET\x01 HTTP/1.1'), 400],
  ['UTF-8 in the target', line('GET TARGET\xc3\xa9 HTTP/1.1'), 400],
  ['a method in lower case', line('get TARGET HTTP/1.1'), 400],
  // Sizes.
  ['a value of 17 KB', get(`A: ${'v'.repeat(17_000)}\r\n`), 431],
  ['a name of 17 KB', get(`${'n'.repeat(17_000)}: v\r\n`), 431],
  ['a target of 20 KB', line(`GET TARGET&${'t'.repeat(20_000)} HTTP/1.1`), 431],
  ['a line without an end', (target) => `GET ${target}&${'t'.repeat(20_000)}`, 431],
  ['10,000 cookies', get('Cookie: a=b\r\n'.repeat(10_000)), 431],
  // Node's TLS resets the connection for what it has not read yet, and its answer is lost.
  ['100,000 lines', get('a:\r\n'.repeat(100_000)), 431, 431, NOTHING],
];

/**
 * What is in order, or what only the own port refuses.
 * @type {[string, (target: string) => string, number, number?][]}
 */
const ACCEPTED = [
  ['a value of 9 KB', get(`A: ${'v'.repeat(9000)}\r\n`), 200],
  ['empty lines before the request', (target) => `\r\n\r\n${get('')(target)}`, 200],
  ['two hosts', get('Host: y\r\n'), 200, 400],
  ['2,500 headers', get('a:\r\n'.repeat(2500)), 200, 431],
  ['an unknown expectation', get('Expect: foo\r\n'), 417],
];

/**
 * All that comes back for a request on a separate connection, up to its end.
 * @param {import('../support/subjects').Running} running
 * @param {string} text
 */
async function answerOf({ place }, text) {
  const wire = await Wire.open(place);
  wire.write(Buffer.from(text, 'latin1'));
  const answer = (await wire.takeAll()).toString('latin1');
  wire.destroy();
  return answer.replace(/Date: .*\r\n/g, '');
}

/** The statuses of an answer, one after the other. @param {string} answer */
const statusesOf = (answer) =>
  answer === ''
    ? [NOTHING]
    : [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, code]) => Number(code));

describe.each([
  ['without TLS', ATTACHED, OWN_PORT],
  ['with TLS', ATTACHED_TLS, OWN_PORT_TLS],
])('%s', (_, attachedName, ownName) => {
  /** @type {import('../support/subjects').Running} */
  let attached;
  /** @type {import('../support/subjects').Running} */
  let ownPort;
  beforeAll(async () => {
    attached = await startEngine(attachedName);
    ownPort = await startEngine(ownName);
  });
  afterAll(() => Promise.all([attached.stop(), ownPort.stop()]));

  test.each(REFUSED)('%s', async (_name, request, status, own = status, withTls = status) => {
    const nodes = hasTls(attachedName) ? withTls : status;
    expect(statusesOf(await answerOf(attached, request(ENGINE)))).toEqual([nodes]);
    expect(statusesOf(await answerOf(ownPort, request(ENGINE)))).toEqual([own]);
    const [theirs, ours] = [attached, ownPort].map((door) => answerOf(door, request(OTHER)));
    // Node may have answered before it meets the fault.
    expect(statusesOf(await ours)[0]).toBe(statusesOf(await theirs)[0] || own);
  });

  test.each(ACCEPTED)('%s', async (_name, request, status, own = status) => {
    const last = (/** @type {string} */ target) =>
      request(target).replace('Host: x', 'Host: x\r\nConnection: close');
    expect(statusesOf(await answerOf(attached, last(ENGINE)))).toEqual([status]);
    expect(statusesOf(await answerOf(ownPort, last(ENGINE)))).toEqual([own]);
    expect(await answerOf(ownPort, last(OTHER))).toBe(await answerOf(attached, last(OTHER)));
  });
});
