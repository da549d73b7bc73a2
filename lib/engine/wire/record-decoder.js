/**
 * Reads records, field by field, and tells them to their sinks.
 * Generated from native/node/wire/wire.json by `npm run wire`.
 */
'use strict';

const { RecordFields } = require('./record-fields');
const { TRANSPORT_NAMES, CLOSE_REASONS, LIMITS, CONTENT_TYPES } = require('./layout');

class RecordDecoder extends RecordFields {
  /** @param {import('./record-sinks').RecordSinks} sinks */
  constructor({ sessions, requests, upgrades, streams, tlsStreams, port, handlers }) {
    super();
    this.sessions = sessions;
    this.requests = requests;
    this.upgrades = upgrades;
    this.streams = streams;
    this.tlsStreams = tlsStreams;
    this.port = port;
    this.handlers = handlers;
  }

  /** Runs all pending ticks: what the reader does. */
  settle() {}

  /**
   * Tells one EVENT, and those of the same session that follow it.
   * @param {number} subject
   * @param {number} until where no other one may begin
   */
  deliverEvents(subject, until) {
    const { records } = this;
    let at = this.position;
    this.position = at + 3; // whatever the registry may throw, it is not read again
    const session = this.sessions.session(subject);
    do {
      this.position = at + 3;
      const json = this.takeLatin1(records[at + 2]);
      session.onEvent(json);
      at += 3;
    } while (at < until && records[at] === 2 && records[at + 1] === subject);
  }

