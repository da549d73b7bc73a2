/**
 * The acknowledgements that broadcasts of one namespace still wait for: per broadcast one callback and
 * the ids of those who may answer it, each once. Bound: who is gone is forgotten at once, and all of a
 * broadcast when its time is over.
 */
'use strict';

/** @typedef {(...args: any[]) => void} Callback */

class AwaitedAnswers {
  /** @type {Map<number, { pending: Set<string>, callback: Callback }>} */
  #byBroadcast = new Map();

  /**
   * Waits for the answers to a broadcast.
   * @param {number} id of its packet
   * @param {Set<string>} recipients ids of sockets; taken over
   * @param {Callback} callback
   */
  expect(id, recipients, callback) {
    if (recipients.size !== 0) this.#byBroadcast.set(id, { pending: recipients, callback });
  }

  /**
   * What an answer is to be given to, once; undefined if nobody waits for it.
   * @param {number} id
   * @param {string} socketId
   * @returns {Callback | undefined}
   */
  take(id, socketId) {
    const broadcast = this.#byBroadcast.get(id);
    if (!broadcast?.pending.delete(socketId)) return undefined;
    if (broadcast.pending.size === 0) this.#byBroadcast.delete(id);
    return broadcast.callback;
  }

  /**
   * Waits no longer for the answers to a broadcast.
   * @param {number} id
   * @returns {boolean} whether some were still expected
   */
  forget(id) {
    return this.#byBroadcast.delete(id);
  }

  /**
   * A socket is gone and will not answer.
   * @param {string} socketId
   */
  forgetSocket(socketId) {
    for (const id of this.#byBroadcast.keys()) this.take(id, socketId);
  }

  /** How many broadcasts wait. */
  get size() {
    return this.#byBroadcast.size;
  }
}

module.exports = { AwaitedAnswers };
