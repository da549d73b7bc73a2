/**
 * WebTransport sessions where the conformance rows do not reach: floods, slow clients, and what goes
 * wrong with the session object itself.
 */
'use strict';

const { once } = require('node:events');
const {
  WebTransportClient,
  createSession,
  framed,
} = require('../../../support/fakes/webtransport');
const {
  ENGINES,
  Engine,
  cleanUp,
  closers,
  eventually,
} = require('../../../support/rigs/engine-rig');

afterEach(cleanUp);

/** @param {any} EngineClass @param {any} [opts] */
function startEngine(EngineClass, opts) {
  const engine = new EngineClass(opts);
  closers.push(() => engine.close());
  return engine;
}

/** A session and its client, of which the open packet was read. @param {any} engine */
async function connect(engine) {
  const client = new WebTransportClient();
  const opened = once(engine, 'connection');
  const served = engine.onWebTransportSession(client.session);
  client.send('0');
  const [conn] = await opened;
  await served;
  await client.receive();
  return { client, conn };
}

/** The first `count` messages. @param {any} conn @param {number} count */
function messagesOf(conn, count) {
  /** @type {any[]} */
  const messages = [];
  return new Promise((resolve) => {
    conn.on('data', (/** @type {any} */ data) => {
      messages.push(data);
      if (messages.length === count) resolve(messages);
    });
  });
}

describe.each(ENGINES)('WebTransport with %s', (_, EngineClass) => {
  test('has the properties of a connection without a request', async () => {
    const { conn } = await connect(startEngine(EngineClass));
    expect(conn.transport.name).toBe('webtransport');
    expect(conn.transport.supportsBinary).toBe(true);
    expect(conn.transport.handlesUpgrades).toBeFalsy();
    expect(conn.request).toBeNull();
    expect(conn.remoteAddress).toBeUndefined();
    expect([conn.protocol, conn.upgraded, conn.readyState]).toEqual([4, false, 'open']);
  });

  test('takes hundreds of packets from one chunk, in order', async () => {
    const { client, conn } = await connect(startEngine(EngineClass));
    const sent = Array.from({ length: 500 }, (_item, i) =>
      i % 3 ? `${i}` : Buffer.from([i % 256]),
    );
    const received = messagesOf(conn, sent.length);
    client.write(Buffer.concat(sent.map((x) => framed(typeof x === 'string' ? `4${x}` : x))));
    expect(await received).toEqual(sent);
  });

  test('carries large messages both ways', async () => {
    const { client, conn } = await connect(startEngine(EngineClass, { maxHttpBufferSize: 8e6 }));
    const text = 'ä'.repeat(2e6);
    const bytes = Buffer.alloc(5e6, 7);
    const received = messagesOf(conn, 2);
    const wire = Buffer.concat([framed(`4${text}`), framed(bytes)]);
    for (let at = 0; at < wire.length; at += 60_000) client.write(wire.subarray(at, at + 60_000));
    const [receivedText, receivedBytes] = await received;
    expect(receivedText === text).toBe(true);
    expect(bytes.equals(receivedBytes)).toBe(true);
    conn.send(text);
    conn.send(bytes);
    expect((await client.receive()) === `4${text}`).toBe(true);
    expect(bytes.equals(/** @type {Buffer} */ (await client.receive()))).toBe(true);
  });

  test('tells the transport in upgrades()', () => {
    const engine = startEngine(EngineClass);
    expect(engine.upgrades('polling')).toEqual(['websocket', 'webtransport']);
    expect(engine.upgrades('websocket')).toEqual([]);
    expect(engine.upgrades('webtransport')).toEqual([]);
    expect(startEngine(EngineClass, { allowUpgrades: false }).upgrades('polling')).toEqual([]);
  });

  test('is closed with the engine', async () => {
    const engine = startEngine(EngineClass);
    const { client, conn } = await connect(engine);
    const closed = once(conn, 'close');
    engine.close();
    expect((await closed)[0]).toBe('forced close');
    await client.closed;
    expect(engine.clientsCount).toBe(0);
  });
});

