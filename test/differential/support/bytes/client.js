/**
 * A connection that writes what it is told and keeps what it is sent: HTTP as it came, then the frames of
 * a WebSocket. It behaves at the end as clients do: it answers a close frame and ends with the server.
 */
'use strict';

const zlib = require('node:zlib');
const { connectTo } = require('../../../support/servers/doors');
const frames = require('../../../conformance/support/frames');

/** @type {Record<string, (body: Buffer) => Buffer>} */
const DECODERS = { gzip: zlib.gunzipSync, deflate: zlib.inflateSync };
/** What the sender of a compressed message leaves out at its end. */
const MESSAGE_TAIL = Buffer.of(0, 0, 0xff, 0xff);
const WINDOW_BYTES = 32_768;
const COMPRESSED = 0x40;

const SWITCHED = /HTTP\/1\.1 101 [^]*?\r\n\r\n/;

class Client {
  /** What came before any frame, one character for each byte. */
  #text = '';
  /** Of frames that are not whole yet. */
  #rest = Buffer.alloc(0);
  /** @type {string[] | undefined} */
  #frames;
  /** The end of all that was inflated: the next compressed message may refer to it. */
  #window = Buffer.alloc(0);
  #isOver = false;
  #isStopped = false;

  /** How many bytes came. */
  received = 0;

  /** @param {import('../../../support/servers/doors').Place} place */
  constructor(place) {
    const { socket, readiness } = connectTo(place);
    this.socket = socket;
    this.ready = new Promise((resolve) => {
      socket.once(readiness, resolve);
      socket.once('close', resolve);
    });
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => {}); // whether a connection is reset or ended is up to the kernel
    const end = () => {
      this.#isOver = true;
      socket.end();
    };
    socket.on('end', end);
    socket.on('close', end);
  }

  /** @param {Buffer} bytes */
  write(bytes) {
    if (this.#isStopped || this.#isOver) return undefined;
    return new Promise((resolve) => this.socket.write(bytes, resolve));
  }

  /** @param {'end' | 'destroy'} how */
  stop(how) {
    this.#isStopped = true;
    this.socket[how]();
  }

  /** Everything that came, as lines; nothing about what came after it was stopped. */
  lines() {
    const heard = this.#text === '' ? [] : decoded(this.#text).split('\r\n');
    const end = this.#isOver && !this.#isStopped ? ['the end'] : [];
    return [...heard, ...(this.#frames ?? []), ...end];
  }

  /** @param {Buffer} chunk */
  #receive(chunk) {
    if (this.#isStopped) return;
    this.received += chunk.length;
    if (this.#frames === undefined) {
      this.#text += chunk.toString('latin1');
      const switched = SWITCHED.exec(this.#text);
      if (!switched) return;
      const end = switched.index + switched[0].length;
      chunk = Buffer.from(this.#text.slice(end), 'latin1');
      this.#text = this.#text.slice(0, end);
      this.#frames = [];
    }
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#takeFrame());
  }

  /** Takes a frame out of what came; a server's are not masked. */
  #takeFrame() {
    const bytes = this.#rest;
    if (bytes.length < 2) return false;
    const extended = { 126: 2, 127: 8 }[bytes[1]] ?? 0;
    const start = 2 + extended;
    if (bytes.length < start) return false;
    const length =
      extended === 0
        ? bytes[1]
        : bytes.readUIntBE(start - Math.min(extended, 6), Math.min(extended, 6));
    if (bytes.length < start + length) return false;
    const payload = bytes.subarray(start, start + length);
    this.#rest = bytes.subarray(start + length);
    const plain = (bytes[0] & COMPRESSED) === 0 ? payload : this.#inflate(payload);
    this.#frames?.push(`frame ${bytes[0].toString(16)} ${shown(plain)}`);
    if ((bytes[0] & 15) === frames.OPCODE.CLOSE) {
      this.write(frames.frame(frames.OPCODE.CLOSE, payload));
      this.socket.end();
    }
    return true;
  }

  /** @param {Buffer} payload of a compressed message */
  #inflate(payload) {
    const plain = zlib.inflateRawSync(Buffer.concat([payload, MESSAGE_TAIL]), {
      dictionary: this.#window,
      finishFlush: zlib.constants.Z_SYNC_FLUSH,
    });
    this.#window = Buffer.concat([this.#window, plain]).subarray(-WINDOW_BYTES);
    return plain;
  }
}

/**
 * Answers with their compressed bodies as they were: ids of sessions differ, and with them all that is
 * compressed behind them.
 * @param {string} text
 */
function decoded(text) {
  const pattern = /Content-Encoding: (gzip|deflate)\r\n[^]*?\r\n\r\n/gi;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const start = match.index + match[0].length;
    const joined = joinChunks(text, start);
    if (!joined) break; // the connection was cut
    const { body, end } = joined;
    const plain = DECODERS[match[1]](Buffer.from(body, 'latin1')).toString('latin1');
    text = text.slice(0, start) + plain + text.slice(end);
    pattern.lastIndex = start + plain.length;
  }
  return text;
}

/**
 * A body in chunks, whose boundaries mean nothing.
 * @param {string} text
 * @param {number} start
 */
function joinChunks(text, start) {
  let body = '';
  for (let at = start; ;) {
    const head = /^([\da-f]+)\r\n/.exec(text.slice(at, at + 10));
    if (!head) return undefined;
    const from = at + head[0].length;
    const size = parseInt(head[1], 16);
    body += text.slice(from, from + size);
    at = from + size + 2;
    if (size === 0) return { body, end: at };
  }
}

/** @param {Buffer} payload */
function shown(payload) {
  const text = payload.toString();
  return Buffer.from(text).equals(payload) ? JSON.stringify(text) : payload.toString('hex');
}

module.exports = { Client };
