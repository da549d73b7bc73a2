/**
 * A client that is nothing but a connection: what it gets is seen byte by byte, and so is how the
 * connection ends. With it the texts and frames that such a client sends.
 */
'use strict';

const { once } = require('node:events');
const { connectTo } = require('../servers/doors');

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';

class Wire {
  /** All that has arrived. */
  received = Buffer.alloc(0);
  /** Whether the server has ended its direction. */
  ended = false;
  /** The code of the error that broke the connection. @type {string | undefined} */
  error;
  #changed = () => {};

  /** @param {import('node:net').Socket} socket */
  constructor(socket) {
    this.socket = socket;
    /** Resolves when the connection is gone. */
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.#changed();
    });
    socket.on('end', () => {
      this.ended = true;
      this.#changed();
    });
    socket.on('error', (/** @type {any} */ error) => (this.error = error.code));
    socket.on('close', () => this.#changed());
  }

  /** @param {number | import('../servers/doors').Place} where a port of 127.0.0.1, or a place */
  static async connect(where) {
    const place = typeof where === 'number' ? { port: where, host: '127.0.0.1' } : where;
    const { socket, readiness } = connectTo(place);
    await once(socket, readiness);
    return new Wire(socket);
  }

  /** What has arrived as text. */
  get text() {
    return this.received.toString('latin1');
  }

  /** @param {string | Uint8Array} data */
  write(data) {
    this.socket.write(data);
    return this;
  }

  /**
   * Waits until what has arrived satisfies a condition.
   * @param {(wire: Wire) => boolean} condition
   * @returns {Promise<Wire>}
   */
  async until(condition) {
    while (!condition(this)) {
      if (this.socket.destroyed) throw new Error(`closed after ${JSON.stringify(this.text)}`);
      await new Promise((resolve) => (this.#changed = () => resolve(undefined)));
    }
    return this;
  }

  /** Waits for the head of an HTTP answer. */
  async head() {
    await this.until(({ text }) => text.includes('\r\n\r\n'));
    return this.text.slice(0, this.text.indexOf('\r\n\r\n') + 4);
  }

  /** The WebSocket frames that have arrived behind the head. */
  get frames() {
    const start = this.text.indexOf('\r\n\r\n');
    return start < 0 ? [] : readFrames(this.received.subarray(start + 4));
  }

  /**
   * Waits for a number of frames.
   * @param {number} count
   */
  async framesUpTo(count) {
    await this.until(({ frames }) => frames.length >= count);
    return this.frames;
  }
}

/**
 * @param {string} method
 * @param {string} target
 * @param {Record<string, string>} [headers]
 * @param {string} [body]
 */
function requestText(method, target, headers = {}, body = '') {
  const all = { Host: 'localhost', ...headers };
  if (body) all['Content-Length'] = String(Buffer.byteLength(body));
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/**
 * @param {string} target
 * @param {Record<string, string>} [headers]
 */
function upgradeText(target, headers = {}) {
  return requestText('GET', target, {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': KEY,
    ...headers,
  });
}

/**
 * A masked frame of a client.
 * @param {string | Uint8Array} payload
 * @param {{ opcode?: number, fin?: boolean, masked?: boolean, rsv?: number }} [options]
 */
function frame(payload, { opcode = 1, fin = true, masked = true, rsv = 0 } = {}) {
  const bytes = Buffer.from(/** @type {any} */ (payload));
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const bit = masked ? 0x80 : 0;
  let header = Buffer.from([first, bit | bytes.length]);
  if (bytes.length > 65535) {
    header = Buffer.alloc(10);
    header.writeUInt16BE((first << 8) | bit | 127);
    header.writeBigUInt64BE(BigInt(bytes.length), 2);
  } else if (bytes.length > 125) {
    header = Buffer.alloc(4);
    header.writeUInt16BE((first << 8) | bit | 126);
    header.writeUInt16BE(bytes.length, 2);
  }
  if (!masked) return Buffer.concat([header, bytes]);
  const mask = Buffer.from([1, 2, 3, 4]);
  return Buffer.concat([header, mask, bytes.map((byte, i) => byte ^ mask[i % 4])]);
}

/**
 * The complete frames of a server: opcode and payload, texts as strings, a close frame as its code.
 * @param {Buffer} bytes
 * @returns {{ opcode: number, payload: any }[]}
 */
function readFrames(bytes) {
  const frames = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const opcode = bytes[at] & 15;
    let length = bytes[at + 1];
    let start = at + 2;
    if (length === 126) {
      if (start + 2 > bytes.length) break;
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      if (start + 8 > bytes.length) break;
      length = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    if (start + length > bytes.length) break;
    const payload = bytes.subarray(start, start + length);
    if (opcode === 8) frames.push({ opcode, payload: length ? payload.readUInt16BE() : 1005 });
    else frames.push({ opcode, payload: opcode === 1 ? payload.toString() : payload });
    at = start + length;
  }
  return frames;
}

module.exports = { Wire, frame, requestText, upgradeText };
