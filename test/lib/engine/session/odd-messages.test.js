/**
 * Messages that are neither text nor bytes, sent on a connection of the engine. They become texts, by
 * engine.io's rules, which are others for protocol 3. No message of a client leads to an exception.
 */
'use strict';

const { once } = require('node:events');
const {
  ENGINES,
  ask,
  cleanUp,
  eventually,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { frame, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** What is sent, and what arrives of it: with protocol 4, and with 3 where that is another. */
/** @type {[string, any, string, string?][]} */
const VALUES = [
  ['undefined', undefined, ''],
  ['null', null, ''],
  ['0', 0, ''],
  ['NaN', NaN, ''],
  ['-1.5', -1.5, '-1.5'],
  ['true', true, 'true'],
  ['false', false, ''],
  ['a BigInt', 7n, '7'],
  ['the BigInt 0', 0n, ''],
  ['an object', { a: 1 }, '[object Object]'],
  ['an array', [1, ['é', 'x']], '1,é,x'],
  ['a Date', new Date(0), String(new Date(0))],
  ['an Error', new Error('e'), 'Error: e'],
  ['a String', new String('so'), 'so'],
  ['valueOf', { valueOf: () => 'v', toString: () => 's' }, 'v', 's'],
  ['half a surrogate pair', ['\ud83d'], '\ufffd'],
];

/**
 * A session, and the packets that its client gets.
 * @param {any} EngineClass
 * @param {3 | 4} protocol
 * @param {string} transport
 */
async function openSession(EngineClass, protocol, transport) {
  const { engine, port } = await startEngine(EngineClass, { allowEIO3: true });
  const path = `/engine.io/?EIO=${protocol}&transport=${transport}`;
  const opened = once(engine, 'connection');
  if (transport === 'websocket') {
    const wire = await openWire(port);
    wire.write(upgradeText(path));
    const [session] = await opened;
    const take = async (/** @type {number} */ count) =>
      (await wire.framesUpTo(count + 1)).slice(1).map(({ payload }) => String(payload));
    return { session, take };
  }
  const { body } = await ask(port, 'GET', path);
  const { sid } = JSON.parse(body.slice(body.indexOf('{'), body.indexOf('}') + 1));
  const [session] = await opened;
  /** @type {string[]} */
  const packets = [];
  const take = async (/** @type {number} */ count) => {
    while (packets.length < count) {
      const answer = await ask(port, 'GET', `${path}&sid=${sid}`);
      packets.push(...packetsOf(Buffer.from(answer.body, 'latin1').toString(), protocol));
    }
    return packets;
  };
  return { session, take };
}

/**
 * The packets of a payload of texts.
 * @param {string} payload
 * @param {3 | 4} protocol
 */
function packetsOf(payload, protocol) {
  if (protocol === 4) return payload.split('\x1e');
  const packets = [];
  for (let rest = payload; rest !== '';) {
    const colon = rest.indexOf(':');
    const end = colon + 1 + Number(rest.slice(0, colon));
    if (!(colon > 0 && end > colon)) throw new Error(`no payload: ${payload}`);
    packets.push(rest.slice(colon + 1, end));
    rest = rest.slice(end);
  }
  return packets;
}

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  describe.each([
    [4, 'polling'],
    [4, 'websocket'],
    [3, 'polling'],
    [3, 'websocket'],
  ])('protocol %i, %s', (version, transport) => {
    const protocol = /** @type {3 | 4} */ (version);
    const expected = VALUES.map(([, , text, legacy]) => `4${(protocol === 3 && legacy) || text}`);

    test.each(['unobserved', 'observed'])('values are sent as texts, %s', async (how) => {
      const { session, take } = await openSession(EngineClass, protocol, transport);
      /** @type {any[]} */
      const created = [];
      if (how === 'observed') {
        session.on('packetCreate', (/** @type {any} */ packet) => created.push(packet.data));
      }
      for (const [, value] of VALUES) session.send(value);
      expect(await take(VALUES.length)).toEqual(expected);
      if (how === 'unobserved') return;
      expect(created).toEqual(VALUES.map(([, value]) => value || undefined));
    });
  });

  test('a Symbol is a text to protocol 3 only', async () => {
    const legacy = await openSession(EngineClass, 3, 'websocket');
    legacy.session.send(Symbol('q'));
    expect(await legacy.take(1)).toEqual(['4Symbol(q)']);
    const { session } = await openSession(EngineClass, 4, 'websocket');
    await eventually(() => session.transport.writable); // the genuine package throws when it writes
    expect(() => session.send(Symbol('q'))).toThrow(TypeError);
  });

  test('an empty message of a client can be sent back', async () => {
    const { engine, port } = await startEngine(EngineClass);
    engine.on('connection', (/** @type {any} */ session) => {
      session.on('message', (/** @type {any} */ message) => session.send(message));
    });
    const wire = await openWire(port);
    wire.write(upgradeText('/engine.io/?EIO=4&transport=websocket'));
    await wire.framesUpTo(1);
    wire.write(frame('4'));
    wire.write(frame('4more'));
    const frames = await wire.framesUpTo(3);
    expect(frames.slice(1).map(({ payload }) => payload)).toEqual(['4', '4more']);
  });

  test.each([
    ['a number', 5, '45'],
    ['an object', { anything: 1 }, '4[object Object]'],
  ])('initialPacket may be %s', async (_what, initialPacket, text) => {
    const { port } = await startEngine(EngineClass, { initialPacket });
    const { body } = await ask(port, 'GET', '/engine.io/?EIO=4&transport=polling');
    expect(body.split('\x1e')[1]).toBe(text);
  });
});
