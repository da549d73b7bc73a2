/**
 * A header that HTTP forbids, which a hook has copied from what a client sent. The request is refused. The
 * process and its other clients go on.
 */
'use strict';

const { once } = require('node:events');
const { OUR_DOORS, cleanUp, exchange, startOn } = require('../../../support/rigs/door-rig');
const { requestText } = require('../../../support/clients/wire');

const POLLING = '/socket.io/?EIO=4&transport=polling';

afterEach(cleanUp);

describe.each(OUR_DOORS)('%s on %s', (_name, doorName, Server) => {
  /** A server that reflects a header of the request. */
  const start = () =>
    startOn(Server, doorName, {}, (/** @type {any} */ io) => {
      io.engine.on('headers', (/** @type {any} */ headers, /** @type {any} */ req) => {
        const given = req.headers['x-given'];
        if (given !== undefined) headers['x-back'] = decodeURIComponent(given);
      });
    });
  /**
   * @param {any} place
   * @param {string} target
   * @param {Record<string, string>} [headers]
   */
  const get = ({ place }, target, headers) =>
    exchange(place, requestText('GET', target, { Connection: 'close', ...headers }));

  test('on a handshake', async () => {
    const place = await start();
    const told = once(place.io.engine, 'connection_error');
    const refused = await get(place, POLLING, { 'x-given': 'a%0d%0ab:c' });
    expect(refused.status).toBe('HTTP/1.1 400 Bad Request');
    expect((await told)[0]).toMatchObject({
      code: 3,
      context: { name: 'INVALID_HEADER', error: { code: 'ERR_INVALID_CHAR' } },
    });
    const other = await get(place, POLLING, { 'x-given': 'fine' });
    expect(other.status).toBe('HTTP/1.1 200 OK');
    expect(other.lines).toContain('x-back: fine');
  });

  test('on a poll, whose session ends', async () => {
    const place = await start();
    place.io.engine.once('connection', (/** @type {any} */ conn) => conn.send('hello'));
    const opened = await get(place, POLLING);
    const { sid } = JSON.parse(opened.body.slice(1));
    const closed = once(place.io.engine.clients[sid], 'close');
    const refused = await get(place, `${POLLING}&sid=${sid}`, { 'x-given': 'a%00' });
    expect(refused.status).toBe('HTTP/1.1 400 Bad Request');
    await closed;
    expect(place.io.engine.clientsCount).toBe(0);
  });
});
