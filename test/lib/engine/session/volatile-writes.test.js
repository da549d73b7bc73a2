/**
 * The engine knows no volatile packets, so the flag of a write changes nothing. Socket.IO's layer decides
 * about whole packets before; an attachment that is dropped alone would end its client.
 */
'use strict';

const { once } = require('node:events');
const {
  EVERYWHERE,
  cleanUp,
  closers,
  exchange,
  startOn,
} = require('../../../support/rigs/door-rig');
const { Wire, requestText, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

const PATH = '/socket.io/?EIO=4&transport=';

/** @param {any} session */
function write(session) {
  session.write('a', { volatile: true });
  session.write('b', { volatile: true, compress: false });
  session.write('c');
  session.sendPacket('message', 'd', { volatile: true });
}

describe.each(EVERYWHERE)('%s on %s', (_name, doorName, Server) => {
  test('by polling', async () => {
    const { io, place } = await startOn(Server, doorName);
    const opened = once(io.engine, 'connection');
    const get = (/** @type {string} */ query) =>
      exchange(place, requestText('GET', `${PATH}polling${query}`, { Connection: 'close' }));
    const { body } = await get('');
    const [session] = await opened;
    write(session);
    const answer = await get(`&sid=${JSON.parse(body.slice(1)).sid}`);
    expect(answer.body).toBe('4a\x1e4b\x1e4c\x1e4d');
  });

  test('by WebSocket', async () => {
    const { io, place } = await startOn(Server, doorName);
    const opened = once(io.engine, 'connection');
    const wire = await Wire.connect(place);
    closers.push(() => wire.socket.destroy());
    wire.write(upgradeText(`${PATH}websocket`));
    const [session] = await opened;
    write(session);
    const [, ...frames] = await wire.framesUpTo(5);
    expect(frames.map(({ payload }) => payload)).toEqual(['4a', '4b', '4c', '4d']);
  });
});
