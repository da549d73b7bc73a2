/**
 * What one client can do to the others: nothing. Slow readers, sleepers, liars and senders of garbage
 * lose their connection, and a busy application loses no one.
 */
'use strict';

const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const {
  ENGINES,
  Engine,
  POLLING,
  WEBSOCKET,
  ask,
  block,
  cleanUp,
  eventually,
  openPolling,
  openWebSocket,
  openWire,
  startEngine,
} = require('../../../support/rigs/engine-rig');
const { memoryOutsideHeap } = require('../../../support/resources/memory');
const { frame, requestText, upgradeText } = require('../../../support/clients/wire');

afterEach(cleanUp);

/** The reason of a close, and its error's text. @param {any} session */
async function endOf(session) {
  const [reason, description] = await once(session, 'close');
  return [reason, String(description?.description ?? description?.message)];
}

/** A second client that must not notice anything. @param {any} rig */
async function openWitness(rig) {
  const witness = await openWebSocket(rig);
  return {
    async isWell() {
      const before = witness.wire.frames.length;
      const echo = once(witness.session, 'message');
      witness.say('4well?');
      expect(await echo).toEqual(['well?']);
      witness.session.send('yes');
      expect((await witness.wire.framesUpTo(before + 1)).at(-1)?.payload).toBe('4yes');
    },
  };
}

describe.each(ENGINES)('%s', (_name, EngineClass) => {
  test.each([
    ['unmasked', frame('4x', { masked: false }), 1002, /MASK must be set/],
    ['with a reserved bit', frame('4x', { rsv: 2 }), 1002, /RSV/],
    ['compressed without agreement', frame('4x', { rsv: 4 }), 1002, /RSV1/],
    ['with a reserved opcode', frame('4x', { opcode: 3 }), 1002, /opcode 3/],
    ['a continuation of nothing', frame('4x', { opcode: 0 }), 1002, /opcode 0/],
    ['a control frame in parts', frame('x', { opcode: 9, fin: false }), 1002, /FIN must be set/],
    ['a long control frame', frame('x'.repeat(126), { opcode: 9 }), 1002, /payload length 126/],
    ['text that is not UTF-8', frame(Buffer.from([0x34, 0xff])), 1007, /invalid UTF-8/],
    ['beyond the limit', frame('4'.repeat(101)), 1009, /Max payload size exceeded/],
  ])('a frame %s closes its connection', async (_what, bytes, code, text) => {
    const rig = await startEngine(EngineClass, { maxHttpBufferSize: 100 });
    const witness = await openWitness(rig);
    const { wire, session } = await openWebSocket(rig);
    const end = endOf(session);
    wire.write(Buffer.concat([bytes, frame('4never seen')]));
    expect(await wire.framesUpTo(2)).toHaveLength(2);
    expect(wire.frames[1]).toEqual({ opcode: 8, payload: code });
    expect(await end).toEqual(['transport error', expect.stringMatching(text)]);
    await wire.until(({ ended }) => ended);
    await witness.isWell();
  });

  test.each([
    ['an unknown type', '9'],
    ['nothing', ''],
    ['a letter', 'x'],
  ])('a packet of %s closes its session', async (_what, payload) => {
    const rig = await startEngine(EngineClass);
    const witness = await openWitness(rig);
    const { wire, session } = await openWebSocket(rig);
    const end = endOf(session);
    wire.write(frame(payload));
    expect((await end)[0]).toBe('parse error');
    expect((await wire.framesUpTo(2))[1]).toEqual({ opcode: 8, payload: 1005 });
    await witness.isWell();
  });

  test('a PING of the wrong side closes its session', async () => {
    const rig = await startEngine(EngineClass);
    const { wire, session } = await openWebSocket(rig);
    const end = endOf(session);
    wire.write(frame('2'));
    expect((await end)[0]).toBe('transport error');
  });

  test.each(['0{}', '1', '3', '5', '6'])('a packet %s out of place is ignored', async (packet) => {
    const rig = await startEngine(EngineClass);
    const { session, wire } = await openWebSocket(rig);
    const arrived = once(session, 'message');
    wire.write(Buffer.concat([frame(packet), frame('4after')]));
    expect(await arrived).toEqual(['after']);
  });

  test('a message of the largest size passes, in one frame or many', async () => {
    const rig = await startEngine(EngineClass, { maxHttpBufferSize: 1000 });
    const { session, wire } = await openWebSocket(rig);
    const text = 'x'.repeat(999);
    const whole = once(session, 'message');
    wire.write(frame(`4${text}`));
    expect(await whole).toEqual([text]);
    const parts = once(session, 'message');
    wire.write(frame('4', { fin: false }));
    for (let i = 0; i < 998; i++) wire.write(frame('x', { opcode: 0, fin: false }));
    wire.write(frame('x', { opcode: 0 }));
    expect(await parts).toEqual([text]);
    const end = endOf(session);
    wire.write(frame('4', { fin: false }));
    wire.write(frame('x'.repeat(1000), { opcode: 0 }));
    expect((await end)[1]).toMatch(/Max payload size exceeded/);
  });

  test('a protocol PING is answered', async () => {
    const { wire } = await openWebSocket(await startEngine(EngineClass));
    wire.write(frame('payload', { opcode: 9 }));
    const [, pong] = await wire.framesUpTo(2);
    expect([pong.opcode, String(pong.payload)]).toEqual([10, 'payload']);
  });

  test('who does not answer is given up, by either transport', async () => {
    const rig = await startEngine(EngineClass, { pingInterval: 30, pingTimeout: 1000 });
    const { session, wire } = await openWebSocket(rig);
    expect(await endOf(session)).toEqual(['ping timeout', 'undefined']);
    expect((await wire.framesUpTo(3)).slice(1)).toEqual([
      { opcode: 1, payload: '2' },
      { opcode: 8, payload: 1005 },
    ]);
    const opened = once(rig.engine, 'connection');
    const sid = await openPolling(rig.port);
    const [polling] = await opened;
    const end = endOf(polling);
    expect((await ask(rig.port, 'GET', `${POLLING}&sid=${sid}`)).body).toBe('2');
    const last = await openWire(rig.port);
    last.write(requestText('GET', `${POLLING}&sid=${sid}`));
    expect((await end)[0]).toBe('ping timeout');
    await last.until(({ text }) => text.endsWith('\r\n\r\n1'));
    expect(rig.engine.clientsCount).toBe(0);
  });

  test('who hurts is alone, and the count is right after everything', async () => {
    const rig = await startEngine(EngineClass);
    const sessions = await Promise.all(Array.from({ length: 12 }, () => openWebSocket(rig)));
    const ends = sessions.slice(0, 9).map(({ session }) => once(session, 'close'));
    for (const [i, { wire, session }] of sessions.slice(0, 9).entries()) {
      if (i % 3 === 0) wire.socket.destroy();
      else if (i % 3 === 1) wire.write(frame('9'));
      else session.close();
    }
    await Promise.all(ends);
    expect(rig.engine.clientsCount).toBe(3);
    expect(Object.keys(rig.engine.clients).sort()).toEqual(
      sessions
        .slice(9)
        .map(({ sid }) => sid)
        .sort(),
    );
  });
});

