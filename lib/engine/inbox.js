/**
 * What the I/O threads tell, one batch a call: the step from records to the engine's objects.
 * Between the packets of two connections Node's ticks and microtasks run, as they would between two
 * reads of two sockets; an exception becomes an `uncaughtException` and the batch goes on.
 */
'use strict';

const { buildRequest, readOwn } = require('./handshake-request');
const { CLOSE_REASONS, CONTENT_TYPES, RECORD, TEXT_PLACE } = require('./records');
const { readFacts } = require('./tls-facts');
const { TRANSPORT_NAMES } = require('./transport');

/** @typedef {import('./engine').Engine} Engine */

/** The extras of most batches. @type {any[]} */
const NONE = [];

/** What `previous` is when ticks must run next, or must not. */
const SETTLE = -2;
const SETTLED = -1;

const runTicks = ticksRunner();

/**
 * What runs the pending ticks and microtasks, as Node does between two callbacks.
 * @returns {() => void}
 */
function ticksRunner() {
  const run = /** @type {any} */ (process)._tickCallback;
  return typeof run === 'function' ? run.bind(process) : () => {};
}

class Inbox {
  /**
   * @param {Engine} engine
   * @param {(error: unknown) => void} raise what an exception is given to
   */
  constructor(engine, raise) {
    this.engine = engine;
    this.raise = raise;
    /** @type {Int32Array} */
    this.records = new Int32Array(0);
    this.latin1 = '';
    this.utf16 = '';
    this.extras = NONE;
    // How far the batch has been read.
    this.position = 0;
    this.latin1Position = 0;
    this.utf16Position = 0;
    this.extrasPosition = 0;
  }

  /**
   * Delivers one batch of `count` numbers.
   * @param {Int32Array} records
   * @param {number} count
   * @param {string} latin1
   * @param {string} [utf16]
   * @param {any[]} [extras]
   */
  receive(records, count, latin1, utf16 = '', extras = NONE) {
    this.records = records;
    this.latin1 = latin1;
    this.utf16 = utf16;
    this.extras = extras;
    this.position = 0;
    this.latin1Position = 0;
    this.utf16Position = 0;
    this.extrasPosition = 0;
    while (this.position < count) {
      try {
        this.#deliver(count);
      } catch (error) {
        this.raise(error);
        this.#settle();
      }
    }
    this.#settle();
    this.latin1 = '';
    this.utf16 = '';
    this.extras = NONE;
  }

  /**
   * Reads on until the end of the batch, or until something throws.
   * @param {number} count
   */
  #deliver(count) {
    const { records, engine } = this;
    let previous = SETTLED;
    while (this.position < count) {
      const kind = records[this.position];
      const place = records[this.position + 1];
      if (place !== previous) {
        if (previous !== SETTLED) runTicks();
        previous = place;
      }
      if (kind === RECORD.EVENT) {
        const length = records[this.position + 2];
        this.position += 3;
        engine.session(place).onEvent(this.#takeLatin1(length));
      } else {
        this.#deliverOther(kind, place);
        // Who waits for a session, by a Promise too, gets to listen before its first message.
        if (kind === RECORD.OPEN) previous = SETTLE;
      }
    }
  }

