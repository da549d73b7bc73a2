/**
 * A connection of the own port with TLS that JavaScript serves. It is a Duplex with the plain bytes, in the
 * shape of `tls.TLSSocket`. Its socket and its TLS stay on the I/O thread. NodeStream does the same in the
 * other direction. Bound of the way in: 256 KiB, then the I/O thread stops reading. Bound of the way out: one
 * write at a time.
 */
'use strict';

const net = require('node:net');
const { Duplex } = require('node:stream');
const { codedError } = require('../../errors/coded-error');
const { TLS_QUESTION } = require('../wire/layout');
const { describeTls } = require('../session/tls-info');

/** More than any protocol asks for. */
const MAX_KEYING_MATERIAL_BYTES = 64 * 1024;

/**
 * @typedef {object} LeftConnection
 * @property {number} stream the I/O thread's number for it
 * @property {number} thread
 * @property {string} address of the client; empty: unknown
 * @property {number} port of the client
 * @property {import('../wire/tls-facts').TlsFacts} facts
 * @property {Buffer} bytes that were read of its next request
 */

class TlsConnection extends Duplex {
  #native;
  #id;
  #thread;
  /** Bytes that were pushed but not read yet: the I/O thread has not been told of them. */
  #unread = 0;
  /** @type {(() => void) | undefined} */
  #onSent;
  #unsent = 0;
  #isGone = false;
  #onClose;
  #timeoutMs = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  bytesRead = 0;
  bytesWritten = 0;
  connecting = false;
  /** The server that it belongs to. @type {any} */
  server = null;

  /**
   * @param {import('../wire/native').NativeEngine} native
   * @param {LeftConnection} left
   * @param {() => void} onClose
   */
  constructor(native, { stream, thread, address, port, facts }, onClose) {
    super({ allowHalfOpen: true, emitClose: true });
    this.#native = native;
    this.#id = stream;
    this.#thread = thread;
    this.#onClose = onClose;
    this.remoteAddress = address || undefined;
    this.remotePort = address ? port : undefined;
    this.remoteFamily = address ? `IPv${net.isIPv6(address.split('%', 1)[0]) ? 6 : 4}` : undefined;
    describeTls(this, facts);
  }

  /** The server's end, which is not known here. */
  address() {
    return {};
  }

  // From the I/O thread.

  /** @param {Buffer} bytes */
  onData(bytes) {
    if (this.destroyed) return;
    this.bytesRead += bytes.length;
    this.#unread += bytes.length;
    this.#timer?.refresh();
    if (this.push(bytes)) this.#acknowledge();
  }

