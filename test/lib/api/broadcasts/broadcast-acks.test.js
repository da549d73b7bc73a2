'use strict';

/** The acknowledgements of broadcasts, answer by answer: who may give one, and when it is too late. */

const { once } = require('node:events');
const { Adapter } = require('socket.io-adapter');
const { cleanUp, connectRaw, startServer } = require('../../../support/rigs/rig');
const { isOurs } = require('../../../support/subjects/subject');

afterEach(cleanUp);

/**
 * A server with raw clients in "/".
 * @param {number} count
 * @param {object} [opts]
 */
async function start(count, opts) {
  const io = startServer(opts);
  const all = [];
  while (all.length < count) all.push(await connectRaw(io));
  return { io, all };
}

/**
 * Broadcasts for acknowledgements, and waits until each of some clients has the packet.
 * @param {any} operator with a timeout
 * @param {any[]} recipients
 */
async function ask(operator, recipients) {
  const result = operator.emitWithAck('ask').then(
    (/** @type {any} */ responses) => responses,
    (/** @type {any} */ { responses }) => ({ partly: responses }),
  );
  let id;
  for (const { raw } of recipients) [, id] = /^42(\d+)\["ask"\]$/.exec(await raw.next());
  return { id, result };
}

describe.each([
  ['natively', {}],
  ['socket by socket', { adapter: Adapter }],
])('broadcast %s', (_name, opts) => {
  test('those who got the packet may answer, each once', async () => {
    const { io, all } = await start(4, opts);
    const [a, b, c, outsider] = all;
    for (const { socket } of [a, b, c]) socket.join('room');
    const { id, result } = await ask(io.to('room').except(c.socket.id).timeout(5000), [a, b]);
    for (const { raw, socket } of [outsider, c, a, a]) {
      const taken = once(socket, 'taken');
      raw.send(`43${id}["${raw === a.raw ? 'a' : 'outsider'}"]`, '42["taken"]');
      await taken;
    }
    b.raw.send(`43${id}["b"]`);
    expect(await result).toEqual(['a', 'b']);
  });

  test('several broadcasts wait side by side, answered in any order', async () => {
    const { io, all } = await start(2, opts);
    const asked = [];
    for (let i = 0; i < 3; i++) asked.push(await ask(io.timeout(5000), all));
    for (const { raw } of all) {
      raw.send(...asked.map(({ id }, i) => `43${id}[${i}]`).reverse());
    }
    for (const [i, { result }] of asked.entries()) expect(await result).toEqual([i, i]);
  });

  test('who leaves without an answer is missing at the timeout', async () => {
    const { io, all } = await start(3, opts);
    const { id, result } = await ask(io.timeout(1500), all);
    all[0].raw.send(`43${id}["a"]`);
    const left = once(all[1].socket, 'disconnect');
    all[1].raw.ws.terminate();
    await left;
    all[2].socket.disconnect();
    all[2].raw.send(`43${id}["late"]`);
    expect(await result).toEqual({ partly: ['a'] });
  });

  test('nothing is kept of a broadcast that is over, for whatever reason', async () => {
    const { io, all } = await start(2, opts);
    const kept = () =>
      all.map(({ socket }) => socket.acks.size).join() +
      (isOurs ? `,${io.sockets.awaitedAnswers.size}` : '');
    const nothing = isOurs ? '0,0,0' : '0,0';

    const answered = await ask(io.timeout(5000), all);
    expect(kept()).not.toBe(nothing);
    for (const { raw } of all) raw.send(`43${answered.id}[1]`);
    await answered.result;
    expect(kept()).toBe(nothing);

    const unanswered = await ask(io.timeout(50), all);
    await unanswered.result;
    expect(kept()).toBe(nothing);

    const empty = await io.to('nobody').timeout(5000).emitWithAck('ask');
    expect(empty).toEqual([]);
    expect(kept()).toBe(nothing);
  });

  test('a socket is called a recipient only once it is connected', async () => {
    const { io, all } = await start(1, opts);
    const onItsWay = new Promise((resolve) => {
      io.use((socket, next) => {
        socket.join('room');
        resolve({ socket, next });
      });
    });
    all[0].socket.join('room');
    const late = connectRaw(io);
    const { next } = await onItsWay;
    const { id, result } = await ask(io.to('room').timeout(5000), all);
    all[0].raw.send(`43${id}["a"]`);
    expect(await result).toEqual(['a']);
    next();
    await late;
  });

  test('outgoing listeners see the packet', async () => {
    const { io, all } = await start(2, opts);
    const seen = [];
    all[1].socket.onAnyOutgoing((...args) => seen.push(args));
    const { id, result } = await ask(io.timeout(5000), all);
    for (const { raw } of all) raw.send(`43${id}[]`);
    await result;
    expect(seen).toEqual([['ask']]);
  });

  test('an answer with attachments', async () => {
    const { io, all } = await start(1, opts);
    const { id, result } = await ask(io.timeout(5000), all);
    all[0].raw.send(`461-${id}[{"_placeholder":true,"num":0}]`, Buffer.from('x'));
    expect(await result).toEqual([Buffer.from('x')]);
  });
});

if (isOurs) {
  test('who has left is not waited for any longer', async () => {
    const { io, all } = await start(2);
    const { result } = await ask(io.timeout(300), all);
    for (const { socket } of all) socket.disconnect();
    expect(io.sockets.awaitedAnswers.size).toBe(0);
    expect(await result).toEqual({ partly: [] });
  });

  test('a broadcast for acknowledgements crosses once', async () => {
    const { io, all } = await start(10);
    const { commands } = io.engine;
    const { native } = commands;
    const flush = jest.fn((...args) => native.flush(...args));
    commands.native = { flush };
    const { id, result } = await ask(io.timeout(5000), all);
    expect(flush).toHaveBeenCalledTimes(1);
    expect(flush.mock.calls[0][1]).toBeLessThan(15); // numbers, for ten recipients
    for (const { raw } of all) raw.send(`43${id}[1]`);
    expect(await result).toHaveLength(10);
  });
}
