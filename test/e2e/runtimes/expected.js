'use strict';

/** What `echo.cjs` sees on each runtime, by its name in `RUNTIME_PROGRAMS`. The table of the documentation says the same. */

const ECHOED = {
  isNative: true,
  isOnOwnPort: true,
  websocket: ['é', 'bytes'],
  polling: ['é', 'bytes'],
  other: 'other /other',
  bundle: true,
  handled: 1,
};

/**
 * @typedef {object} Seen
 * @property {typeof ECHOED} plain
 * @property {typeof ECHOED | string} secure With the option `tls`; the code of the error where there is none.
 */

/** @type {Seen} */
const ON_NODE = { plain: ECHOED, secure: ECHOED };

/** @type {Record<string, Seen>} */
const EXPECTED = {
  bun: { plain: { ...ECHOED, isOnOwnPort: false }, secure: 'ERR_BEASTIO_TLS' },
  deno: { plain: ECHOED, secure: 'ERR_BEASTIO_TLS' },
  'node 22': ON_NODE,
  'node 24': ON_NODE,
  node: ON_NODE,
};

module.exports = { EXPECTED, ON_NODE };
