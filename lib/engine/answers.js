/**
 * What Node's sockets are to write, told at once: within the call of the application that has emitted, or at
 * the end of the process. No ticks run between two of these records.
 */
'use strict';

const { sinksOf } = require('./sinks');
const { RecordDecoder } = require('./wire/record-decoder');
const { SILENT_SINKS } = require('./wire/record-sinks');

/** Takes answers and what streams write from a batch, and passes over all else. */
class AnswerReader extends RecordDecoder {
  #raise;

  /**
   * @param {import('./engine').Engine} engine
   * @param {(error: unknown) => void} raise what an exception is given to
   */
  constructor(engine, raise) {
    const { requests, streams, tlsStreams } = sinksOf(engine);
    super({
      ...SILENT_SINKS,
      requests: { ...SILENT_SINKS.requests, onResponse: (answer) => requests.onResponse(answer) },
      streams,
      tlsStreams,
    });
    this.#raise = raise;
  }

  /** @param {Parameters<RecordDecoder['begin']>} batch */
  receive(...batch) {
    this.begin(...batch);
    while (this.position < this.count) {
      try {
        this.deliver(this.records[this.position], this.records[this.position + 1]);
      } catch (error) {
        this.#raise(error);
      }
    }
    this.end();
    return true;
  }
}

module.exports = { AnswerReader };