  /** @param {number} count */
  onSent(count) {
    this.#timer?.refresh();
    this.#unsent -= count;
    if (this.#unsent > 0) return;
    const done = this.#onSent;
    this.#onSent = undefined;
    done?.();
  }

  /** @param {boolean} isGone whether the connection is over, and not only the client's direction */
  onEnd(isGone) {
    if (!isGone) {
      this.push(null);
      return;
    }
    this.#isGone = true;
    this.destroy();
  }

  // For Duplex.

  _read() {
    this.#acknowledge();
  }

  /**
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {() => void} done
   */
  _write(chunk, _encoding, done) {
    this.#send(chunk, done);
  }

  /**
   * @param {{ chunk: Buffer }[]} chunks
   * @param {() => void} done
   */
  _writev(chunks, done) {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  /** @param {() => void} done */
  _final(done) {
    if (!this.#isGone) this.#native.streamReadEnd(this.#thread, this.#id);
    done();
  }

  /**
   * @param {Error | null} error
   * @param {(error: Error | null) => void} done
   */
  _destroy(error, done) {
    clearTimeout(this.#timer);
    if (!this.#isGone) this.#native.streamEnd(this.#thread, this.#id, '');
    this.#isGone = true;
    this.#onClose();
    done(error);
  }

  // For applications: what net.Socket has besides.

  /**
   * Emits `timeout` after a time without a byte in either direction.
   * @param {number} ms 0: never
   * @param {() => void} [listener]
   */
  setTimeout(ms, listener) {
    clearTimeout(this.#timer);
    this.#timeoutMs = ms;
    this.#timer = ms > 0 ? setTimeout(() => this.emit('timeout'), ms).unref() : undefined;
    if (listener) {
      if (ms > 0) this.once('timeout', listener);
      else this.removeListener('timeout', listener);
    }
    return this;
  }

  get timeout() {
    return this.#timeoutMs;
  }

  setNoDelay() {
    return this; // the I/O thread's sockets never delay
  }

  setKeepAlive() {
    return this;
  }

  ref() {
    return this;
  }

  unref() {
    return this;
  }

  destroySoon() {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', this.destroy);
  }

  // What tls.TLSSocket has besides: asked of the I/O thread, and null once the connection is gone.

  getSession() {
    return this.#ask(TLS_QUESTION.SESSION);
  }

  getFinished() {
    return this.#ask(TLS_QUESTION.FINISHED);
  }

  getPeerFinished() {
    return this.#ask(TLS_QUESTION.PEER_FINISHED);
  }

  /** @returns {string[] | null} */
  getSharedSigalgs() {
    const names = this.#ask(TLS_QUESTION.SIGNATURES);
    return names && names.split(':');
  }

  /**
   * @param {number} length
   * @param {string} label
   * @param {Buffer} [context]
   * @returns {Buffer | null}
   */
  exportKeyingMaterial(length, label, context) {
    if (!Number.isInteger(length) || length < 1 || length > MAX_KEYING_MATERIAL_BYTES) {
      throw new RangeError(
        `"length" must be from 1 to ${MAX_KEYING_MATERIAL_BYTES}, not ${length}`,
      );
    }
    if (typeof label !== 'string') throw new TypeError('"label" must be a string');
    if (context !== undefined && !(context instanceof Uint8Array)) {
      throw new TypeError('"context" must be a Buffer');
    }
    const material = this.#ask(TLS_QUESTION.KEYING_MATERIAL, length, label, context);
    if (material !== undefined) return material;
    throw codedError('ERR_BEASTIO_TLS', `OpenSSL exports no keying material for "${label}"`);
  }

  /** @param {number} size most plain bytes of a record, from 512 to 16384 */
  setMaxSendFragment(size) {
    if (typeof size !== 'number') throw new TypeError('"size" must be a number');
    return this.#ask(TLS_QUESTION.MAX_RECORD_BYTES, size) === true;
  }

  /** Servers have none to tell of, in Node too. */
  getEphemeralKeyInfo() {
    return null;
  }

  /** The same. */
  getTLSTicket() {
    return undefined;
  }

  /** Nobody renegotiates here. */
  disableRenegotiation() {}

  /**
   * @param {any} _options
   * @param {(error: Error) => void} [callback]
   */
  renegotiate(_options, callback) {
    const error = new Error('TLS session renegotiation disabled for this socket');
    Object.assign(error, { code: 'ERR_TLS_RENEGOTIATION_DISABLED' });
    if (callback) process.nextTick(callback, error);
    return false;
  }

  get readyState() {
    if (this.readable) return this.writable ? 'open' : 'readOnly';
    return this.writable ? 'writeOnly' : 'closed';
  }

  /**
   * @param {Buffer} bytes
   * @param {() => void} done
   */
  #send(bytes, done) {
    if (this.#isGone || bytes.length === 0) {
      done();
      return;
    }
    this.bytesWritten += bytes.length;
    this.#unsent = bytes.length;
    this.#onSent = done;
    this.#timer?.refresh();
    this.#native.streamData(this.#thread, this.#id, bytes);
  }

  /**
   * @param {number} question
   * @param {any[]} args
   */
  #ask(question, ...args) {
    return this.#isGone ? null : this.#native.askTls(this.#thread, this.#id, question, ...args);
  }

  #acknowledge() {
    if (this.#unread === 0 || this.#isGone) return;
    this.#native.streamDrain(this.#thread, this.#id, this.#unread);
    this.#unread = 0;
  }
}

module.exports = { TlsConnection };
