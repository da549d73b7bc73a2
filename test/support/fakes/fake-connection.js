/**
 * Connections without bytes, for what happens above them: what is written is kept, and what comes in
 * is said by the test. One hands over packets as the native engine does, one as engine.io does.
 */
'use strict';

const { EventEmitter } = require('node:events');
const { Server } = require('../../../lib');

class FakeConnection extends EventEmitter {
  id = 'connection-id-0000000';
  readyState = 'open';
  protocol = 4;
  transport = { writable: true };
  request = { headers: {}, url: '/', _query: {}, connection: {} };
  remoteAddress = '127.0.0.1';
  written = [];

  write(message, options) {
    this.written.push([message, options]);
  }

  close() {
    if (this.readyState !== 'open') return;
    this.readyState = 'closed';
    this.tellClose('forced close');
  }

  tellClose(reason) {
    this.emit('close', reason);
  }
}

/** A connection that hands over packets as the native engine does. */
class FakeNativeConnection extends FakeConnection {
  setPacketSink(sink) {
    this.sink = sink;
  }

  peekRequest() {
    return this.request;
  }

  writeAll(messages, options) {
    for (const message of messages) this.write(message, options);
  }

  joinRoom() {}

  leaveRoom() {}

  tellClose(reason) {
    this.sink?.onclose(reason);
    super.tellClose(reason);
  }

  /** Delivers messages that came in one read. */
  receive(...messages) {
    for (const message of messages) {
      if (this.readyState !== 'open') return;
      const header = /^([23])(?:(\/[^,]*),)?(\d*)(\[.*)$/s.exec(message);
      if (header) {
        const [, type, nsp = '/', id, json] = header;
        this.sink.onPacket(Number(type), nsp, id === '' ? undefined : Number(id), json);
      } else {
        this.sink.onData(message);
      }
    }
  }
}

/** A connection that emits `data`, as the engine.io package does. */
class FakePlainConnection extends FakeConnection {
  receive(...messages) {
    for (const message of messages) {
      if (this.readyState === 'open') this.emit('data', message);
    }
  }
}

/**
 * A server with one connection.
 * @param {typeof FakeConnection} Connection
 * @param {any} [opts]
 */
async function connectFake(Connection, opts = {}) {
  const engine = Object.assign(new EventEmitter(), { close() {} });
  const io = new Server(opts).bind(engine);
  const conn = Object.assign(new Connection(), opts.conn);
  const connected = new Promise((resolve) => io.on('connection', resolve));
  engine.emit('connection', conn);
  if (conn.protocol !== 3) conn.receive('0');
  const socket = await connected;
  conn.written.length = 0;
  return { io, conn, socket };
}

module.exports = { FakeNativeConnection, FakePlainConnection, connectFake };
