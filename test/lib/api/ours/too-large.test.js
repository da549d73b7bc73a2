'use strict';

/** Who sends more than `maxHttpBufferSize` is told from who breaks the protocol otherwise. */

const { once } = require('node:events');
const { EVERYWHERE } = require('../../../support/rigs/everywhere');
const { cleanUp, connectRaw, startServer } = require('../../../support/rigs/rig');

afterEach(cleanUp);

const DOORS = EVERYWHERE.filter(([, transport]) => transport === 'websocket');

describe.each(DOORS)('%s', (_name, _transport, door) => {
  test('a message that is too large', async () => {
    const { raw, socket } = await connectRaw(startServer({ maxHttpBufferSize: 1000 }, door));
    const left = once(socket, 'disconnect');
    raw.ws.send(`42["x","${'y'.repeat(1000)}"]`);
    const [reason, details] = await left;
    expect(reason).toBe('transport error');
    expect(details).toBeInstanceOf(Error);
    expect(details.code).toBe('ERR_BEASTIO_TOO_LARGE');
    expect(details.message).toBe('RangeError: Max payload size exceeded');
  });

  test('one that inflates to more', async () => {
    const options = { maxHttpBufferSize: 100_000, perMessageDeflate: true };
    const { raw, socket } = await connectRaw(startServer(options, door));
    const left = once(socket, 'disconnect');
    raw.ws.send(`42["x","${'y'.repeat(100_000)}"]`);
    expect((await left)[1].code).toBe('ERR_BEASTIO_TOO_LARGE');
  });

  test('another violation has no such code', async () => {
    const { raw, socket } = await connectRaw(startServer({}, door));
    const left = once(socket, 'disconnect');
    raw.ws._socket.write(Buffer.from([0xc1, 0x80, 0, 0, 0, 0]));
    const [reason, details] = await left;
    expect(reason).toBe('transport error');
    expect(details.code).toBe(undefined);
  });
});
