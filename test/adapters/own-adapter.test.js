/**
 * An adapter of the application, made from the abstract classes of the genuine socket.io-adapter as its
 * documentation shows. Two servers of ours behave as two genuine ones do.
 */
'use strict';

const { ClusterAdapterWithHeartbeat } = require('socket.io-adapter');
const { createAdapter, deliver } = require('./support/in-process-adapter');
const { createMember } = require('./support/member');
const { play, untilTimersEnd } = require('./support/scenario');

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(untilTimersEnd);

/** The same, whose servers find each other by heartbeats. */
const createAdapterWithHeartbeat = () => {
  /** @type {Set<any>} */
  const all = new Set();
  return class InProcessAdapter extends ClusterAdapterWithHeartbeat {
    constructor(nsp) {
      super(nsp, { heartbeatInterval: 1000, heartbeatTimeout: 3000 });
      all.add(this);
    }

    doPublish(message) {
      for (const other of all) {
        if (other !== this && other.nsp.name === this.nsp.name)
          deliver(other, 'onMessage', message);
      }
      return Promise.resolve('');
    }

    doPublishResponse(uid, response) {
      for (const other of all) if (other.uid === uid) deliver(other, 'onMessage', response);
      return Promise.resolve();
    }

    close() {
      super.close();
      all.delete(this);
    }
  };
};

/**
 * Two servers that share an adapter.
 * @param {string} module
 * @param {any} adapter
 */
function startCluster(module, adapter) {
  const { Server } = require(module);
  const urls = {};
  const members = {};
  for (const name of ['A', 'B']) {
    const io = new Server(0, { adapter });
    closers.push(() => io.close());
    urls[name] = `http://127.0.0.1:${io.httpServer.address().port}`;
    members[name] = createMember(io, name);
  }
  return { urls, run: async (name, action, ...args) => members[name].actions[action](...args) };
}

test.each([
  ['ClusterAdapter', createAdapter],
  ['ClusterAdapterWithHeartbeat', createAdapterWithHeartbeat],
])('a subclass of %s', async (_name, create) => {
  const [genuine, ours] = await Promise.all(
    ['socket.io', '../../lib'].map((module) => play(startCluster(module, create()))),
  );
  expect(genuine.length).toBeGreaterThan(50);
  expect(ours).toEqual(genuine);
});
