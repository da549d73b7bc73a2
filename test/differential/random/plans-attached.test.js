/** Plans written by hand of what is different on an own port (docs/differences.md): see plans.test.js. */
'use strict';

const { http, make, text, upgrade } = require('../support/bytes/hand-made');
const { ATTACHED_DOORS, describeScenarios } = require('../support/scenarios');

const POLLING = '/engine.io/?EIO=4&transport=polling';
const WEBSOCKET = '/engine.io/?EIO=4&transport=websocket';
const SESSION = `${POLLING}&sid=<sid 0>`;
const HALF = { body: '4hello', end: -2 };
const CLOSE = { what: 'close', act: /** @type {const} */ ('engine close') };

const requestsAfterClose = [
  upgrade(0, WEBSOCKET),
  CLOSE,
  upgrade(1, WEBSOCKET),
  upgrade(2, `${WEBSOCKET}&sid=nobody`),
  upgrade(3, WEBSOCKET, { 'Sec-WebSocket-Key': 'short' }),
  upgrade(4, WEBSOCKET, { 'User-Agent': 'x' }),
  http(5, 'GET', POLLING),
];

describeScenarios(
  __filename,
  'plans by hand',
  {
    'after the end of the engine': make({ hooks: ['connection_error'] }, requestsAfterClose),
    'after the end of the engine, with hooks': make(
      { hooks: ['connection_error', 'allowRequest', 'headers', 'generateId'] },
      requestsAfterClose,
    ),
    'half a POST is refused as soon as it can be': make({ hooks: ['connection_error'] }, [
      http(0, 'GET', POLLING),
      http(1, 'POST', SESSION.replace('EIO=4', 'EIO=3'), HALF),
      http(2, 'POST', SESSION.replace('polling', 'websocket'), HALF),
      http(3, 'POST', SESSION.replace('polling', 'x'), HALF),
      http(4, 'POST', SESSION, { body: '4a' }),
    ]),
    'an upgrade gives half a POST up': make({}, [
      http(0, 'GET', POLLING),
      http(1, 'POST', SESSION, HALF),
      upgrade(2, `${WEBSOCKET}&sid=<sid 0>`),
      text(2, '2probe'),
      text(2, '5'),
      text(2, '4still there'),
    ]),
    'the POST of a message, in its handler': async (world) => {
      const io = await world.serveEngine({}, { path: '/socket.io/' });
      io.engine.on('connection', (conn) => {
        const note = (label) => {
          const { dataReq, dataRes } = conn.transport;
          world.note('server', label, dataReq && dataReq.headers['x-from'], dataRes?.statusCode);
        };
        conn.on('message', note);
        conn.on('close', () => note('close'));
      });
      const target = await world.poll('a', io);
      for (const lane of ['b', 'c']) {
        const headers = { 'X-From': lane };
        await world.http(lane, io, 'POST', target, { body: `4of ${lane}`, headers });
      }
      await world.http('d', io, 'POST', target, { body: '1' });
    },
    'a closing session with half a POST': make({}, [
      http(0, 'GET', POLLING),
      http(1, 'POST', SESSION, HALF),
      { what: 'close', session: 0, act: 'close' },
    ]),
  },
  ATTACHED_DOORS,
  { isTimed: true },
);
