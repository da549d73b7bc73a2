/**
 * The acknowledgements that broadcasts of one namespace still wait for. Each broadcast has one callback,
 * and the ids of the sockets that may still answer it. Bound: a socket that is gone is forgotten at once,
 * a broadcast when its time is over.
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
   * The callback for an answer, which counts as given now; undefined if nobody waits for it.
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
   * @returns {Callback[]} of the broadcasts that it has not answered
   */
  forgetSocket(socketId) {
    /** @type {Callback[]} */
    const unanswered = [];
    for (const id of this.#byBroadcast.keys()) {
      const callback = this.take(id, socketId);
      if (callback !== undefined) unanswered.push(callback);
    }
    return unanswered;
  }

  /** How many broadcasts wait. */
  get size() {
    return this.#byBroadcast.size;
  }
}

module.exports = { AwaitedAnswers };