  /**
   * @param {number} kind
   * @param {number} place or a request
   */
  #deliverOther(kind, place) {
    const { records, engine } = this;
    let at = this.position + 2;
    switch (kind) {
      case RECORD.PACKET: {
        const [where, length, type, nspLength, id] = records.subarray(at, at + 5);
        this.position = at + 5;
        const text = this.#takeText(where, length);
        engine
          .session(place)
          .onHeader(
            type,
            nspLength === 0 ? '/' : text.slice(0, nspLength),
            id === -1 ? undefined : id,
            nspLength === 0 ? text : text.slice(nspLength),
          );
        return;
      }
      case RECORD.STRING: {
        const [nspLength, nameLength, id] = records.subarray(at, at + 3);
        this.position = at + 3;
        const nsp = nspLength === 0 ? '/' : this.#takeLatin1(nspLength);
        const name = this.#takeLatin1(nameLength);
        engine.session(place).onString(nsp, id === -1 ? undefined : id, name, this.#takeExtra());
        return;
      }
      case RECORD.TEXT: {
        const where = records[at++];
        const length = records[at++];
        this.position = at;
        engine.session(place).onMessage(this.#takeText(where, length));
        return;
      }
      case RECORD.BINARY:
        this.position = at;
        engine.session(place).onMessage(this.#takeExtra());
        return;
      case RECORD.OPEN: {
        const [generation, request, transport, protocol, where, length, isOwn] = records.subarray(
          at,
          at + 7,
        );
        this.position = at + 7;
        const sid = this.#takeText(where, length);
        const own = isOwn === 1 ? this.#takeOwn() : undefined;
        engine.onOpen({ place, generation, request, transport, protocol, sid, own });
        return;
      }
      case RECORD.CLOSE: {
        const [, reason, length] = records.subarray(at, at + 3);
        this.position = at + 3;
        const description = this.#takeLatin1(length);
        // Packets of the same read come first, as they do before the end of a socket of Node's.
        this.#settle();
        engine.onClose(place, CLOSE_REASONS[reason], description);
        return;
      }
      case RECORD.UPGRADING:
        this.position = at + 2;
        engine.door.upgrades.onUpgrading(
          records[at + 1],
          engine.session(place),
          TRANSPORT_NAMES[records[at]],
        );
        return;
      case RECORD.UPGRADE:
        this.position = at + 2;
        engine.door.upgrades.onUpgrade(
          records[at + 1],
          engine.session(place),
          TRANSPORT_NAMES[records[at]],
        );
        return;
      case RECORD.HEARTBEAT:
        this.position = at;
        engine.session(place).onHeartbeat();
        return;
      case RECORD.DRAIN:
        this.position = at + 1;
        engine.session(place).onTaken(records[at]);
        return;
      case RECORD.ABANDONED:
        this.position = at + 1;
        engine.door.upgrades.end(records[at], engine.session(place));
        return;
      default:
        this.#deliverToDoor(kind, place);
    }
  }

  /**
   * @param {number} kind
   * @param {number} id of a request or a stream
   */
  #deliverToDoor(kind, id) {
    const { records, engine } = this;
    const at = this.position + 2;
    switch (kind) {
      case RECORD.RESPONSE: {
        this.position = at + 6;
        engine.door.onResponse(id, {
          status: records[at],
          contentType: CONTENT_TYPES[records[at + 1]],
          noStore: records[at + 2] === 1,
          chunked: records[at + 3] === 1,
          compress: records[at + 4] === 1,
          body: this.#takeFewBytes(records[at + 5]),
        });
        return;
      }
      case RECORD.VERIFIED:
        this.position = at;
        engine.door.onVerified(id);
        return;
      case RECORD.REFUSED: {
        const [code, length, isOwn] = records.subarray(at, at + 3);
        this.position = at + 3;
        const name = this.#takeLatin1(length);
        const ownReq = isOwn === 1 ? buildRequest(readOwn(this.#takeOwn())) : undefined;
        engine.door.onRefused(id, code, name, ownReq);
        return;
      }
      case RECORD.GONE:
        this.position = at;
        engine.door.upgrades.onGone(id);
        return;
      case RECORD.CONNECTION:
        this.position = at;
        engine.port?.onConnection(id, this.#takeExtra());
        return;
      case RECORD.TLS_CONNECTION: {
        const [thread, addressLength, port] = records.subarray(at, at + 3);
        this.position = at + 3;
        const address = this.#takeLatin1(addressLength);
        const facts = /** @type {any} */ (this.#takeFacts());
        engine.port?.onTlsConnection(
          { stream: id, thread, address, port, facts },
          this.#takeExtra(),
        );
        return;
      }
      case RECORD.STREAM_DRAIN:
        this.position = at + 1;
        engine.port?.tlsConnection(id)?.onSent(records[at]);
        return;
      case RECORD.HANDSHAKE_FAILED: {
        const [cause, addressLength, errorLength] = records.subarray(at, at + 3);
        this.position = at + 3;
        const address = this.#takeLatin1(addressLength);
        const error = this.#takeLatin1(errorLength);
        engine.port?.onHandshakeFailed({ cause, address, port: id, error });
        return;
      }
      case RECORD.PORT_IDLE:
        this.position = at;
        engine.port?.onIdle();
        return;
      case RECORD.STREAM_WRITE:
        this.position = at + 1;
        if (id < 0) engine.port?.tlsConnection(id)?.onData(this.#takeBytes(records[at]));
        else engine.door.upgrades.bridge(id)?.write(this.#takeFewBytes(records[at]));
        return;
      case RECORD.STREAM_END:
        this.position = at + 1;
        if (id < 0) engine.port?.tlsConnection(id)?.onEnd(records[at] === 1);
        else engine.door.upgrades.bridge(id)?.end(records[at] === 1);
        return;
      case RECORD.STREAM_PAUSE:
        this.position = at + 1;
        engine.door.upgrades.bridge(id)?.pause(records[at] === 1);
        return;
      default:
        this.position = records.length; // how long it is, only who wrote it knows
        throw new Error(`unknown record ${kind}: the addon does not fit this version`);
    }
  }

  /** Runs all pending ticks, so that what the last handlers sent leaves with the batch. */
  #settle() {
    for (let isDone = false; !isDone;) {
      try {
        runTicks();
        isDone = true;
      } catch (error) {
        this.raise(error);
      }
    }
  }

  /**
   * A request on the own port.
   * @returns {import('./handshake-request').OwnText}
   */
  #takeOwn() {
    const text = this.#takeExtra();
    const facts = this.#takeFacts();
    return facts ? { text, facts } : text;
  }

  /** @param {number} length */
  #takeLatin1(length) {
    const from = this.latin1Position;
    this.latin1Position = from + length;
    return this.latin1.slice(from, from + length);
  }

  /**
   * @param {number} length -1: they are a Buffer
   * @returns {Buffer | string} characters up to U+00FF
   */
  #takeFewBytes(length) {
    return length === -1 ? this.#takeExtra() : this.#takeLatin1(length);
  }

  /** @param {number} length -1: they are a Buffer */
  #takeBytes(length) {
    return length === -1 ? this.#takeExtra() : Buffer.from(this.#takeLatin1(length), 'latin1');
  }

  /**
   * @param {number} where
   * @param {number} length
   * @returns {string}
   */
  #takeText(where, length) {
    if (where === TEXT_PLACE.LATIN1) return this.#takeLatin1(length);
    if (where === TEXT_PLACE.EXTRA) return this.#takeExtra();
    const from = this.utf16Position;
    this.utf16Position = from + length;
    return this.utf16.slice(from, from + length);
  }

  /** What follows of a handshake of TLS; undefined: there was none. */
  #takeFacts() {
    const count = this.records[this.position++];
    if (count < 0) return undefined;
    const text = this.#takeExtra();
    return readFacts(
      text,
      Array.from({ length: count }, () => this.#takeExtra()),
    );
  }

  /** @returns {any} */
  #takeExtra() {
    return this.extras[this.extrasPosition++];
  }
}

module.exports = { Inbox };
