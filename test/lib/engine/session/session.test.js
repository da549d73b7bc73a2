/**
 * `conn`: what is written arrives as it was when it was written, whatever it is made of. Those who watch the
 * session see what they would see of a session of the genuine engine.
 */
'use strict';

const { once } = require('node:events');
const {
  ENGINES,
  Engine,
  POLLING,
  ask,
  cleanUp,
  openPolling,
  openWebSocket,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { frame } = require('../../../support/clients/wire');

afterEach(cleanUp);

const PIECES = ['a', '\x7f', 'é', 'ÿ', '߿', '€', '￿', '😀', '\u{10ffff}', '\ud800', '\udc00'];

/** What the bytes of a text tell who decodes them. @param {string} text */
const decoded = (text) => Buffer.from(text).toString();

/** A pseudo-random number generator, the same each time. @param {number} seed */
function randomOf(seed) {
  let state = seed;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test.each([1, 2, 3])('texts of all kinds arrive as they were (seed %d)', async (seed) => {
    const random = randomOf(seed);
    const { engine, port } = await startEngine(EngineClass);
    const { wire, session } = await openWebSocket({ engine, port });
    const texts = Array.from({ length: 300 }, () =>
      Array.from({ length: random(12) }, () => PIECES[random(PIECES.length)]).join(''),
    );
    for (const [i, text] of texts.entries()) {
      session.send(text);
      if (i % 7 === 0) session.send(Buffer.from([i & 255])); // hands over what was gathered
      if (i % 50 === 0) await new Promise(setImmediate);
    }
    session.send('end');
    await wire.until(({ frames }) => frames.at(-1)?.payload === '4end');
    const got = wire.frames.slice(1, -1).filter(({ opcode }) => opcode === 1);
    expect(got.map(({ payload }) => payload)).toEqual(texts.map((text) => `4${decoded(text)}`));
  });

  test('half a surrogate pair does not join with the next message', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const { wire, session } = await openWebSocket({ engine, port });
    session.send('\ud83d');
    session.send('\ude00');
    session.send('😀'.repeat(3000)); // goes alone
    session.send('\ud83d\ud83d');
    const [, ...frames] = await wire.framesUpTo(5);
    const expected = ['\ud83d', '\ude00', '😀'.repeat(3000), '\ud83d\ud83d'];
    expect(frames.map(({ payload }) => payload)).toEqual(
      expected.map((text) => `4${decoded(text)}`),
    );
  });

  test('texts that come in are those that were sent', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const { wire, session } = await openWebSocket({ engine, port });
    /** @type {any[]} */
    const got = [];
    session.on('message', (/** @type {any} */ data) => got.push(data));
    const texts = ['a', 'é', '€', '😀', '\u0000', '\ufeffx', 'ÿ'.repeat(5000), '😀'.repeat(5000)];
    const sent = texts.flatMap((text) => [text, Buffer.from(text)]);
    const frames = sent.map((data) =>
      typeof data === 'string' ? frame(`4${data}`) : frame(data, { opcode: 2 }),
    );
    const last = new Promise((resolve) => {
      session.on('message', () => got.length === sent.length && resolve(undefined));
    });
    wire.write(Buffer.concat(frames));
    await last;
    expect(got).toEqual(sent);
  });

  test('every kind of bytes is sent, and only those of the view', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const { wire, session } = await openWebSocket({ engine, port });
    const memory = Uint8Array.from({ length: 16 }, (_, i) => i);
    session.send(Buffer.from(memory));
    session.send(memory.buffer);
    session.send(memory.subarray(4, 6));
    session.send(new Uint16Array(memory.buffer, 2, 2));
    session.send(new DataView(memory.buffer, 14));
    session.send(Buffer.alloc(0));
    const [, ...frames] = await wire.framesUpTo(7);
    expect(frames.map(({ opcode, payload }) => [opcode, [...payload]])).toEqual([
      [2, [...memory]],
      [2, [...memory]],
      [2, [4, 5]],
      [2, [2, 3, 4, 5]],
      [2, [14, 15]],
      [2, []],
    ]);
  });

  test('watchers see packets come and go', async () => {
    const { engine, port } = await startEngine(EngineClass, {
      pingInterval: 20,
      pingTimeout: 5000,
    });
    const { wire, session } = await openWebSocket({ engine, port });
    /** @type {any[]} */
    const seen = [];
    session.on('packet', (/** @type {any} */ { type, data }) => seen.push(['packet', type, data]));
    session.on('data', (/** @type {any} */ data) => seen.push(['data', data]));
    session.on('message', (/** @type {any} */ data) => seen.push(['message', data]));
    const heartbeat = once(session, 'heartbeat');
    await wire.until(({ frames }) => frames.at(-1)?.payload === '2');
    wire.write(Buffer.concat([frame('4in'), frame('3')]));
    await heartbeat;
    expect(seen).toEqual([
      ['packet', 'message', 'in'],
      ['data', 'in'],
      ['message', 'in'],
      ['packet', 'pong', undefined],
    ]);
    const created = once(session, 'packetCreate');
    const flushed = once(session, 'flush');
    const engineFlushed = once(engine, 'flush');
    const drained = [once(session, 'drain'), once(engine, 'drain')];
    session.send('out', { compress: false });
    const packet = { type: 'message', data: 'out', options: { compress: false } };
    expect(await created).toMatchObject([packet]);
    expect((await flushed)[0]).toEqual(expect.any(Array));
    expect((await engineFlushed)[0]).toBe(session);
    await Promise.all(drained);
    expect(session.writeBuffer).toHaveLength(0);
  });

  test('send tells when it was handed over, and to what', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const { session } = await openWebSocket({ engine, port });
    const handedOver = new Promise((resolve) => session.send('x', undefined, resolve));
    expect(await handedOver).toBe(session.transport);
    const second = new Promise((resolve) => session.write('y', resolve));
    expect(await second).toBe(session.transport);
  });

  test('nothing is sent after the end', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const { session, wire } = await openWebSocket({ engine, port });
    const closed = once(session, 'close');
    wire.socket.destroy();
    expect((await closed)[0]).toBe('transport close');
    expect(session.readyState).toBe('closed');
    session.send('x');
    session.close();
    expect(engine.clients).toEqual({});
  });
});

