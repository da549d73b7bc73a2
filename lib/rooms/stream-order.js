/**
 * Recovery over a stream without a loss: what `@socket.io/redis-streams-adapter` (any ClusterAdapter with
 * `onRawMessage`) leaves to chance. Two rules make it exact.
 *
 * A server gives its sockets everything in the order of the stream, its own packets included. The adapter
 * gives its own ones at once, ahead of earlier ones of others. A client that leaves between the two names
 * the later one as its last, and never gets the earlier one.
 *
 * A socket that comes back gets the past up to where this server has read, and the rest as it is read. The
 * adapter looks the past up on one connection and reads on another, whichever is first.
 *
 * Bound: for each socket on its way in, the packets that were read since it asked.
 */
'use strict';

const { setTimeout: sleep } = require('node:timers/promises');
const { isFor } = require('./is-for');

/** Of socket.io-adapter's MessageType; those between are carried out by each server. */
const HEARTBEAT = 2;
const BROADCAST = 3;
const SOCKETS_JOIN = 4;
const SOCKETS_LEAVE = 5;
const DISCONNECT_SOCKETS = 6;

/** How often a server writes to the stream until it reads there, and for how long. */
const PROBE_MS = 50;
const MAX_PROBES = 200;

const ignore = () => {};

/** @typedef {{ rooms: Iterable<string>, except: Iterable<string>, flags?: any }} Opts */
/** @typedef {{ rooms: string[], except: string[], flags?: any }} StoredOpts */
/** @typedef {{ offset: string, data: any[], opts: StoredOpts }} Passed */

/** @param {string} offset `<milliseconds>-<number>` */
const partsOf = (offset) => offset.split('-').map(Number);

/**
 * Whether an offset is behind another one in the stream.
 * @param {string} one
 * @param {string} other
 */
function isAfter(one, other) {
  const [[ms, number], [otherMs, otherNumber]] = [partsOf(one), partsOf(other)];
  return ms > otherMs || (ms === otherMs && number > otherNumber);
}

/** @param {Opts} opts @returns {StoredOpts} */
const storedOpts = ({ rooms, except, flags }) => ({
  rooms: [...rooms],
  except: [...(except ?? [])],
  flags,
});

class StreamOrder {
  #adapter;
  /** The methods of the adapter that this stands before. */
  #original;
  /** The offset of the last message that was read. @type {string | undefined} */
  #position = undefined;
  /** What was read since a socket asked for its past, for each that is on its way. @type {Set<Passed[]>} */
  #logs = new Set();
  /** Until the stream is read. @type {Promise<void> | undefined} */
  #reading = undefined;
  /** Called with the first message that is read. @type {() => void} */
  #onFirstRead = ignore;
  #isClosed = false;

