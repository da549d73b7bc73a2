/**
 * One server of a cluster and what a scenario can have it do. It runs in the test's process or in a worker,
 * so what goes in and comes out is plain data. Sockets are named by their clients.
 */
'use strict';

/** What the servers of a cluster answer each other. @param {any} io @param {string} name */
function answerOthers(io, name) {
  /** @type {any[]} */
  const heard = [];
  io.on('hello', (/** @type {any[]} */ ...args) => {
    const ack = args.at(-1);
    if (typeof ack !== 'function') heard.push(args);
    else ack({ from: name, got: args.slice(0, -1) });
  });
  io.on('silent', () => {});
  return heard;
}

/** @param {Promise<any>} promise of a broadcast for acknowledgements */
function outcome(promise) {
  return promise.then(
    (answers) => ({ answers: Array.isArray(answers) ? answers.sort() : answers }),
    (err) => ({ error: err.message, answers: err.responses?.sort() }),
  );
}

/**
 * Prepares a server.
 * @param {any} io
 * @param {string} name
 */
function createMember(io, name) {
  // The genuine engine waits 30 seconds for polls that do not come, and keeps the process running.
  io.engine.on('connection', (/** @type {any} */ { transport }) => {
    if (transport.closeTimeout) transport.closeTimeout = 500;
  });
  const nsp = io.of('/n');
  const heard = answerOthers(nsp, name);
  nsp.on('connection', (/** @type {any} */ socket) => {
    const { as } = socket.handshake.auth;
    socket.data = { as };
    socket.on('who', (/** @type {any} */ ack) => ack(name));
  });

  const local = (/** @type {string} */ as) =>
    [...nsp.sockets.values()].find((/** @type {any} */ socket) => socket.data.as === as);
  /** A socket of the cluster, and what fetchSockets gives for it. @param {string} as */
  const find = async (as) => {
    const all = await nsp.fetchSockets();
    return all.find((/** @type {any} */ socket) => socket.data.as === as);
  };
  /**
   * An operator: `{ to, except, local, volatile, compress, timeout, from }`.
   * @param {any} how
   */
  const operator = async (how) => {
    let op = how.from ? local(how.from) : nsp;
    const roomsOf = (/** @type {string[]} */ rooms) =>
      Promise.all(
        rooms.map(async (room) => (room.startsWith('@') ? (await find(room.slice(1))).id : room)),
      );
    if (how.to) op = op.to(await roomsOf(how.to));
    if (how.except) op = op.except(await roomsOf(how.except));
    if (how.broadcast) op = op.broadcast;
    if (how.local) op = op.local;
    if (how.volatile) op = op.volatile;
    if (how.compress !== undefined) op = op.compress(how.compress);
    if (how.timeout) op = op.timeout(how.timeout);
    return op;
  };

  return {
    /** @type {Record<string, (...args: any[]) => any>} */
    actions: {
      async emit(how, ...args) {
        (await operator(how)).emit(
          ...args.map((arg) => (arg?.bytes ? Buffer.from(arg.bytes) : arg)),
        );
      },
      ask: async (how, ...args) => outcome((await operator(how)).emitWithAck(...args)),
      async fetch(how) {
        const sockets = await (await operator(how)).fetchSockets();
        const names = new Map(
          (await nsp.fetchSockets()).map((/** @type {any} */ s) => [s.id, s.data.as]),
        );
        return sockets
          .map((/** @type {any} */ socket) => ({
            as: socket.data.as,
            rooms: [...socket.rooms].map((room) => names.get(room) ?? room).sort(),
            auth: socket.handshake.auth,
            handshake: Object.keys(socket.handshake).sort(),
            isRemote: socket.server === undefined,
          }))
          .sort((/** @type {any} */ a, /** @type {any} */ b) => (a.as < b.as ? -1 : 1));
      },
      async ids() {
        const names = new Map(
          (await nsp.fetchSockets()).map((/** @type {any} */ s) => [s.id, s.data.as]),
        );
        return [...(await nsp.allSockets())].map((id) => names.get(id)).sort();
      },
      join: async (how, rooms) => (await operator(how)).socketsJoin(rooms),
      leave: async (how, rooms) => (await operator(how)).socketsLeave(rooms),
      disconnect: async (how, close) => (await operator(how)).disconnectSockets(close),
      async remote(as, method, ...args) {
        const result = await (await find(as))[method](...args);
        return typeof result === 'object' ? 'itself' : result;
      },
      remoteAsk: async (as, timeout, ...args) =>
        outcome((await find(as)).timeout(timeout).emitWithAck(...args)),
      serverSideEmit: (...args) => nsp.serverSideEmit(...args),
      serverSideAsk: (...args) => outcome(nsp.serverSideEmitWithAck(...args)),
      heard: () => heard.splice(0),
      serverCount: () => nsp.adapter.serverCount(),
      options: () => nsp.server.opts.connectTimeout,
      count: () => nsp.sockets.size,
      rooms: () => [...nsp.adapter.rooms.keys()].filter((room) => room.length < 20).sort(),
    },
  };
}

module.exports = { createMember };
