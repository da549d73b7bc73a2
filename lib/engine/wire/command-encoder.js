/**
 * Writes commands into the buffer, field by field.
 * Generated from native/node/wire/wire.json by `npm run wire`.
 */
'use strict';

const { CommandFields } = require('./command-fields');

/** How many numbers a command has, without what its lists hold. */
const COMMAND_SIZE = Object.freeze({
  SEND: 5,
  SEND_PARTS: 5,
  BROADCAST: 7,
  JOIN: 4,
  LEAVE: 4,
  CLOSE: 5,
  SHARE: 3,
  SEND_SHARED: 3,
  MARK: 3,
  TERMINATE: 3,
  REQUEST: 10,
  STREAM_DATA: 3,
  SEND_STRING: 6,
  TICK: 1,
  NOTE: 4,
  WATCH: 4,
  PAUSE: 4,
  SLOW_CLIENT: 5,
});

/** @typedef {import('./command-fields').Addressee} Addressee */
/** @typedef {import('./command-buffer').Part} Part */

class CommandEncoder extends CommandFields {
  /**
   * Sends one text message.
   * @param {number} flags
   * @param {Addressee} session
   * @param {string} text
   */
  putSend(flags, session, text) {
    const at = this.reserve(5);
    const { numbers } = this;
    numbers[at] = 1;
    numbers[at + 1] = flags;
    numbers[at + 2] = session.place;
    numbers[at + 3] = session.generation;
    numbers[at + 4] = text.length;
    this.text += text;
  }

  /**
   * Sends messages that belong together: a text and its attachments, or one of bytes.
   * @param {number} flags
   * @param {Addressee} session
   * @param {readonly Part[]} parts
   */
  putSendParts(flags, session, parts) {
    let at = this.reserve(5 + parts.length);
    const { numbers } = this;
    numbers[at++] = 2;
    numbers[at++] = flags;
    numbers[at++] = session.place;
    numbers[at++] = session.generation;
    this.putParts(parts, at);
  }

  /**
   * Sends one packet to many: to members of rooms and to sessions, without those of the others.
   * @param {number} flags
   * @param {readonly number[]} rooms
   * @param {readonly number[]} exceptRooms
   * @param {readonly Addressee[]} sessions
   * @param {readonly Addressee[]} exceptSessions
   * @param {readonly Part[]} parts
   */
  putBroadcast(flags, rooms, exceptRooms, sessions, exceptSessions, parts) {
    let at = this.reserve(
      7 +
        rooms.length +
        exceptRooms.length +
        2 * sessions.length +
        2 * exceptSessions.length +
        parts.length,
    );
    const { numbers } = this;
    numbers[at++] = 3;
    numbers[at++] = flags;
    at = this.putRooms(rooms, at);
    at = this.putRooms(exceptRooms, at);
    at = this.putSessions(sessions, at);
    at = this.putSessions(exceptSessions, at);
    this.putParts(parts, at);
  }

  /**
   * Puts a session into a room.
   * @param {Addressee} session
   * @param {number} room
   */
  putJoin(session, room) {
    const at = this.reserve(4);
    const { numbers } = this;
    numbers[at] = 4;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
    numbers[at + 3] = room;
  }

  /**
   * Takes a session out of a room.
   * @param {Addressee} session
   * @param {number} room
   */
  putLeave(session, room) {
    const at = this.reserve(4);
    const { numbers } = this;
    numbers[at] = 5;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
    numbers[at + 3] = room;
  }

  /**
   * Closes a session after what was sent before; `discard`: without waiting for the next poll,
   * unless `keepsUnread` and packets wait for one.
   * @param {Addressee} session
   * @param {boolean} discard
   * @param {boolean} keepsUnread
   */
  putClose(session, discard, keepsUnread) {
    const at = this.reserve(5);
    const { numbers } = this;
    numbers[at] = 6;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
    numbers[at + 3] = discard ? 1 : 0;
    numbers[at + 4] = keepsUnread ? 1 : 0;
  }

  /**
   * Names the packet of the SEND_SHARED that follow.
   * @param {number} flags
   * @param {readonly Part[]} parts
   */
  putShare(flags, parts) {
    let at = this.reserve(3 + parts.length);
    const { numbers } = this;
    numbers[at++] = 7;
    numbers[at++] = flags;
    this.putParts(parts, at);
  }

