/**
 * What one run of a scenario wrote down: lines in lanes, one lane for each party. The order within a
 * lane counts; between lanes there is none, for two connections of one process have none either.
 */
'use strict';

const { show } = require('./show');

/** Session ids, socket ids and recovery secrets: 20 characters, of which not all are lower case. */
const ID = /(?<![\w-])(?=[\w-]*[A-Z\d])[\w-]{20}(?![\w-])/g;
/** What looks like one. */
const NO_IDS = new Set(['Sec-WebSocket-Accept', 'newBroadcastOperator']);
const DATE = /\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT/g;
const TIME = /\w{3} \w{3} \d{2} \d{4} \d{2}:\d{2}:\d{2} GMT[+-]\d{4} \([^)]*\)/g;
const EPOCH_MS = /\b1[5-9]\d{11}\b/g;
/** Offsets of packets that can be recovered: times with 64 digits, and a count. */
const OFFSET = new RegExp(`"${timePrefix()}[\\w-]{4}(\\.\\d+)?\\\\?"`, 'g');

/** What such a time begins with today. */
function timePrefix() {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_';
  const now = Date.now();
  return [6, 5, 4].map((place) => digits[Math.floor(now / 64 ** place) % 64]).join('');
}

class Trace {
  /** @type {Map<string, string[]>} */
  #lanes = new Map();
  /** Texts that mean nothing, such as ports, and what to write for them. @type {[string, string][]} */
  #masks = [];
  /** How many lines there are. */
  size = 0;

  /**
   * @param {string} lane
   * @param {string} label written as it is
   * @param {...unknown} values
   */
  note(lane, label, ...values) {
    this.size++;
    this.lines(lane).push([label, values.map((value) => show(value)).join(', ')].join(' ').trim());
  }

  /**
   * The lines of a lane so far, not yet made comparable.
   * @param {string} lane
   */
  lines(lane) {
    const lines = this.#lanes.get(lane) ?? [];
    this.#lanes.set(lane, lines);
    return lines;
  }

  /**
   * @param {string} text
   * @param {string} name
   */
  mask(text, name) {
    this.#masks.push([text, name]);
  }

  /**
   * All lanes by name, with what differs from run to run made equal. An id becomes the number of its first
   * appearance, so that it still shows which ids are the same.
   * @returns {Record<string, string[]>}
   */
  finish() {
    /** @type {Map<string, string>} */
    const ids = new Map();
    const nameOf = (/** @type {string} */ id) => {
      if (NO_IDS.has(id)) return id;
      if (!ids.has(id)) ids.set(id, `<id ${ids.size + 1}>`);
      return /** @type {string} */ (ids.get(id));
    };
    /** @type {Map<string, string>} */
    const offsets = new Map();
    const offsetOf = (/** @type {string} */ offset) => {
      if (!offsets.has(offset)) offsets.set(offset, `<offset ${offsets.size + 1}>`);
      return /** @type {string} */ (offsets.get(offset));
    };
    const comparable = (/** @type {string} */ line) => {
      for (const [text, name] of this.#masks) line = line.replaceAll(text, name);
      return line
        .replace(DATE, '<date>')
        .replace(TIME, '<time>')
        .replace(EPOCH_MS, '<ms>')
        .replace(ID, nameOf)
        .replace(OFFSET, offsetOf);
    };
    const lanes = [...this.#lanes].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(lanes.map(([name, lines]) => [name, lines.map(comparable)]));
  }
}

module.exports = { Trace };
