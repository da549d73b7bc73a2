/**
 * A stream in this process, and adapters over it that read when the test says so. They have what
 * `@socket.io/redis-streams-adapter` has, with its holes: own packets are given at once, and the past is
 * looked up on its own.
 */
'use strict';

const { ClusterAdapter } = require('socket.io-adapter');

const BROADCAST = 3;

class Stream {
  /** @type {{ offset: string, message: any }[]} */
  entries = [];
  /** @type {Map<string, any>} */
  sessions = new Map();
  /** What writing fails with. @type {Error | undefined} */
  failure = undefined;

  /** @param {any} message */
  add(message) {
    const offset = `1-${this.entries.length}`;
    this.entries.push({ offset, message: structuredClone(message) });
    return offset;
  }

  /** A packet of another server. @param {string} name @param {any} [opts] */
  emit(name, { rooms = [], except = [], flags = {}, id = undefined } = {}) {
    const packet = { type: 2, data: [name], ...(id !== undefined && { id }) };
    const data = { packet, opts: { rooms, except, flags } };
    return this.add({ uid: 'another', nsp: '/', type: BROADCAST, data });
  }
}

/** @param {Stream} stream */
const createStreamAdapter = (stream) =>
  class StreamAdapter extends ClusterAdapter {
    #read = stream.entries.length;
    /** Whether it reads by itself. */
    isReading = true;

    serverCount() {
      return Promise.resolve(2);
    }

    async doPublish(message) {
      if (stream.failure) throw stream.failure;
      const offset = stream.add(message);
      setImmediate(() => this.isReading && this.read());
      return offset;
    }

    /** Reads some of what was written, or all. @param {number} [count] */
    read(count = Infinity) {
      for (; this.#read < stream.entries.length && count > 0; count--) {
        const { offset, message } = stream.entries[this.#read++];
        this.onRawMessage(structuredClone(message), offset);
      }
    }

    onRawMessage(message, offset) {
      this.onMessage(message, offset);
    }

    persistSession(session) {
      stream.sessions.set(session.pid, structuredClone(session));
    }

    /** Called while a session is looked up, before and after. */
    onLookUp = async (/** @type {string} */ _when) => {};

    async restoreSession(pid, offset) {
      await this.onLookUp('before');
      const session = stream.sessions.get(pid);
      stream.sessions.delete(pid);
      const at = stream.entries.findIndex((entry) => entry.offset === offset);
      if (!session || at === -1) throw new Error('session or offset not found');
      const missedPackets = stream.entries
        .slice(at + 1)
        .filter(({ message: { type, data } }) => type === BROADCAST && isFor(data.opts, session))
        .map((entry) => [...structuredClone(entry.message.data.packet.data), entry.offset]);
      await this.onLookUp('after');
      return { ...session, missedPackets };
    }
  };

/** @param {any} opts @param {any} session */
function isFor({ rooms, except }, session) {
  const isIn = (/** @type {string[]} */ list) =>
    session.rooms.some((/** @type {string} */ room) => list.includes(room));
  return (rooms.length === 0 || isIn(rooms)) && !isIn(except);
}

module.exports = { Stream, createStreamAdapter };