  /**
   * Sends the packet of the last SHARE.
   * @param {Addressee} session
   */
  putSendShared(session) {
    const at = this.reserve(3);
    const { numbers } = this;
    numbers[at] = 8;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
  }

  /**
   * Asks for a DRAIN record once all that was sent before has been taken.
   * @param {Addressee} session
   */
  putMark(session) {
    const at = this.reserve(3);
    const { numbers } = this;
    numbers[at] = 9;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
  }

  /**
   * Ends a session and cuts its connection off.
   * @param {Addressee} session
   */
  putTerminate(session) {
    const at = this.reserve(3);
    const { numbers } = this;
    numbers[at] = 10;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
  }

  /**
   * Hands on a request that Node's HTTP server has parsed.
   * @param {{ id: number, flags: number, method: string, target: string, origin: string |
   *   undefined, sid: string, contentType: string, route: string, body: Uint8Array | undefined }}
   *   fields
   */
  putRequest({ id, flags, method, target, origin, sid, contentType, route, body }) {
    const at = this.reserveLate(10);
    const { numbers } = this;
    numbers[at] = 11;
    numbers[at + 1] = id;
    numbers[at + 2] = flags;
    numbers[at + 3] = method.length;
    numbers[at + 4] = target.length;
    numbers[at + 5] = origin?.length ?? -1;
    numbers[at + 6] = sid.length;
    numbers[at + 7] = contentType.length;
    numbers[at + 8] = route.length;
    numbers[at + 9] = body === undefined ? 0 : 1;
    this.text += method + target + (origin ?? '') + sid + contentType + route;
    if (body !== undefined) this.keep(body);
  }

  /**
   * Hands on what a bridged stream has read.
   * @param {number} thread
   * @param {number} stream
   * @param {Uint8Array} bytes
   */
  putStreamData(thread, stream, bytes) {
    const at = this.reserveLate(3);
    const { numbers } = this;
    numbers[at] = 12;
    numbers[at + 1] = thread;
    numbers[at + 2] = stream;
    this.keep(bytes);
  }

  /**
   * Sends one text message that has a string in it as JSON, which the addon quotes.
   * @param {number} flags
   * @param {Addressee} session
   * @param {string} before
   * @param {string} after
   * @param {string} string
   */
  putSendString(flags, session, before, after, string) {
    const at = this.reserve(6);
    const { numbers } = this;
    numbers[at] = 13;
    numbers[at + 1] = flags;
    numbers[at + 2] = session.place;
    numbers[at + 3] = session.generation;
    numbers[at + 4] = before.length;
    numbers[at + 5] = after.length;
    this.text += before + after;
    this.keep(string);
  }

  /**
   * Tells the handlers in C++ something of a session: a JSON array and its attachments. See
   * beastio/host/guest.hpp.
   * @param {Addressee} session
   * @param {readonly Part[]} parts
   */
  putNote(session, parts) {
    let at = this.reserve(4 + parts.length);
    const { numbers } = this;
    numbers[at++] = 15;
    numbers[at++] = session.place;
    numbers[at++] = session.generation;
    this.putParts(parts, at);
  }

  /**
   * What waits for the client is to be counted, and PRESSURE records tell when it crosses the mark;
   * 0: no mark.
   * @param {Addressee} session
   * @param {number} highWaterMark
   */
  putWatch(session, highWaterMark) {
    const at = this.reserve(4);
    const { numbers } = this;
    numbers[at] = 16;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
    numbers[at + 3] = highWaterMark;
  }

  /**
   * Nothing more is to be read of what the client sends, or all of it again.
   * @param {Addressee} session
   * @param {boolean} isPaused
   */
  putPause(session, isPaused) {
    const at = this.reserve(4);
    const { numbers } = this;
    numbers[at] = 17;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
    numbers[at + 3] = isPaused ? 1 : 0;
  }

  /**
   * What becomes of the client when it takes less than it is sent. `policy`: 1 more than its place
   * among the choices. 0, of both: what the options say.
   * @param {Addressee} session
   * @param {number} policy
   * @param {number} maxSendQueueBytes
   */
  putSlowClient(session, policy, maxSendQueueBytes) {
    const at = this.reserve(5);
    const { numbers } = this;
    numbers[at] = 18;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
    numbers[at + 3] = policy;
    numbers[at + 4] = maxSendQueueBytes;
  }
}

module.exports = { COMMAND_SIZE, CommandEncoder };
