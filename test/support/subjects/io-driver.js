'use strict';

/**
 * Set-up of a Jest project: who does the socket I/O of servers that do not say it (the option `ioDriver`).
 * `changing`: the default, but the JavaScript thread is now and then late, so that the loops change hands.
 */

const options = require('../../../lib/options/ours');

/** As late as a host must be to lose its loop, and less. */
const MOST_BLOCKED_MS = 15;
const MOST_BETWEEN_MS = 60;

const { BEASTIO_DRIVER: driver } = /** @type {any} */ (globalThis);

const option = /** @type {any} */ (options.find(({ name }) => name === 'ioDriver'));
option.value = driver === 'changing' ? 'auto' : driver;

/** @type {NodeJS.Timeout | undefined} */
let next;

/** Keeps this thread from its event loop for a moment, again and again. */
function blockNowAndThen() {
  next = setTimeout(() => {
    const end = performance.now() + Math.random() * MOST_BLOCKED_MS;
    while (performance.now() < end);
    blockNowAndThen();
  }, Math.random() * MOST_BETWEEN_MS);
}

if (driver === 'changing') {
  beforeAll(blockNowAndThen);
  afterAll(() => clearTimeout(next)); // or it would slow down all later files of the worker
}
