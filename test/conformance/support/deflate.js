/** The client's side of permessage-deflate (RFC 7692): parameters, and both directions of data. */
'use strict';

const zlib = require('node:zlib');
const { within } = require('./wire');

/** What a sender leaves out at the end of each message, and a receiver adds (7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);

/**
 * The parameters of an answer.
 * @param {string | undefined} header Sec-WebSocket-Extensions
 * @returns {Map<string, string | true> | undefined} undefined if the offer was declined
 */
function parametersOf(header) {
  if (header === undefined) return undefined;
  const [name, ...items] = header.split(';').map((item) => item.trim());
  if (name !== 'permessage-deflate') throw new Error(`nobody offered the extension: ${header}`);
  const parameters = new Map();
  for (const item of items) {
    const [key, value = true] = item.split('=');
    if (parameters.has(key)) throw new Error(`a parameter twice: ${header}`);
    parameters.set(key, value);
  }
  return parameters;
}

/** Both directions of one connection. */
class Deflation {
  /** @param {Map<string, string | true>} parameters of the server's answer */
  constructor(parameters) {
    const bitsOf = (/** @type {string} */ side) =>
      Number(parameters.get(`${side}_max_window_bits`) ?? 15);
    this.clientBits = bitsOf('client');
    this.serverBits = bitsOf('server');
    this.isClientFresh = parameters.has('client_no_context_takeover');
    this.isServerFresh = parameters.has('server_no_context_takeover');
    this.reset();
  }

  /** Forgets all context. */
  reset() {
    this.deflater = zlib.createDeflateRaw({ windowBits: this.clientBits });
    this.inflater = zlib.createInflateRaw({ windowBits: this.serverBits });
  }

  /**
   * The payload of a message.
   * @param {Buffer} message
   */
  async compress(message) {
    if (this.isClientFresh) {
      this.deflater = zlib.createDeflateRaw({ windowBits: this.clientBits });
    }
    const payload = await flushed(this.deflater, message);
    return payload.subarray(0, -TAIL.length);
  }

  /**
   * The message of a payload. It is read with the window that the server has agreed to, and without the
   * context that it has agreed to forget. So a server that does not keep its word fails.
   * @param {Buffer} payload
   */
  decompress(payload) {
    if (this.isServerFresh) {
      this.inflater = zlib.createInflateRaw({ windowBits: this.serverBits });
    }
    return flushed(this.inflater, Buffer.concat([payload, TAIL]));
  }
}

/**
 * What comes out of a zlib stream for some bytes.
 * @param {zlib.DeflateRaw | zlib.InflateRaw} stream
 * @param {Buffer} bytes
 * @returns {Promise<Buffer>}
 */
function flushed(stream, bytes) {
  /** @type {Buffer[]} */
  const chunks = [];
  const take = (/** @type {Buffer} */ chunk) => chunks.push(chunk);
  const done = new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.on('data', take);
    stream.write(bytes);
    stream.flush(zlib.constants.Z_SYNC_FLUSH, () => {
      stream.removeListener('error', reject);
      stream.removeListener('data', take);
      resolve(Buffer.concat(chunks));
    });
  });
  return within(done, 'zlib');
}

module.exports = { Deflation, parametersOf };