describe('beast.io alone', () => {
  test.each(['websocket', 'polling'])(
    'bytes are those of the moment of the send (%s)',
    async (how) => {
      const { engine, port } = await startEngine(Engine);
      const opened = once(engine, 'connection');
      const bytes = Buffer.from('before');
      const shared = new Uint8Array(new SharedArrayBuffer(6)).fill(65);
      const resizable = new /** @type {any} */ (ArrayBuffer)(6, { maxByteLength: 12 });
      new Uint8Array(resizable).fill(66);
      const transferred = new Uint8Array(6).fill(67);
      const send = (/** @type {any} */ session) => {
        for (const data of [bytes, shared, shared.buffer, resizable, transferred])
          session.send(data);
        bytes.fill(0);
        shared.fill(0);
        resizable.resize(1);
        structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
        expect(transferred.length).toBe(0);
      };
      const expected = ['before', 'AAAAAA', 'AAAAAA', 'BBBBBB', 'CCCCCC'];
      if (how === 'websocket') {
        const { wire, session } = await openWebSocket({ engine, port });
        send(session);
        const frames = (await wire.framesUpTo(6)).slice(1);
        expect(frames.map(({ payload }) => String(payload))).toEqual(expected);
      } else {
        const sid = await openPolling(port);
        send((await opened)[0]);
        const { body } = await ask(port, 'GET', `${POLLING}&sid=${sid}`);
        const packets = body
          .split('\x1e')
          .map((packet) => String(Buffer.from(packet.slice(1), 'base64')));
        expect(packets).toEqual(expected);
      }
    },
  );

  test('bytes that are elsewhere are refused in words, and that harms nobody', async () => {
    const { engine, port } = await startEngine(Engine);
    const { wire, session } = await openWebSocket({ engine, port });
    const detached = new ArrayBuffer(8);
    structuredClone(detached, { transfer: [detached] });
    expect(() => session.send(detached)).toThrow(/detached ArrayBuffer/);
    session.send(new Uint8Array(0));
    session.send('after');
    const frames = await wire.framesUpTo(3);
    expect(frames.slice(1).map(({ payload }) => String(payload))).toEqual(['', '4after']);
  });

  test('a send of many kinds in one tick keeps its order', async () => {
    const { engine, port } = await startEngine(Engine);
    const { wire, session } = await openWebSocket({ engine, port });
    /** @type {string[]} */
    const expected = [];
    for (let i = 0; i < 3000; i++) {
      const text = `${i}${i % 5 ? '' : 'é'}${i % 7 ? '' : '😀'}${i % 501 ? '' : 'x'.repeat(9000)}`;
      if (i % 11) session.send(text);
      else session.send(Buffer.from(`4${text}`));
      expected.push(`4${text}`);
    }
    const frames = await wire.framesUpTo(3001);
    expect(frames.slice(1).map(({ payload }) => String(payload))).toEqual(expected);
  });
});
