/**
 * Commands on their way to the I/O threads: gathered in one string, one array of numbers and one of
 * values (Buffers and long strings), and handed over once per tick; what Node's sockets have read, once
 * they all have been looked at. Bound: handed over early beyond MAX_NUMBERS or MAX_LENGTH; the addon then
 * makes this thread wait when an I/O thread has 64 MiB unread.
 */
'use strict';

const { toPart } = require('./part');
const { COMMAND, FLAG, REQUEST_FLAG } = require('./records');

const MAX_NUMBERS = 16 * 1024;
const MAX_LENGTH = 256 * 1024;
/** A text of this length is a value of its own: joining it with others would copy it once more. */
const LONG_TEXT = 4 * 1024;

/** What stands for the length of a part that is a value of its own. */
const VALUE = -1;

/** @typedef {import('./socket').Socket} Socket */
/** @typedef {string | Uint8Array} Part */
/**
 * @typedef {object} Audience Who receives a broadcast: members of rooms, and sessions.
 * @property {number[]} rooms
 * @property {number[]} exceptRooms
 * @property {Socket[]} sessions
 * @property {Socket[]} exceptSessions
 */

/**
 * @typedef {object} AttachedRequest
 * @property {number} id
 * @property {string} method
 * @property {string} target path and query
 * @property {string | undefined} origin
 * @property {string} sid for a new session; empty: the I/O thread chooses
 * @property {string} contentType of a POST
 * @property {number} flags see REQUEST_FLAG
 * @property {Uint8Array} [body] of a POST; it will not change
 */

class Outbox {
  /** @param {any} native the addon's engine */
  constructor(native) {
    this.native = native;
    this.numbers = new Int32Array(MAX_NUMBERS);
    this.count = 0;
    this.text = '';
    /** @type {Part[]} */
    this.values = [];
    /** How long the values are that wait. */
    this.heldLength = 0;
    /** Whether the addon has taken something that the I/O threads do not have yet. */
    this.isTaken = false;
    /**
     * The packet that goes to one session after the other, as its sender named it: these messages,
     * with these options. Those of the next flush begin with it again.
     */
    this.sharedMessages = undefined;
    this.sharedFirst = undefined;
    this.sharedOptions = undefined;
    this.scheduled = false;
    /** Whether the flush at the end of the event loop's turn is on its way. */
    this.scheduledLate = false;
    /** While a batch from the I/O threads is being delivered, its end flushes. */
    this.held = false;
    this.flushBound = () => this.flush();
    this.flushLateBound = () => {
      this.scheduledLate = false;
      this.flush();
    };
  }

  /**
   * Sends one text message.
   * @param {Socket} session
   * @param {string} text
   * @param {number} flags
   */
  send(session, text, flags) {
    if (text.length >= LONG_TEXT) {
      this.sendParts(session, [text], flags);
      return;
    }
    const at = this.#reserve(5);
    const { numbers } = this;
    numbers[at] = COMMAND.SEND;
    numbers[at + 1] = flags;
    numbers[at + 2] = session.place;
    numbers[at + 3] = session.generation;
    numbers[at + 4] = text.length;
    this.text += text;
    if (this.text.length > MAX_LENGTH) this.flush();
  }

  /**
   * Sends one text message that has a string in it as JSON, which the addon quotes.
   * @param {Socket} session
   * @param {string} before
   * @param {string} string
   * @param {string} after
   * @param {number} flags
   */
  sendString(session, before, string, after, flags) {
    const at = this.#reserve(6);
    const { numbers } = this;
    numbers[at] = COMMAND.SEND_STRING;
    numbers[at + 1] = flags;
    numbers[at + 2] = session.place;
    numbers[at + 3] = session.generation;
    numbers[at + 4] = before.length;
    numbers[at + 5] = after.length;
    this.text += before + after;
    this.#hold(string);
  }

  /**
   * Sends messages that belong together: a text and its attachments, or one Buffer.
   * @param {Socket} session
   * @param {Part[]} parts
   * @param {number} flags
   */
  sendParts(session, parts, flags) {
    let at = this.#reserve(5 + parts.length);
    const { numbers } = this;
    numbers[at++] = COMMAND.SEND_PARTS;
    numbers[at++] = flags;
    numbers[at++] = session.place;
    numbers[at++] = session.generation;
    numbers[at++] = parts.length;
    this.#addParts(parts, at);
  }

