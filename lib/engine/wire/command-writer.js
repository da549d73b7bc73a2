/**
 * What JavaScript tells the I/O threads, command by command. When they are handed over is decided in
 * `command-buffer.js`.
 */
'use strict';

const { MAX_LENGTH } = require('./command-buffer');
const { COMMAND_SIZE, CommandEncoder } = require('./command-encoder');
const { LONG_TEXT } = require('./command-fields');
const { toMessageData } = require('./message-data');
const { FLAG, TURN } = require('./layout');

/** What every message needs. */
const { DUE } = TURN;

/** How much room a recipient of a shared packet needs, with what begins a tick. */
const RECIPIENT_SIZE = COMMAND_SIZE.SEND_SHARED + COMMAND_SIZE.TICK;

/** @typedef {import('../session/session').Socket} Socket */
/** @typedef {import('./command-buffer').Part} Part */
/** @typedef {Parameters<CommandEncoder['putRequest']>[0]} AttachedRequest A request that Node's HTTP server has parsed. */
/**
 * @typedef {object} Audience Who receives a broadcast: members of rooms, and sessions.
 * @property {number[]} rooms
 * @property {number[]} exceptRooms
 * @property {Socket[]} sessions
 * @property {Socket[]} exceptSessions
 */

class CommandWriter extends CommandEncoder {
  /**
   * The packet that goes to one session after the other, as its sender named it: these messages,
   * with these options. Those of the next flush begin with it again.
   */
  /** @type {Part | readonly Part[] | undefined} */
  #sharedMessages = undefined;
  #sharedFirst = undefined;
  #sharedOptions = undefined;

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
    this.putSend(flags, session, text);
    if (this.isAttentive || this.turn[DUE] !== 0 || this.text.length > MAX_LENGTH) {
      this.sent(flags);
    }
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
    this.putSendString(flags, session, before, after, string);
    this.sent(flags);
  }

  /**
   * Sends messages that belong together: a text and its attachments, or one Buffer.
   * @param {Socket} session
   * @param {Part[]} parts
   * @param {number} flags
   */
  sendParts(session, parts, flags) {
    this.putSendParts(flags, session, parts);
    this.#copyBytes(parts);
    this.sent(flags);
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
      messages !== this.#sharedMessages ||
      options !== this.#sharedOptions ||
      this.count + RECIPIENT_SIZE > this.numbers.length ||
      firstOf(messages) !== this.#sharedFirst // an encoder may fill one array again and again
    ) {
      this.#share(messages, options);
    }
    this.putSendShared(session);
    this.sent(0, true);
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
    this.putBroadcast(flags, rooms, exceptRooms, sessions, exceptSessions, parts);
    this.#copyBytes(parts);
    this.sent(flags);
  }

  /**
   * @param {Socket[]} sessions most often none
   */
  #ownOf(sessions) {
    if (sessions.length === 0) return sessions;
    return sessions.filter((session) => session.server.commands === this);
  }

  /**
   * @param {Socket} session
   * @param {number} room
   */
  join(session, room) {
    this.putJoin(session, room);
  }

  /**
   * @param {Socket} session
   * @param {number} room
   */
  leave(session, room) {
    this.putLeave(session, room);
  }

  /**
   * @param {Socket} session
   * @param {boolean} discard without waiting for the next poll
   * @param {boolean} [keepsUnread] unless packets wait for it
   */
  close(session, discard, keepsUnread = false) {
    this.putClose(session, discard, keepsUnread);
    this.sent(0);
  }

  /**
   * Ends a session and cuts its connection off.
   * @param {Socket} session
   */
  terminate(session) {
    this.putTerminate(session);
    this.sent(0);
  }

  /**
   * Asks for a DRAIN record once all that was sent before has been taken.
   * @param {Socket} session
   */
  mark(session) {
    this.putMark(session);
  }

  /**
   * Has nothing more read of what a client sends, or all of it again.
   * @param {Socket} session
   * @param {boolean} isPaused
   */
  pause(session, isPaused) {
    this.putPause(session, isPaused);
  }

  /**
   * Says what becomes of a client that takes less than it is sent.
   * @param {Socket} session
   * @param {number} policy 1 more than its place among the choices; 0: the option's
   * @param {number} maxSendQueueBytes 0: the option's
   */
  setSlowClient(session, policy, maxSendQueueBytes) {
    this.putSlowClient(session, policy, maxSendQueueBytes);
  }

  /**
   * Has the I/O thread count what waits for a client.
   * @param {Socket} session
   * @param {number} highWaterMark beyond it PRESSURE records tell; 0: they do not
   */
  watch(session, highWaterMark) {
    this.putWatch(session, highWaterMark);
  }

  /**
   * Tells the handlers in C++ something of a session. Order: among what is sent to it.
   * @param {Socket} session
   * @param {Part[]} parts a JSON array, and its attachments
   */
  note(session, parts) {
    this.putNote(session, parts);
    this.#copyBytes(parts);
    if (this.isFull) this.flush();
  }

  /**
   * Hands on a request that Node's HTTP server has parsed; it waits for no turn.
   * @param {AttachedRequest} request
   */
  request(request) {
    this.putRequest(request);
    if (this.isFull) this.flush();
  }

  /**
   * Hands on what a bridged stream has read; it waits for no turn.
   * @param {number} thread
   * @param {number} stream
   * @param {Uint8Array} bytes that will not change
   */
  streamData(thread, stream, bytes) {
    this.putStreamData(thread, stream, bytes);
    if (this.isFull) this.flush();
  }

  onHandOver() {
    this.#sharedMessages = this.#sharedFirst = this.#sharedOptions = undefined;
  }

  /**
   * Begins a packet for many. It must not cause a flush by its size, or each recipient would.
   * @param {Part | readonly Part[]} messages
   * @param {any} options
   */
  #share(messages, options) {
    // Bytes may change before they are flushed.
    const parts = (Array.isArray(messages) ? messages : [messages]).map((message) => {
      const data = toMessageData(message);
      return typeof data === 'string' ? data : Buffer.from(data);
    });
    if (this.isFull) this.flush();
    // The first recipient must not be parted from it.
    const size = COMMAND_SIZE.SHARE + parts.length + COMMAND_SIZE.SEND_SHARED;
    this.count = this.reserve(size);
    this.putShare(flagsOf(options), parts);
    this.#sharedMessages = messages;
    this.#sharedFirst = firstOf(messages);
    this.#sharedOptions = options;
  }

  /**
   * Bytes are copied when they are handed over: the application may change them after its emit.
   * @param {readonly Part[]} parts
   */
  #copyBytes(parts) {
    for (const part of parts) {
      if (typeof part !== 'string' && part.byteLength > 0) {
        this.copy();
        return;
      }
    }
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

/**
 * The flags of a write at the engine's level, which knows no volatile packets.
 * @param {{ compress?: boolean } | undefined} options
 */
function engineFlagsOf(options) {
  return options?.compress === false ? FLAG.NO_COMPRESS : 0;
}

module.exports = { CommandWriter, engineFlagsOf, flagsOf };