describe('beast.io alone', () => {
  test('a thread that is blocked for long disconnects no one', async () => {
    const rig = await startEngine(Engine, { pingInterval: 50, pingTimeout: 1200 });
    const { wire, session, sid } = await openWebSocket(rig);
    const alone = once(session, 'close'); // this one answers no PING
    let pongs = 0;
    // The client answers on a separate thread.
    const client = new Worker(
      `const { WebSocket } = require('ws');
       const ws = new WebSocket(require('node:worker_threads').workerData);
       ws.on('message', (m) => String(m) === '2' && ws.send('3'));`,
      {
        eval: true,
        workerData: `ws://127.0.0.1:${rig.port}${WEBSOCKET}`,
      },
    );
    const [remote] = await once(rig.engine, 'connection');
    remote.on('heartbeat', () => pongs++);
    await once(remote, 'heartbeat');
    const before = pongs;
    block(3000);
    // One turn of the event loop delivers all that has come meanwhile.
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    expect(pongs - before).toBeGreaterThanOrEqual(5);
    expect(remote.readyState).toBe('open');
    expect((await alone)[0]).toBe('ping timeout');
    expect(rig.engine.clients[sid]).toBeUndefined();
    wire.socket.destroy();
    await client.terminate();
  });

  test.each([1, 2])('who does not read is cut off at the bound (%d threads)', async (ioThreads) => {
    const maxSendQueueBytes = 1e6;
    const rig = await startEngine(Engine, { maxSendQueueBytes, ioThreads });
    const witness = await openWitness(rig);
    const slow = await openWebSocket(rig);
    slow.wire.socket.pause();
    const end = endOf(slow.session);
    const before = memoryOutsideHeap();
    const chunk = Buffer.alloc(100_000, 1);
    let count = 0;
    while (slow.session.readyState === 'open') {
      slow.session.send(chunk);
      if (++count % 20 === 0) await new Promise(setImmediate);
      if (count > 3000) throw new Error('300 MB went nowhere');
    }
    expect(await end).toEqual(['transport error', 'send queue limit exceeded']);
    expect(memoryOutsideHeap() - before).toBeLessThan(100e6);
    await witness.isWell();
    expect(rig.engine.clientsCount).toBe(1);
    await eventually(async () => slow.wire.socket.resume().destroyed || slow.wire.ended);
  });

  test('who does not poll is cut off at the bound', async () => {
    const limits = { maxSendQueueBytes: 5e4, hardMaxSendQueueBytes: 1e5 };
    const rig = await startEngine(Engine, limits);
    const opened = once(rig.engine, 'connection');
    const sid = await openPolling(rig.port);
    const [session] = await opened;
    const end = endOf(session);
    for (let i = 0; i < 12; i++) session.send('x'.repeat(1e4));
    expect(await end).toEqual(['transport error', 'send queue limit exceeded']);
    expect((await ask(rig.port, 'GET', `${POLLING}&sid=${sid}`)).body).toContain('unknown');
  });

  test('a message beyond the bound goes to who reads', async () => {
    const rig = await startEngine(Engine, { maxSendQueueBytes: 1000 });
    const { wire, session } = await openWebSocket(rig);
    session.send(Buffer.alloc(1e6, 7));
    await wire.until(({ frames }) => frames.length === 2);
    expect(wire.frames[1].payload.equals(Buffer.alloc(1e6, 7))).toBe(true);
    expect(session.readyState).toBe('open');
  });

  test('volatile messages are dropped for who does not read', async () => {
    const rig = await startEngine(Engine);
    const { wire, session } = await openWebSocket(rig);
    wire.socket.pause();
    const chunk = 'x'.repeat(1e5);
    for (let i = 0; i < 300; i++) {
      session.writeAll([chunk], { volatile: true });
      await new Promise(setImmediate); // of a tick only the first packet is sent
    }
    session.send('end');
    wire.socket.resume();
    await wire.until(({ frames }) => frames.at(-1)?.payload === '4end');
    expect(wire.frames.length).toBeLessThan(300);
    expect(wire.frames.length).toBeGreaterThan(2);
  });

  test('a flood that this thread cannot take waits in the sockets', async () => {
    const rig = await startEngine(Engine, { maxInboxBytes: 1e5 });
    const { wire, session } = await openWebSocket(rig);
    let bytes = 0;
    const total = 3e7;
    const all = new Promise((resolve) => {
      session.on('message', (/** @type {Buffer} */ data) => {
        bytes += data.length;
        if (bytes === total) resolve(undefined);
      });
    });
    const before = memoryOutsideHeap();
    const chunk = frame(Buffer.alloc(1e5), { opcode: 2 });
    const flood = new Worker(
      `const { workerData: { port, head, chunk, count }, parentPort } = require('node:worker_threads');
       const socket = require('node:net').connect(port, '127.0.0.1');
       socket.write(head);
       for (let i = 0; i < count; i++) socket.write(chunk);
       socket.once('data', () => parentPort.postMessage('begun'));`,
      {
        eval: true,
        workerData: {
          port: rig.port,
          head: upgradeText(WEBSOCKET),
          chunk,
          count: 1000,
        },
      },
    );
    await once(flood, 'message');
    block(300);
    expect(memoryOutsideHeap() - before).toBeLessThan(50e6); // of the 100 MB
    await flood.terminate();
    for (let i = 0; i < total / 1e5; i++) wire.write(chunk);
    await all;
    expect(bytes).toBe(total);
  });

  test('a flood of empty messages does, too', async () => {
    const rig = await startEngine(Engine, { maxInboxBytes: 1e5 });
    const flood = new Worker(
      `const { workerData: { port, head, chunk, count } } = require('node:worker_threads');
       const socket = require('node:net').connect(port, '127.0.0.1');
       socket.write(head);
       for (let i = 0; i < count; i++) socket.write(chunk);`,
      {
        eval: true,
        workerData: {
          port: rig.port,
          head: upgradeText(WEBSOCKET),
          chunk: Buffer.concat(Array(10_000).fill(frame('4'))),
          count: 600, // 42 MB, 96 MB as records
        },
      },
    );
    await once(rig.engine, 'connection');
    const before = memoryOutsideHeap();
    block(1500);
    expect(memoryOutsideHeap() - before).toBeLessThan(50e6);
    await flood.terminate();
  });
});
