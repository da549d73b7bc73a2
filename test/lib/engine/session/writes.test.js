/**
 * Which of the sent messages have left already: `writeBuffer`, `writable`, `flush` and `drain` events and
 * callbacks, as engine.io has them. Also `conn.transport`, which sends, closes and tells.
 */
'use strict';

const { once } = require('node:events');
const {
  ENGINES,
  Engine,
  POLLING,
  WEBSOCKET,
  ask,
  cleanUp,
  eventually,
  openPolling,
  openWebSocket,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { frame, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** @typedef {{ type: string, data?: any }} Packet */

/** What a list of packets carries. @param {Packet[]} packets */
const dataOf = (packets) => packets.map(({ data }) => data);

/** The answer of a poll, packet by packet. @param {number} port @param {string} sid */
async function poll(port, sid) {
  const { body } = await ask(port, 'GET', `${POLLING}&sid=${sid}`);
  return body.split('\x1e');
}

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test.each([
    ['an ArrayBuffer', (/** @type {ArrayBuffer} */ bytes) => bytes],
    ['a view', (/** @type {ArrayBuffer} */ bytes) => new Uint8Array(bytes, 1, 2)],
    ['a DataView', (/** @type {ArrayBuffer} */ bytes) => new DataView(bytes)],
  ])('%s whose bytes are elsewhere by now is not sent', async (_what, viewOf) => {
    const { session } = await openWebSocket(await startEngine(EngineClass));
    const bytes = new ArrayBuffer(8);
    const view = viewOf(bytes);
    structuredClone(bytes, { transfer: [bytes] });
    expect(() => session.send(view)).toThrow('detached');
  });

  test('a Buffer whose bytes are elsewhere, or a view of none, is an empty message', async () => {
    const { session, wire } = await openWebSocket(await startEngine(EngineClass));
    const bytes = Buffer.from(new ArrayBuffer(8));
    structuredClone(bytes.buffer, { transfer: [/** @type {ArrayBuffer} */ (bytes.buffer)] });
    session.send(bytes).send(new Uint8Array(0)).send(new ArrayBuffer(0)).send('end');
    const frames = await wire.framesUpTo(5);
    expect(frames.slice(1).map(({ payload }) => payload.length)).toEqual([0, 0, 0, 4]);
  });

  test('a failure that an application declares ends the session', async () => {
    const rig = await startEngine(EngineClass);
    const { session } = await openWebSocket(rig);
    const failure = new Error('declared');
    let closed = once(session, 'close');
    session.onError(failure);
    expect(await closed).toEqual(['transport error', failure]);
    const other = await openWebSocket(rig);
    closed = once(other.session, 'close');
    other.session.transport.onError('bad', 'because');
    const [reason, description] = await closed;
    expect(reason).toBe('transport error');
    const expected = { message: 'bad', type: 'TransportError', description: 'because' };
    expect(description).toMatchObject(expected);
    expect(rig.engine.clientsCount).toBe(0);
  });

  test('what is sent while a message is on its way waits in writeBuffer', async () => {
    const rig = await startEngine(EngineClass);
    const { session, wire } = await openWebSocket(rig);
    await eventually(() => session.transport.writable && session.writeBuffer.length === 0);
    /** @type {any[]} */
    const log = [];
    session.on('flush', (/** @type {Packet[]} */ packets) => log.push(dataOf(packets)));
    session.on('drain', () => log.push('drain'));
    session.send('a', (/** @type {any} */ transport) => log.push(`callback ${transport.name}`));
    expect(log).toEqual([['a'], 'drain']);
    expect(session.transport.writable).toBe(false);
    session.send('b', { compress: false });
    session.send('c');
    expect(session.writeBuffer).toMatchObject([
      { type: 'message', data: 'b', options: { compress: false } },
      { type: 'message', data: 'c', options: { compress: true } },
    ]);
    await eventually(() => session.transport.writable);
    expect(session.writeBuffer).toEqual([]);
    expect(log).toEqual([['a'], 'drain', 'callback websocket', ['b', 'c'], 'drain']);
    expect((await wire.framesUpTo(4)).map(({ payload }) => payload).slice(1)).toEqual([
      '4a',
      '4b',
      '4c',
    ]);
  });

  test('a client that does not read fills writeBuffer, and empties it when it does', async () => {
    const rig = await startEngine(EngineClass);
    const { session, wire } = await openWebSocket(rig);
    await eventually(() => session.transport.writable && session.writeBuffer.length === 0);
    wire.socket.pause();
    for (let i = 0; i < 200; i++) session.send('x'.repeat(64 * 1024));
    await once(session, 'flush'); // all but the first
    session.send('waits');
    expect(dataOf(session.writeBuffer)).toEqual(['waits']);
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
    expect(dataOf(session.writeBuffer)).toEqual(['waits']);
    expect(session.transport.writable).toBe(false);
    expect(session.transport.socket.bufferedAmount).toBeGreaterThan(1e6);
    wire.socket.resume();
    await eventually(() => session.writeBuffer.length === 0 && session.transport.writable);
    expect(session.transport.socket.bufferedAmount).toBe(0);
  });

  test('without a poll everything waits for one', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const sid = await openPolling(port);
    const session = engine.clients[sid];
    expect(session.transport.writable).toBe(false);
    const taken = new Promise((resolve) => session.send('one', resolve));
    session.send('two');
    expect(dataOf(session.writeBuffer)).toEqual(['one', 'two']);
    const flushed = once(session, 'flush');
    expect(await poll(port, sid)).toEqual(['4one', '4two']);
    expect(dataOf((await flushed)[0])).toEqual(['one', 'two']);
    expect(await taken).toBe(session.transport);
    expect(session.writeBuffer).toEqual([]);
    expect(session.transport.writable).toBe(false);

    const answer = poll(port, sid);
    await once(session.transport, 'ready');
    expect(session.transport.writable).toBe(true);
    expect(session.transport.req.method).toBe('GET');
    session.send('three');
    expect(session.transport.writable).toBe(false);
    expect(session.writeBuffer).toEqual([]);
    expect(await answer).toEqual(['4three']);
    expect(session.transport.req).toBe(null);
  });

  test('what was not taken can be seen while the session closes, and no callback is called', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const session = engine.clients[await openPolling(port)];
    let called = false;
    session.send('lost', () => (called = true));
    const closed = new Promise((resolve) => {
      session.on('close', () => resolve(dataOf(session.writeBuffer)));
    });
    session.close(true);
    expect(await closed).toEqual(['lost']);
    await new Promise(setImmediate);
    expect(session.writeBuffer).toEqual([]);
    expect(called).toBe(false);
  });

  test('what waits is flushed on the WebSocket that replaces polling', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const sid = await openPolling(port);
    const session = engine.clients[sid];
    const polling = session.transport;
    expect(session.writeBuffer).toEqual([]);
    session.send('during');
    const wire = await openWire(port);
    wire.write(upgradeText(`${WEBSOCKET}&sid=${sid}`));
    const upgrading = once(session, 'upgrading');
    await wire.until(({ text }) => text.includes('\r\n\r\n'));
    await eventually(() => session.upgrading);
    wire.write(frame('2probe'));
    const [candidate] = await upgrading;
    expect(dataOf(session.writeBuffer)).toEqual(['during']);
    const flushed = once(session, 'flush');
    const upgraded = once(session, 'upgrade');
    wire.write(frame('5'));
    expect((await upgraded)[0]).toBe(candidate);
    expect(dataOf((await flushed)[0])).toEqual(['during']);
    expect(session.transport).toBe(candidate);
    expect([session.upgrading, session.upgraded]).toEqual([false, true]);
    expect([polling.discarded, polling.readyState]).toEqual([true, 'closed']);
    await eventually(() => session.transport.writable);
    expect(session.transport.socket._socket).toMatchObject({
      remoteAddress: '127.0.0.1',
      remotePort: wire.socket.localPort,
    });
  });

  test.each([
    ['sends a wrong packet', (/** @type {any} */ wire) => wire.write(frame('4x'))],
    ['is lost', (/** @type {any} */ wire) => wire.socket.destroy()],
    ['keeps silent', () => {}],
  ])('upgrading ends when the WebSocket %s, and another may try', async (_how, fail) => {
    const { engine, port } = await startEngine(EngineClass, { upgradeTimeout: 300 });
    const sid = await openPolling(port);
    const session = engine.clients[sid];
    for (let i = 0; i < 2; i++) {
      const wire = await openWire(port);
      wire.write(upgradeText(`${WEBSOCKET}&sid=${sid}`));
      await wire.until(({ text }) => text.includes('\r\n\r\n'));
      await eventually(() => session.upgrading);
      fail(wire);
      await eventually(() => !session.upgrading);
      expect([session.upgraded, session.readyState]).toEqual([false, 'open']);
    }
  });

  test('the transport closes the session: transport close', async () => {
    const rig = await startEngine(EngineClass);
    const { engine, port } = rig;
    const { session, wire } = await openWebSocket(rig);
    const closed = once(session, 'close');
    let isCalled = false;
    session.transport.close(() => (isCalled = true));
    expect([isCalled, session.transport.readyState]).toEqual([true, 'closing']);
    await wire.framesUpTo(2);
    wire.write(frame('', { opcode: 8 }));
    wire.socket.end();
    expect((await closed)[0]).toBe('transport close');
    expect(session.transport.readyState).toBe('closed');

    const sid = await openPolling(port);
    const other = engine.clients[sid];
    const gone = once(other, 'close');
    const called = new Promise((resolve) => other.transport.close(resolve));
    expect([other.readyState, other.transport.readyState]).toEqual(['open', 'closing']);
    expect(await poll(port, sid)).toEqual(['6', '1']);
    await called;
    expect((await gone)[0]).toBe('transport close');
  });

  test('a closing session waits for its poll as long as the transport says', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const session = engine.clients[await openPolling(port)];
    session.transport.closeTimeout = 50;
    session.close();
    expect(session.readyState).toBe('closing');
    expect((await once(session, 'close'))[0]).toBe('forced close');
  });

  test('a closing session is borne with no longer than the heartbeat bears', async () => {
    const { engine, port } = await startEngine(EngineClass, {
      pingInterval: 100,
      pingTimeout: 1000,
    });
    const session = engine.clients[await openPolling(port)];
    session.transport.closeTimeout = 20_000;
    session.close();
    expect((await once(session, 'close'))[0]).toBe('ping timeout');
    session.transport.shouldClose?.(); // the genuine one's timer would keep the process running
  });

  test('packets of every type can be sent, also by the transport', async () => {
    const rig = await startEngine(EngineClass);
    const { session, wire } = await openWebSocket(rig);
    await eventually(() => session.transport.writable);
    session.transport.send([{ type: 'pong', data: 'probe' }, { type: 'noop' }]);
    await eventually(() => session.transport.writable);
    session.sendPacket('ping');
    const [, ...frames] = await wire.framesUpTo(4);
    expect(frames.map(({ payload }) => payload)).toEqual(['3probe', '6', '2']);
  });

  test("an application's own send sees what the session sends", async () => {
    const rig = await startEngine(EngineClass);
    const { session, wire } = await openWebSocket(rig);
    await eventually(() => session.transport.writable && session.writeBuffer.length === 0);
    const { send } = session.transport;
    session.transport.send = (/** @type {Packet[]} */ packets) =>
      send.call(
        session.transport,
        packets.map((packet) => ({ ...packet, data: `<${packet.data}>` })),
      );
    session.send('hi');
    expect((await wire.framesUpTo(2))[1].payload).toBe('4<hi>');
  });

  test('limits of one polling transport are its own', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const sid = await openPolling(port);
    engine.clients[sid].transport.maxHttpBufferSize = 5;
    const answer = await ask(port, 'POST', `${POLLING}&sid=${sid}`, {}, '4hello');
    expect(answer.status).toBe('HTTP/1.1 413 Payload Too Large');
    expect(engine.clients[sid].transport).toMatchObject({
      maxHttpBufferSize: 5,
      httpCompression: { threshold: 1024 },
      supportsBinary: true,
      protocol: 4,
      sid,
    });
  });

  test.each([
    ['4a', { type: 'message', data: 'a' }, undefined],
    ['9', { type: 'error', data: 'parser error' }, 'parse error'],
    ['2', { type: 'ping' }, 'transport error'],
  ])('the packet %s is shown, also when it ends the session', async (packet, shown, reason) => {
    const rig = await startEngine(EngineClass);
    const { session, say } = await openWebSocket(rig);
    const got = once(session, 'packet');
    const closed = once(session, 'close');
    say(packet);
    expect((await got)[0]).toEqual(shown);
    if (reason !== undefined) expect((await closed)[0]).toBe(reason);
  });

  test('the transport tells of packets, headers and errors', async () => {
    const { engine, port } = await startEngine(EngineClass);
    const sid = await openPolling(port);
    const { transport } = engine.clients[sid];
    /** @type {any[]} */
    const log = [];
    transport.on('packet', ({ type, data }) => log.push(`${type} ${data}`));
    transport.on('headers', (/** @type {any} */ headers) => {
      headers['x-mine'] = 'yes';
    });
    transport.on('error', (/** @type {Error} */ error) => log.push(error.message));
    const answer = await ask(port, 'POST', `${POLLING}&sid=${sid}`, {}, '4hey\x1e3');
    expect(answer.lines).toContain('x-mine: yes');
    const wrong = { 'content-type': 'application/octet-stream' };
    await ask(port, 'POST', `${POLLING}&sid=${sid}`, wrong, 'x');
    expect(log).toEqual(['message hey', 'pong undefined', 'invalid content']);
  });
});

describe('beast.io alone', () => {
  test('who does not look costs no marks', async () => {
    const rig = await startEngine(Engine);
    const { session, wire } = await openWebSocket(rig);
    const { commands } = rig.engine;
    let marks = 0;
    commands.mark = () => marks++;
    session.send('a');
    session.send(Buffer.from([1]), { compress: false });
    await wire.framesUpTo(3);
    expect(marks).toBe(0);
  });
});
