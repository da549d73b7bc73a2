/**
 * How fields of a command that are more than a number are put into the buffer. The addon takes them
 * out in native/node/wire/command-fields.cpp.
 */
'use strict';

const { CommandBuffer } = require('./command-buffer');

/** A text of this length is a separate value: joining it with others would copy it once more. */
const LONG_TEXT = 4 * 1024;

/** What stands for the length of a part that is a separate value. */
const VALUE = -1;

/** @typedef {import('./command-buffer').Part} Part */
/**
 * @typedef {object} Addressee What a command names a session by.
 * @property {number} place
 * @property {number} generation
 */

class CommandFields extends CommandBuffer {
  /**
   * @param {readonly number[]} rooms
   * @param {number} at where their count goes
   * @returns {number} where the next field goes
   */
  putRooms(rooms, at) {
    const { numbers } = this;
    numbers[at++] = rooms.length;
    for (const room of rooms) numbers[at++] = room;
    return at;
  }

  /**
   * @param {readonly Addressee[]} sessions
   * @param {number} at where their count goes
   * @returns {number} where the next field goes
   */
  putSessions(sessions, at) {
    const { numbers } = this;
    numbers[at++] = sessions.length;
    for (const { place, generation } of sessions) {
      numbers[at++] = place;
      numbers[at++] = generation;
    }
    return at;
  }

  /**
   * Messages that make up a packet.
   * @param {readonly Part[]} parts
   * @param {number} at where their count goes
   * @returns {number} where the next field goes
   */
  putParts(parts, at) {
    const { numbers } = this;
    numbers[at++] = parts.length;
    for (const part of parts) {
      if (typeof part !== 'string' || part.length >= LONG_TEXT) {
        numbers[at++] = VALUE;
        this.keep(part);
      } else {
        numbers[at++] = part.length;
        this.text += part;
      }
    }
    return at;
  }
}

module.exports = { CommandFields, LONG_TEXT };