  /** @param {any} adapter */
  constructor(adapter) {
    this.#adapter = adapter;
    const { onMessage, restoreSession, close } = adapter;
    this.#original = {
      onMessage: onMessage.bind(adapter),
      restoreSession: restoreSession.bind(adapter),
    };
    adapter.onMessage = this.#take.bind(this);
    adapter.restoreSession = this.#restore.bind(this);
    adapter.close = () => {
      this.#isClosed = true;
      return close.call(adapter);
    };
    this.#order('broadcast', BROADCAST, (packet, opts) => ({ packet, opts }));
    this.#order('addSockets', SOCKETS_JOIN, (opts, rooms) => ({ opts, rooms }));
    this.#order('delSockets', SOCKETS_LEAVE, (opts, rooms) => ({ opts, rooms }));
    this.#order('disconnectSockets', DISCONNECT_SOCKETS, (opts, all) => ({ opts, close: all }));
    this.#untilReading().catch(ignore); // who needs it asks again
  }

  /**
   * Has a method of the adapter take effect here when its message is read. Where it cannot be written, it
   * takes effect at once.
   * @param {string} method
   * @param {number} type of its message
   * @param {(...args: any[]) => { opts: Opts } & Record<string, any>} name its arguments
   */
  #order(method, type, name) {
    const adapter = this.#adapter;
    const original = adapter[method].bind(adapter);
    adapter[method] = async (/** @type {any[]} */ ...args) => {
      const data = name(...args);
      const { opts } = data;
      if (opts.flags?.local) return original(...args);
      const message = { type, data: { ...data, opts: storedOpts(opts), inOrder: true } };
      try {
        await this.#untilReading(); // each time, so that all wait for the same number of microtasks
        await adapter.publishAndReturnOffset(message);
      } catch {
        opts.flags = { ...opts.flags, local: true };
        return original(...args);
      }
    };
  }

  /**
   * Takes a message. Those that were read in the stream have an offset.
   * @param {any} message
   * @param {string} [offset]
   */
  #take(message, offset) {
    if (offset === undefined) return this.#original.onMessage(message, offset);
    if (this.#position === undefined) this.#onFirstRead();
    this.#position = offset;
    const isOurs = message.uid === this.#adapter.uid;
    if (isOurs && !message.data?.inOrder) return undefined;
    if (message.type === BROADCAST) this.#note(message.data, offset);
    // The adapter ignores what has its own name.
    return this.#original.onMessage(isOurs ? { ...message, uid: undefined } : message, offset);
  }

  /**
   * @param {any} data of a broadcast
   * @param {string} offset
   */
  #note({ packet, opts }, offset) {
    if (this.#logs.size === 0 || packet.id !== undefined || opts.flags?.volatile) return;
    for (const log of this.#logs) log.push({ offset, data: [...packet.data, offset], opts });
  }

  /**
   * As the adapter, but `takeMissed()` of the session gives what is missing at that moment, and the next time
   * what has come since. `release()` ends that.
   * @param {string} pid
   * @param {string} offset
   */
  async #restore(pid, offset) {
    await this.#untilReading();
    /** @type {Passed[]} */
    const log = [];
    this.#logs.add(log);
    try {
      const session = await this.#original.restoreSession(pid, offset);
      return { ...session, ...this.#catchUp(session, offset, log) };
    } catch (err) {
      this.#logs.delete(log);
      throw err;
    }
  }

  /**
   * @param {any} session
   * @param {string} offset
   * @param {Passed[]} log
   */
  #catchUp({ rooms, missedPackets }, offset, log) {
    let past = missedPackets;
    let last = offset;
    return {
      takeMissed: () => {
        const position = /** @type {string} */ (this.#position);
        const known = past.filter((/** @type {any[]} */ data) => !isAfter(data.at(-1), position));
        past = [];
        last = known.at(-1)?.at(-1) ?? last;
        const passed = log
          .splice(0)
          .filter((each) => isAfter(each.offset, last) && isFor(each.opts, rooms))
          .map(({ data }) => data);
        last = passed.at(-1)?.at(-1) ?? last;
        return [...known, ...passed];
      },
      release: () => void this.#logs.delete(log),
    };
  }

  /**
   * Waits until the stream is read: the adapter begins at its end, whenever that is. From then on nothing is
   * left out.
   * Errors: rejects where the stream cannot be written, or nothing is read for long.
   */
  #untilReading() {
    this.#reading ??= this.#probe().catch((err) => {
      this.#reading = undefined;
      throw err;
    });
    return this.#reading;
  }

  async #probe() {
    const { nsp, uid } = this.#adapter;
    const read = new Promise((resolve) => (this.#onFirstRead = () => resolve(undefined)));
    for (let i = 0; i < MAX_PROBES && !this.#isClosed; i++) {
      await this.#adapter.doPublish({ uid, nsp: nsp.name, type: HEARTBEAT });
      // Of no fixed length: it must not keep step with the adapter, which reads at intervals.
      const pause = PROBE_MS * (0.5 + Math.random());
      await Promise.race([read, sleep(pause, undefined, { ref: false })]);
      if (this.#position !== undefined) return;
    }
    throw new Error('nothing is read of the stream');
  }
}

/**
 * Puts an adapter in order, if that is asked for, and it is one over a stream that recovers sessions.
 * @param {any} adapter of a namespace
 * @param {{ connectionStateRecovery?: unknown, recoverWithoutLoss?: boolean }} opts the server's options
 */
function keepStreamOrder(adapter, { connectionStateRecovery, recoverWithoutLoss }) {
  const methods = ['onRawMessage', 'onMessage', 'publishAndReturnOffset', 'restoreSession'];
  const isAsked = connectionStateRecovery && recoverWithoutLoss;
  if (isAsked && methods.every((name) => typeof adapter[name] === 'function')) {
    new StreamOrder(adapter);
  }
}

module.exports = { keepStreamOrder };
