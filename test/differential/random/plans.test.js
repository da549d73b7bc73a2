/**
 * Plans written by hand, in the form of those that dice make (support/bytes): what those have found, each
 * in its shortest form.
 */
'use strict';

const { http, make, text, upgrade } = require('../support/bytes/hand-made');
const { FOUR_DOORS, describeScenarios } = require('../support/scenarios');

const POLLING = '/engine.io/?EIO=4&transport=polling';
const WEBSOCKET = '/engine.io/?EIO=4&transport=websocket';
const SESSION = `${POLLING}&sid=<sid 0>`;
const OLD = { allowEIO3: true };
const BYTES = { 'Content-Type': 'application/octet-stream' };

/**
 * A session by JSONP, to which something is posted.
 * @param {string} protocol
 * @param {[body: string, headers?: Record<string, string>][]} posts
 */
const byJsonp = (protocol, posts) => {
  const target = `/engine.io/?EIO=${protocol}&transport=polling&b64=1&j=0`;
  return [
    http(0, 'GET', target),
    ...posts.map(([body, headers], index) =>
      http(index + 1, 'POST', `${target}&sid=<sid 0>`, { body, headers }),
    ),
  ];
};

/** Handshakes of WebSockets, each with one header that is not in order. */
const broken = [
  upgrade(0, WEBSOCKET, { 'Sec-WebSocket-Key': 'short' }),
  upgrade(1, WEBSOCKET, { 'Sec-WebSocket-Version': '12' }),
  upgrade(2, WEBSOCKET, { Upgrade: 'h2c' }),
  upgrade(3, WEBSOCKET, { 'Sec-WebSocket-Protocol': '' }),
  upgrade(4, WEBSOCKET, { 'Sec-WebSocket-Protocol': 'a,,b' }),
];

/**
 * A handshake with a header that comes twice.
 * @param {number} client
 * @param {string} name
 * @param {string} value
 */
const twice = (client, name, value) =>
  upgrade(client, WEBSOCKET, { [name.toUpperCase()]: value, [name]: value });

const plans = {
  'handshakes that are not in order': make({ hooks: ['connection_error'] }, broken),
  'hooks are not asked about those': make(
    { hooks: ['connection_error', 'generateId', 'initial_headers', 'headers'] },
    broken,
  ),
  'headers that come twice': make({ opts: { perMessageDeflate: true } }, [
    twice(0, 'Sec-WebSocket-Protocol', 'a'),
    twice(1, 'Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='),
    twice(2, 'Sec-WebSocket-Version', '13'),
    twice(3, 'Upgrade', 'websocket'),
    twice(4, 'Sec-WebSocket-Extensions', 'permessage-deflate; server_no_context_takeover'),
    http(5, 'GET', POLLING, { headers: { ORIGIN: 'http://a', Origin: 'http://b' } }),
  ]),
  'hooks of an answer come before the session': make({ hooks: ['initial_headers', 'headers'] }, [
    http(0, 'GET', POLLING),
    http(1, 'POST', SESSION, { body: '4a' }),
  ]),
  'characters in a form': make({}, byJsonp('4', [['d=4%E2%82%AC%C3%A9'], ['d=4%F0%9F%98%80']])),
  'characters in a form of protocol 3': make(
    { opts: OLD },
    byJsonp('3', [['d=3%3A4%F0%9F%98%80'], ['d=2%3A4%C3%A9']]),
  ),
  'a form that says it is bytes': make({ opts: OLD }, byJsonp('3', [['d=2%3A4a', BYTES]])),
  'what cannot be read, while the session closes': make({}, [
    http(0, 'GET', POLLING),
    { what: 'close', session: 0, act: 'close' },
    http(1, 'POST', SESSION, { body: 'x' }),
    http(2, 'POST', SESSION, { body: '' }),
    http(3, 'GET', SESSION),
  ]),
  'an upgrade to polling': make({ hooks: ['connection_error'] }, [
    upgrade(0, POLLING),
    upgrade(1, POLLING.replace('4', '3')),
  ]),
  'an upgrade to polling, with hooks': make({ hooks: ['generateId', 'headers'] }, [
    upgrade(0, POLLING),
  ]),
  'no upgrade of a WebSocket': make({}, [
    upgrade(0, WEBSOCKET),
    http(1, 'GET', `${WEBSOCKET}&sid=<sid 0>`),
    http(2, 'GET', `${WEBSOCKET}&sid=<sid 0>`),
    http(3, 'POST', `${WEBSOCKET}&sid=<sid 0>`, { body: '4x' }),
    { what: 'the end of a request', client: 1, stop: 'destroy' },
    text(0, '4still there'),
  ]),
  'methods that nobody knows': make({}, [
    http(0, 'FOO', POLLING),
    http(1, 'Get', POLLING),
    http(2, 'PROPFIND', POLLING),
    http(3, 'M-SEARCH', POLLING),
    http(4, 'QUERY', POLLING),
    http(5, 'SOURCE', POLLING),
  ]),
  'a message without data': make({}, [upgrade(0, WEBSOCKET), text(0, '4')]),
  'a listener of a new session that throws': async (world) => {
    const { httpServer, engine } = await world.serveEngine({}, {});
    engine.on('connection', (conn) => {
      conn.on('message', world.noter('server', 'message'));
      throw new Error('thrown by a listener');
    });
    for (const lane of ['a', 'b']) {
      const peer = await world.ws(lane, httpServer, { path: '/engine.io/' });
      await world.saw('process', 'thrown by a listener', lane === 'a' ? 1 : 2);
      peer.send('4still there');
      await world.saw('server', 'still there', lane === 'a' ? 1 : 2);
    }
  },
};

describeScenarios(__filename, 'plans by hand', plans, FOUR_DOORS, { isTimed: true });
