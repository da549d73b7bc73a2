/** What happens to the members of a soak, counted. */
'use strict';

const MOST_TOLD = 20;

class Tally {
  connections = 0;
  recovered = 0;
  /** Messages that arrived with other contents. */
  damaged = 0;
  /** Sessions whose messages are not owed any longer. */
  sessionsEnded = { 'on purpose': 0, 'too long away': 0 };
  /** By reason. @type {Record<string, number>} */
  disconnections = {};
  /** Clients that came back in time, and were not known any more. */
  strangers = 0;
  /** About these. @type {string[]} */
  estrangements = [];
  /** Whatever else went wrong. @type {string[]} */
  faults = [];

  /** @param {string} reason */
  disconnected(reason) {
    this.disconnections[reason] = (this.disconnections[reason] ?? 0) + 1;
  }

  /** @param {string} words */
  unrecovered(words) {
    this.strangers++;
    if (this.estrangements.length < MOST_TOLD) this.estrangements.push(words);
  }

  /** @param {string} words */
  fault(words) {
    if (this.faults.length < MOST_TOLD) this.faults.push(words);
  }
}

module.exports = { Tally };
