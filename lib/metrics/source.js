/**
 * Where figures come from: the engines of servers, asked once for each time that somebody looks.
 */
'use strict';

/** @typedef {import('../../types/stats').EngineStats} EngineStats */

class Source {
  /** What was asked last. @type {EngineStats | undefined} */
  #stats;

  /**
   * @param {any} server a Socket.IO server, or an engine
   * @param {Record<string, string>} labels of all its values
   * @param {boolean} byThread
   */
  constructor(server, labels, byThread) {
    this.server = server;
    this.labels = labels;
    this.byThread = byThread;
  }

  /**
   * The figures, the same within a turn of the event loop.
   * @returns {EngineStats | undefined} undefined: there is no engine yet, or another than ours
   */
  read() {
    if (this.#stats === undefined) {
      const engine = this.server.engine ?? this.server;
      if (typeof engine.stats !== 'function') return undefined;
      this.#stats = engine.stats();
      setImmediate(() => (this.#stats = undefined));
    }
    return this.#stats;
  }
}

module.exports = { Source };
