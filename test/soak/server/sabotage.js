/**
 * Faults on purpose, to see that a soak finds them. Each makes of a broadcast what a broken server would make
 * of it.
 */
'use strict';

const fs = require('node:fs');

/** Each so manieth broadcast is treated badly. */
const EACH = 20;

/** So many are sent before the server dies: more than a test has members, so that some have been heard. */
const BEFORE_DEATH = 10;

/**
 * @typedef {(send: () => void) => void} Handling
 * @type {Record<string, () => Handling>}
 */
const SABOTAGES = {
  lose() {
    let count = 0;
    return (send) => void (++count % EACH !== 0 && send());
  },
  double() {
    let count = 0;
    return (send) => {
      send();
      if (++count % EACH === 0) send();
    };
  },
  /** One is held back for a time in which its sender says more. */
  swap() {
    let count = 0;
    return (send) => {
      if (++count % EACH === 0) setTimeout(send, 3000);
      else send();
    };
  },
  leak() {
    setInterval(() => fs.openSync('/dev/null', 'r'), 100);
    return (send) => send();
  },
  die() {
    let count = 0;
    return (send) => {
      if (++count > BEFORE_DEATH) process.kill(process.pid, 'SIGSEGV');
      send();
    };
  },
};

/**
 * @param {string[]} names
 * @returns {Handling} what a broadcast goes through
 */
function sabotageOf(names) {
  const handlings = names.map((name) => SABOTAGES[name]());
  return (send) => handlings.reduce((rest, handle) => () => handle(rest), send)();
}

module.exports = { SABOTAGES, sabotageOf };
