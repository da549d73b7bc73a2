/**
 * What the person sees while the bench runs, on stderr: one line that changes on a terminal, a line
 * for each finished cell elsewhere.
 */
'use strict';

const CLEAR_LINE = '\r\x1b[K';

class Progress {
  #stream;
  #total;
  #done = 0;
  #startMs = performance.now();

  /**
   * @param {NodeJS.WriteStream} stream
   * @param {number} total cells
   */
  constructor(stream, total) {
    this.#stream = stream;
    this.#total = total;
  }

  /**
   * A cell has begun.
   * @param {string} label
   */
  begin(label) {
    if (this.#stream.isTTY) this.#stream.write(`${CLEAR_LINE}${this.#counter()} ${label} …`);
  }

  /**
   * The cell has ended, or is left out.
   * @param {string} label
   * @param {string} result
   */
  end(label, result) {
    this.#done += 1;
    if (!this.#stream.isTTY) this.#stream.write(`${this.#counter()} ${label}: ${result}\n`);
  }

  /**
   * A line that stays.
   * @param {string} text
   */
  say(text) {
    this.#stream.write(`${this.#stream.isTTY ? CLEAR_LINE : ''}${text}\n`);
  }

  /** All cells have ended. */
  finish() {
    if (this.#stream.isTTY) this.#stream.write(CLEAR_LINE);
  }

  #counter() {
    return `[${this.#done}/${this.#total}${this.#left()}]`;
  }

  /** Cells differ in length; after a few the mean says enough. */
  #left() {
    if (this.#done < 5) return '';
    const meanMs = (performance.now() - this.#startMs) / this.#done;
    return `, ${Math.ceil((meanMs * (this.#total - this.#done)) / 60_000)} min left`;
  }
}

module.exports = { Progress };
