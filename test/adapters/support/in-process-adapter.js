/**
 * An adapter of a cluster whose servers are in one process, from the abstract class of the genuine
 * socket.io-adapter.
 */
'use strict';

const { ClusterAdapter } = require('socket.io-adapter');

/**
 * Gives a message to another server, as if it had been on the way.
 * @param {any} to
 * @param {string} method
 * @param {any[]} args
 */
const deliver = (to, method, ...args) => {
  const copies = structuredClone(args);
  setImmediate(() => to[method](...copies));
};

/** A cluster whose servers are in one process. */
const createAdapter = () => {
  /** @type {Set<any>} */
  const all = new Set();
  return class InProcessAdapter extends ClusterAdapter {
    constructor(nsp) {
      super(nsp);
      all.add(this);
    }

    others() {
      return [...all].filter((other) => other !== this && other.nsp.name === this.nsp.name);
    }

    serverCount() {
      return Promise.resolve(1 + this.others().length);
    }

    doPublish(message) {
      for (const other of this.others()) deliver(other, 'onMessage', message);
      return Promise.resolve('');
    }

    doPublishResponse(uid, response) {
      const requester = this.others().find((other) => other.uid === uid);
      if (requester) deliver(requester, 'onResponse', response);
      return Promise.resolve();
    }

    close() {
      all.delete(this);
    }
  };
};

module.exports = { createAdapter, deliver };