  /**
   * Sends a packet to one of many: its bytes cross once, and only the session for each recipient.
   * The sender names the same packet by passing the same objects again, as adapters do that send to
   * socket after socket.
   * @param {Socket} session
   * @param {Part | readonly Part[]} messages
   * @param {any} options
   */
  sendShared(session, messages, options) {
    if (
      messages !== this.sharedMessages ||
      options !== this.sharedOptions ||
      this.count + 3 > this.numbers.length ||
      firstOf(messages) !== this.sharedFirst // an encoder may fill one array again and again
    ) {
      this.#share(messages, options);
    }
    const at = this.#reserve(3);
    const { numbers } = this;
    numbers[at] = COMMAND.SEND_SHARED;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
  }

  /**
   * Sends one packet to many, whatever their number, with one command.
   * @param {Audience} audience sessions of other engines are left out
   * @param {Part[]} parts
   * @param {number} flags
   */
  broadcast(audience, parts, flags) {
    const { rooms, exceptRooms } = audience;
    const sessions = this.#ownOf(audience.sessions);
    const exceptSessions = this.#ownOf(audience.exceptSessions);
    const size =
      7 +
      rooms.length +
      exceptRooms.length +
      2 * (sessions.length + exceptSessions.length) +
      parts.length;
    let at = this.#reserve(size);
    const { numbers } = this;
    numbers[at++] = COMMAND.BROADCAST;
    numbers[at++] = flags;
    numbers[at++] = rooms.length;
    numbers[at++] = exceptRooms.length;
    numbers[at++] = sessions.length;
    numbers[at++] = exceptSessions.length;
    numbers[at++] = parts.length;
    for (const room of rooms) numbers[at++] = room;
    for (const room of exceptRooms) numbers[at++] = room;
    for (const list of [sessions, exceptSessions]) {
      for (const { place, generation } of list) {
        numbers[at++] = place;
        numbers[at++] = generation;
      }
    }
    this.#addParts(parts, at);
  }

