/**
 * Tells the I/O threads the options. Applications change options while the engine serves. What has changed is
 * told before the next request is handed on.
 */
'use strict';

const { GivenOptions } = require('./base/given-options');
const { deflateOptions, nativeOptions, readyForAddon, validate } = require('./base/options');

class OptionSync {
  #engine;
  /** As they were looked at last; undefined: to be told anyway. @type {GivenOptions | undefined} */
  #given;
  /** What the addon was last told. */
  #told;
  /** Fixed at the start, as in `ws`: connections share the I/O threads' zlib streams. */
  #perMessageDeflate;
  /** Whether nobody new is let in. */
  #isDraining = false;

  /**
   * @param {import('./engine').Engine} engine with its options
   * @throws {TypeError | RangeError} naming the option that cannot be used
   */
  constructor(engine) {
    this.#engine = engine;
    this.#given = new GivenOptions(engine.opts);
    this.#told = nativeOptions(engine.opts);
    this.#perMessageDeflate = deflateOptions(engine.opts.perMessageDeflate);
  }

  /** Those that were told last, as the addon takes them. */
  forAddon() {
    return { ...readyForAddon(this.#told), perMessageDeflate: this.#perMessageDeflate };
  }

  /**
   * Has the I/O threads let nobody new in, or let them in again. Who is there stays, and may still upgrade.
   * @param {boolean} isDraining
   */
  setDraining(isDraining) {
    if (this.#isDraining !== isDraining) this.#given = undefined;
    this.#isDraining = isDraining;
    this.sync();
  }

  /**
   * Tells the addon when an option has been changed.
   * @throws {TypeError | RangeError} if it cannot be used
   */
  sync() {
    const { opts, port, commands, native } = this.#engine;
    if (!port && this.#given?.isOf(opts)) return;
    const next = nativeOptions(opts, port?.nativeOptions());
    next.isDraining = this.#isDraining;
    const told = /** @type {any} */ (this.#told);
    const isChanged = Object.entries(next).some(([name, value]) => told[name] !== value);
    if (isChanged) validate(opts);
    this.#given = new GivenOptions(opts);
    if (!isChanged) return;
    this.#told = next;
    commands.flush(); // the requests that came before the change
    native.setOptions(this.forAddon());
  }
}

module.exports = { OptionSync };