describe('beast.io alone', () => {
  test('delivers what was sent before a close', async () => {
    const { client, conn } = await connect(startEngine(Engine));
    conn.send('last');
    conn.send(Buffer.alloc(600_000)); // more than the window
    conn.close();
    expect(await client.receive()).toBe('4last');
    expect(await client.receive()).toHaveLength(600_000);
    await client.closed;
  });

  test('cuts a client off that does not read', async () => {
    const engine = startEngine(Engine, { maxSendQueueBytes: 1e6, sendTimeout: 500 });
    const { client, conn } = await connect(engine);
    const closed = once(conn, 'close');
    for (let i = 0; i < 20; i++) conn.send(Buffer.alloc(100_000));
    const [reason, description] = await closed;
    expect(reason).toBe('transport error');
    expect(description.message).toBe('send timeout');
    await client.closed;
  });

  test('drops volatile messages for a client that does not read', async () => {
    const { client, conn } = await connect(startEngine(Engine));
    conn.send(Buffer.alloc(600_000));
    conn.writeAll(['dropped'], { volatile: true });
    conn.send('kept');
    await client.receive();
    expect(await client.receive()).toBe('4kept');
    conn.writeAll(['let through'], { volatile: true });
    expect(await client.receive()).toBe('4let through');
  });

  test('stops reading while the application cannot keep up, and loses nothing', async () => {
    const { client, conn } = await connect(startEngine(Engine, { maxInboxBytes: 1000 }));
    const received = messagesOf(conn, 2000);
    for (let i = 0; i < 200; i++) {
      client.write(
        Buffer.concat(Array.from({ length: 10 }, (_item, j) => framed(`4${i * 10 + j}`))),
      );
    }
    expect(await received).toEqual(Array.from({ length: 2000 }, (_item, i) => String(i)));
  });

  test('a session that is lost closes the connection', async () => {
    const { client, conn } = await connect(startEngine(Engine));
    const closed = once(conn, 'close');
    client.fail(new Error('connection lost')); // with engine.io an unhandled rejection
    expect((await closed)[0]).toBe('transport close');
  });

  test('a session that is lost before its first packet troubles nobody', async () => {
    const engine = startEngine(Engine);
    const lost = new Error('lost');
    const { session, fail } = createSession();
    let closes = 0;
    session.close = () => {
      closes++;
      throw new Error('closed already');
    };
    session.incomingBidirectionalStreams = new ReadableStream({
      start: (controller) => controller.error(lost),
    });
    fail(lost);
    await engine.onWebTransportSession(session);
    expect(closes).toBe(1);
    expect(engine.clientsCount).toBe(0);
  });

  test('a session that opens no stream until its end is left alone', async () => {
    const engine = startEngine(Engine);
    const { session } = createSession();
    session.close = () => {
      throw new Error('must not be called');
    };
    session.incomingBidirectionalStreams = new ReadableStream({
      start: (controller) => controller.close(),
    });
    await engine.onWebTransportSession(session);
  });

  test('a stream that ends within its first packet closes the session', async () => {
    const engine = startEngine(Engine);
    const client = new WebTransportClient();
    const served = engine.onWebTransportSession(client.session);
    client.write(Buffer.from([126, 0]));
    client.endStream();
    await served;
    await client.closed;
  });

  test('a first packet after the time-out opens nothing', async () => {
    const engine = startEngine(Engine, { upgradeTimeout: 20 });
    engine.on('connection', () => {
      throw new Error('must not be opened');
    });
    const client = new WebTransportClient();
    const served = engine.onWebTransportSession(client.session);
    await client.closed;
    client.send('0');
    await served;
    expect(engine.door.upgrades.liveConnections).toBe(0);
  });

  test('a handshake under way when the engine closes ends with it', async () => {
    const engine = startEngine(Engine);
    const client = new WebTransportClient();
    const served = engine.onWebTransportSession(client.session);
    client.send('0');
    await served; // the stream was handed over, its session is not known yet
    expect(engine.clientsCount).toBe(0);
    engine.on('connection', () => {
      throw new Error('must not be told');
    });
    engine.close();
    await client.receive(); // its open packet, which the close waits for
    await client.closed;
    await eventually(() => engine.door.upgrades.liveConnections === 0);
    expect(engine.clientsCount).toBe(0);
  });

  test('keeps the event loop running until the end of its connections only', async () => {
    const engine = startEngine(Engine);
    const { client } = await connect(engine);
    expect(engine.door.upgrades.liveConnections).toBe(1);
    client.end();
    await eventually(() => engine.door.upgrades.liveConnections === 0);
    expect(engine.clientsCount).toBe(0);
  });
});