  /**
   * @param {Socket[]} sessions most often none
   */
  #ownOf(sessions) {
    if (sessions.length === 0) return sessions;
    return sessions.filter((session) => session.server.outbox === this);
  }

  /**
   * @param {Socket} session
   * @param {number} room
   */
  join(session, room) {
    this.#addThree(COMMAND.JOIN, session, room);
  }

  /**
   * @param {Socket} session
   * @param {number} room
   */
  leave(session, room) {
    this.#addThree(COMMAND.LEAVE, session, room);
  }

  /**
   * @param {Socket} session
   * @param {boolean} discard without waiting for the next poll
   */
  close(session, discard) {
    this.#addThree(COMMAND.CLOSE, session, discard ? 1 : 0);
  }

  /**
   * Ends a session and cuts its connection off.
   * @param {Socket} session
   */
  terminate(session) {
    this.#addTwo(COMMAND.TERMINATE, session);
  }

  /**
   * Asks for a DRAIN record once all that was sent before has been taken.
   * @param {Socket} session
   */
  mark(session) {
    this.#addTwo(COMMAND.MARK, session);
  }

  /**
   * Hands on a request that Node's HTTP server has parsed.
   * @param {AttachedRequest} request
   */
  request({ id, method, target, origin, sid, contentType, flags, body }) {
    const at = this.#reserveLate(8);
    const { numbers } = this;
    const hasOrigin = typeof origin === 'string';
    numbers[at] = COMMAND.REQUEST;
    numbers[at + 1] = id;
    numbers[at + 2] =
      flags |
      (hasOrigin ? REQUEST_FLAG.HAS_ORIGIN : 0) |
      (body === undefined ? 0 : REQUEST_FLAG.HAS_BODY);
    numbers[at + 3] = method.length;
    numbers[at + 4] = target.length;
    numbers[at + 5] = hasOrigin ? origin.length : 0;
    numbers[at + 6] = sid.length;
    numbers[at + 7] = contentType.length;
    this.text += method + target;
    if (hasOrigin) this.text += origin;
    if (sid !== '') this.text += toPart(sid);
    if (contentType !== '') this.text += contentType;
    if (body !== undefined) this.#hold(body);
    else if (this.text.length > MAX_LENGTH) this.flush();
  }

  /**
   * Hands on what a bridged stream has read.
   * @param {number} thread
   * @param {number} stream
   * @param {Uint8Array} bytes that will not change
   */
  streamData(thread, stream, bytes) {
    const at = this.#reserveLate(3);
    const { numbers } = this;
    numbers[at] = COMMAND.STREAM_DATA;
    numbers[at + 1] = thread;
    numbers[at + 2] = stream;
    this.#hold(bytes);
  }

  /** Hands everything over, and lets the I/O threads have it. */
  flush() {
    this.scheduled = false;
    if (this.count > 0 || this.isTaken) this.#handOver(true);
  }

  /**
   * Lets the addon take what waits.
   * @param {boolean} isLast whether the I/O threads are to have it now; else it waits in the addon
   */
  #handOver(isLast) {
    const { count, text, values } = this;
    this.count = 0;
    this.sharedMessages = this.sharedFirst = this.sharedOptions = undefined;
    this.text = '';
    if (values.length > 0) this.values = [];
    this.heldLength = 0;
    this.isTaken = !this.native.flush(this.numbers, count, text, values, isLast);
  }

  /**
   * Room for `size` numbers, to be filled in at once; makes sure that a flush follows.
   * @param {number} size
   */
  #reserve(size) {
    if (!this.scheduled && !this.held) {
      this.scheduled = true;
      process.nextTick(this.flushBound);
    }
    return this.#room(size);
  }

  /**
   * The same for what has come by one of Node's sockets: the others that can be read from come first,
   * so that a thread is woken once for all of them.
   * @param {number} size
   */
  #reserveLate(size) {
    if (!this.scheduledLate && !this.scheduled && !this.held) {
      this.scheduledLate = true;
      setImmediate(this.flushLateBound);
    }
    return this.#room(size);
  }

  /** @param {number} size */
  #room(size) {
    if (this.count + size > this.numbers.length) {
      this.flush();
      if (size > this.numbers.length) this.numbers = new Int32Array(2 * size);
    }
    const at = this.count;
    this.count += size;
    return at;
  }

  /**
   * Adds a value that waits for the flush as it is.
   * @param {string | Uint8Array} value
   */
  #hold(value) {
    this.values.push(value);
    this.heldLength += value.length;
    if (this.text.length + this.heldLength > MAX_LENGTH) this.flush();
  }

  /**
   * Begins a packet for many. It must not cause a flush by its size, or each recipient would.
   * @param {Part | readonly Part[]} messages
   * @param {any} options
   */
  #share(messages, options) {
    const parts = (Array.isArray(messages) ? messages : [messages]).map(toPart);
    const size = 3 + parts.length;
    if (this.text.length + this.heldLength > MAX_LENGTH) this.flush();
    let at = this.#reserve(size + 3); // the first recipient must not be parted from it
    this.count -= 3;
    const { numbers } = this;
    numbers[at++] = COMMAND.SHARE;
    numbers[at++] = flagsOf(options);
    numbers[at++] = parts.length;
    this.#putParts(parts, at, true);
    this.sharedMessages = messages;
    this.sharedFirst = firstOf(messages);
    this.sharedOptions = options;
  }

  /**
   * @param {Part[]} parts
   * @param {number} at where their lengths go
   */
  #addParts(parts, at) {
    const binaryBytes = this.#putParts(parts, at, false);
    // Bytes are copied when they are handed over: the application may change them after its emit.
    if (binaryBytes > 0) this.#handOver(false);
    else if (this.text.length + this.heldLength > MAX_LENGTH) this.flush();
  }

  /**
   * Writes down parts, their lengths from `at` on.
   * @param {readonly Part[]} parts
   * @param {number} at
   * @param {boolean} isHeld whether bytes may change before they are flushed, and must be copied
   * @returns {number} how many bytes there are besides texts
   */
  #putParts(parts, at, isHeld) {
    const { numbers } = this;
    let binaryBytes = 0;
    for (const part of parts) {
      if (typeof part !== 'string') {
        numbers[at++] = VALUE;
        this.values.push(isHeld ? Buffer.from(part) : part);
        this.heldLength += part.byteLength;
        binaryBytes += part.byteLength;
      } else if (part.length >= LONG_TEXT) {
        numbers[at++] = VALUE;
        this.values.push(part);
        this.heldLength += part.length;
      } else {
        numbers[at++] = part.length;
        this.text += part;
      }
    }
    return binaryBytes;
  }

  /**
   * @param {number} command
   * @param {Socket} session
   */
  #addTwo(command, session) {
    const at = this.#reserve(3);
    const { numbers } = this;
    numbers[at] = command;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
  }

  /**
   * @param {number} command
   * @param {Socket} session
   * @param {number} value
   */
  #addThree(command, session, value) {
    const at = this.#reserve(4);
    const { numbers } = this;
    numbers[at] = command;
    numbers[at + 1] = session.place;
    numbers[at + 2] = session.generation;
    numbers[at + 3] = value;
  }
}

/** @param {Part | readonly Part[]} messages */
function firstOf(messages) {
  return Array.isArray(messages) ? messages[0] : messages;
}

/**
 * The flags of a write's options.
 * @param {{ compress?: boolean, volatile?: boolean } | undefined} options
 */
function flagsOf(options) {
  if (options === undefined) return 0;
  return (
    (options.volatile ? FLAG.VOLATILE : 0) | (options.compress === false ? FLAG.NO_COMPRESS : 0)
  );
}

module.exports = { Outbox, flagsOf };
