'use strict';

/**
 * Decides what follows a change of sources: C++ is built first, then the program starts anew. What changes
 * meanwhile is done right after. A build that fails, or has nothing to do, leaves the program as it is.
 */

/** Editors and git write many files at once: they are one change. */
const QUIET_MS = 150;

class RebuildLoop {
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #needsBuild = false;
  #needsRestart = false;
  #isRunning = false;
  /** Whether the last build failed: a change of JavaScript alone must not start what was not built. */
  #isBroken = false;

  /**
   * @param {object} actions
   * @param {() => Promise<boolean>} actions.build Gives whether there was anything to build; rejects when
   *   the sources do not compile.
   * @param {() => Promise<void>} actions.restart
   * @param {(error: unknown) => void} actions.onFailure Told of a build that failed.
   */
  constructor({ build, restart, onFailure }) {
    this.actions = { build, restart, onFailure };
  }

  /**
   * A source has changed.
   * @param {{ isNative: boolean }} change
   */
  notice({ isNative }) {
    if (isNative) this.#needsBuild = true;
    else this.#needsRestart = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#run(), QUIET_MS);
  }

  async #run() {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      while (this.#needsBuild || this.#needsRestart) await this.#runOnce();
    } finally {
      this.#isRunning = false;
    }
  }

  async #runOnce() {
    const { build, restart, onFailure } = this.actions;
    const needsBuild = this.#needsBuild || this.#isBroken;
    const needsRestart = this.#needsRestart;
    this.#needsBuild = false;
    this.#needsRestart = false;
    try {
      const isBuilt = needsBuild && (await build());
      if (isBuilt || needsRestart) await restart();
      this.#isBroken = false;
    } catch (error) {
      this.#isBroken = true;
      onFailure(error);
    }
  }
}

module.exports = { RebuildLoop };
