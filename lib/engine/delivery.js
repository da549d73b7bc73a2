/**
 * Delivers what the I/O threads tell, batch after batch, in slices. It knows how long the application's
 * handlers have taken: the clock is read twice for each slice, whatever is in it.
 */
'use strict';

class Delivery {
  /** Slices that were delivered. */
  slices = 0;
  /** What they have taken, in milliseconds: handlers, their ticks, and what was decoded for them. */
  time = 0;
  /** What the longest has taken. */
  longest = 0;
  #engine;
  #records;

  /**
   * @param {import('./engine').Engine} engine
   * @param {import('./wire/record-reader').RecordReader} records
   */
  constructor(engine, records) {
    this.#engine = engine;
    this.#records = records;
  }

  /**
   * Delivers a batch.
   * @param {Parameters<import('./wire/record-reader').RecordReader['receive']>} batch
   * @returns {boolean} whether it has been delivered to its end; if not, the rest follows
   */
  receive(...batch) {
    return this.#inSlice(() => this.#records.receive(...batch));
  }

  #goOn = () => {
    if (this.#inSlice(() => this.#records.goOn())) this.#engine.native.delivered();
  };

  /**
   * Delivers a part of a batch. At the end of the batch, what the application has sent leaves. Where it was
   * not the last part, the event loop turns before the next one.
   * @param {() => boolean} deliver
   */
  #inSlice(deliver) {
    const { commands } = this.#engine;
    commands.beginTurn();
    const begin = performance.now();
    const isDelivered = deliver();
    const time = performance.now() - begin;
    this.slices += 1;
    this.time += time;
    if (time > this.longest) this.longest = time;
    commands.endTurn();
    if (!isDelivered) setImmediate(this.#goOn);
    return isDelivered;
  }
}

module.exports = { Delivery };
