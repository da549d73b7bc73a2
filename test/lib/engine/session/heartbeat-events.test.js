/** The events of a heartbeat, in the order of engine.io; the packets of the server are told as well. */
'use strict';

const { once } = require('node:events');
const { ENGINES, cleanUp, openWire, startEngine } = require('../../../support/rigs/engine-rig');
const { frame, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test.each([
    [4, ['packetCreate ping', 'flush ping', 'drain', 'packet pong', 'heartbeat']],
    [3, ['packet ping', 'packetCreate pong', 'flush pong', 'drain', 'heartbeat']],
  ])('of protocol %i', async (protocol, expected) => {
    const { engine, port } = await startEngine(EngineClass, {
      allowEIO3: true,
      pingInterval: protocol === 4 ? 50 : 25_000,
    });
    const wire = await openWire(port);
    const opened = once(engine, 'connection');
    wire.write(upgradeText(`/engine.io/?EIO=${protocol}&transport=websocket`));
    const [session] = await opened;
    /** @type {string[]} */
    const log = [];
    for (const event of ['packetCreate', 'packet']) {
      session.on(event, (/** @type {any} */ packet) => log.push(`${event} ${packet.type}`));
    }
    session.on('packetCreate', (/** @type {any} */ { options, data }) => {
      expect({ options, data }).toEqual({ options: { compress: true }, data: undefined });
    });
    session.on('flush', (/** @type {any} */ packets) =>
      log.push(`flush ${packets.map((/** @type {any} */ { type }) => type)}`),
    );
    session.on('drain', () => log.push('drain'));
    session.on('heartbeat', () => log.push('heartbeat'));
    const beaten = once(session, 'heartbeat');
    if (protocol === 4) await wire.framesUpTo(2);
    wire.write(frame(protocol === 4 ? '3' : '2'));
    await beaten;
    expect(log.slice(0, expected.length)).toEqual(expected);
  });
});