  /**
   * Tells the record at `position`.
   * @param {number} kind its first number, see RECORD
   * @param {number} subject its second, whom or what it is about
   * @throws {Error} if there is no such record: nothing behind it can be read
   */
  deliver(kind, subject) {
    const { records } = this;
    const at = this.position;
    // Numbers, not names: V8's interpreter makes a table of them.
    switch (kind) {
      case 1: {
        // OPEN
        this.position = at + 9;
        const sid = this.takeText(records[at + 6], records[at + 7]);
        const own = this.takeOwnRequest(records[at + 8]);
        this.sessions.onOpen({
          place: subject,
          generation: records[at + 2],
          request: records[at + 3],
          transport: TRANSPORT_NAMES[records[at + 4]],
          protocol: records[at + 5],
          sid,
          own,
        });
        return;
      }
      case 2: // EVENT
        this.deliverEvents(subject, at);
        return;
      case 3: {
        // PACKET
        this.position = at + 7;
        const nsp = this.takeNamespace(records[at + 3]);
        const json = this.takeText(records[at + 5], records[at + 6]);
        this.sessions
          .session(subject)
          .onPacket(
            records[at + 2],
            nsp,
            records[at + 4] === -1 ? undefined : records[at + 4],
            json,
          );
        return;
      }
      case 4: {
        // TEXT
        this.position = at + 4;
        const text = this.takeText(records[at + 2], records[at + 3]);
        this.sessions.session(subject).onText(text);
        return;
      }
      case 5: {
        // BINARY
        this.position = at + 2;
        const bytes = this.takeBuffer();
        this.sessions.session(subject).onMessage(bytes);
        return;
      }
      case 6: {
        // CLOSE
        this.position = at + 4;
        const description = this.takeLatin1(records[at + 3]);
        this.settle();
        this.sessions.onClose(subject, CLOSE_REASONS[records[at + 2]], description);
        return;
      }
      case 7: {
        // UPGRADING
        this.position = at + 4;
        this.upgrades.onUpgrading(subject, TRANSPORT_NAMES[records[at + 2]], records[at + 3]);
        return;
      }
      case 8: {
        // UPGRADE
        this.position = at + 4;
        this.upgrades.onUpgrade(subject, TRANSPORT_NAMES[records[at + 2]], records[at + 3]);
        return;
      }
      case 9: {
        // HEARTBEAT
        this.position = at + 2;
        this.sessions.session(subject).onHeartbeat();
        return;
      }
      case 10: {
        // DRAIN
        this.position = at + 3;
        this.sessions.session(subject).onTaken(records[at + 2]);
        return;
      }
      case 11: {
        // RESPONSE
        this.position = at + 8;
        const body = this.takeAsciiOrBuffer(records[at + 7]);
        this.requests.onResponse({
          request: subject,
          status: records[at + 2],
          contentType: CONTENT_TYPES[records[at + 3]],
          noStore: records[at + 4] === 1,
          chunked: records[at + 5] === 1,
          compress: records[at + 6] === 1,
          body,
        });
        return;
      }
      case 12: {
        // VERIFIED
        this.position = at + 2;
        this.requests.onVerified(subject);
        return;
      }
      case 13: {
        // REFUSED
        this.position = at + 5;
        const contextName = this.takeLatin1(records[at + 3]);
        const own = this.takeOwnRequest(records[at + 4]);
        this.requests.onRefused(subject, records[at + 2], contextName, own);
        return;
      }
      case 14: {
        // STREAM_WRITE
        this.position = at + 3;
        const bytes = this.takeFewBytes(records[at + 2]);
        this.streams.onWrite(subject, bytes);
        return;
      }
      case 15: {
        // STREAM_END
        this.position = at + 3;
        this.streams.onEnd(subject, records[at + 2] === 1);
        return;
      }
      case 16: {
        // STREAM_TAKEN
        this.position = at + 3;
        this.streams.onTaken(subject, records[at + 2]);
        return;
      }
      case 17: {
        // GONE
        this.position = at + 2;
        this.upgrades.onGone(subject);
        return;
      }
      case 18: {
        // ABANDONED
        this.position = at + 3;
        this.upgrades.onAbandoned(subject, records[at + 2]);
        return;
      }
      case 19: {
        // CONNECTION
        this.position = at + 3;
        const bytes = this.takeBuffer();
        this.port.onConnection(subject, records[at + 2], bytes);
        return;
      }
      case 20: {
        // PORT_IDLE
        this.position = at + 2;
        this.port.onIdle();
        return;
      }
      case 21: {
        // TLS_CONNECTION
        this.position = at + 6;
        const address = this.takeLatin1(records[at + 3]);
        const facts = this.takeTlsFacts(records[at + 5]);
        const bytes = this.takeBuffer();
        this.port.onTlsConnection({
          stream: subject,
          thread: records[at + 2],
          address,
          port: records[at + 4],
          facts,
          bytes,
        });
        return;
      }
      case 22: {
        // HANDSHAKE_FAILED
        this.position = at + 5;
        const address = this.takeLatin1(records[at + 3]);
        const error = this.takeLatin1(records[at + 4]);
        this.port.onHandshakeFailed({ port: subject, cause: records[at + 2], address, error });
        return;
      }
      case 23: {
        // STRING
        this.position = at + 5;
        const nsp = this.takeNamespace(records[at + 2]);
        const name = this.takeLatin1(records[at + 4]);
        const value = this.takeLargeText();
        this.sessions
          .session(subject)
          .onString(nsp, records[at + 3] === -1 ? undefined : records[at + 3], name, value);
        return;
      }
      case 24: {
        // TLS_WRITE
        this.position = at + 3;
        const bytes = this.takeBytes(records[at + 2]);
        this.tlsStreams.onData(subject, bytes);
        return;
      }
      case 25: {
        // TLS_END
        this.position = at + 3;
        this.tlsStreams.onEnd(subject, records[at + 2] === 1);
        return;
      }
      case 26: {
        // TLS_DRAIN
        this.position = at + 3;
        this.tlsStreams.onSent(subject, records[at + 2]);
        return;
      }
      case 27: {
        // TOLD
        this.position = at + 3;
        const json = this.takeText(subject, records[at + 2]);
        this.handlers.onTold(json);
        return;
      }
      case 28: {
        // TOLD_BYTES
        this.position = at + 2;
        const bytes = this.takeBuffer();
        this.handlers.onBytes(bytes);
        return;
      }
      case 29: {
        // LIMIT
        this.position = at + 5;
        const address = this.takeLatin1(records[at + 3]);
        const sid = this.takeLatin1(records[at + 4]);
        this.requests.onLimit(LIMITS[subject], records[at + 2], address, sid);
        return;
      }
      case 30: {
        // PRESSURE
        this.position = at + 4;
        this.sessions.session(subject).onPressure(records[at + 2] === 1, records[at + 3]);
        return;
      }
      default:
        this.position = this.count; // how long it is, only who wrote it knows
        throw new Error(`unknown record ${kind}: the addon does not fit this version`);
    }
  }
}

module.exports = { RecordDecoder };
