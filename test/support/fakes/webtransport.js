/**
 * A WebTransport session without HTTP/3. Two streams connect a server's end, with the parts of the W3C's
 * interface that servers use, and a client's end that writes and reads packets.
 */
'use strict';

const BINARY_BIT = 0x80;

/**
 * A packet with its length in front.
 * @param {string | Buffer} packet
 */
function framed(packet) {
  const bytes = Buffer.from(packet);
  const isBinary = typeof packet === 'string' ? 0 : BINARY_BIT;
  let head = Buffer.from([bytes.length | isBinary]);
  if (bytes.length >= 65536) {
    head = Buffer.alloc(9);
    head[0] = 127 | isBinary;
    head.writeBigUInt64BE(BigInt(bytes.length), 1);
  } else if (bytes.length >= 126) {
    head = Buffer.alloc(3);
    head[0] = 126 | isBinary;
    head.writeUInt16BE(bytes.length, 1);
  }
  return Buffer.concat([head, bytes]);
}

/**
 * A session and its stream.
 * @param {{ hasStream?: boolean }} [form] `hasStream`: whether the client opens a stream
 */
function createSession({ hasStream = true } = {}) {
  const toServer = new TransformStream();
  const toClient = new TransformStream();
  let end = () => {};
  let fail = (/** @type {Error} */ _error) => {};
  const closed = new Promise((resolve, reject) => {
    end = () => resolve(undefined);
    fail = reject;
  });
  closed.catch(() => {});
  return {
    closed,
    /** Ends the session, on either side. */
    end,
    /** The session is lost. */
    fail,
    /** The client's end of the stream. */
    stream: { readable: toClient.readable, writable: toServer.writable },
    /** What the server gets. */
    session: {
      closed,
      close: end,
      incomingBidirectionalStreams: new ReadableStream({
        start(controller) {
          if (!hasStream) return;
          controller.enqueue({ readable: toServer.readable, writable: toClient.writable });
        },
      }),
    },
  };
}

/**
 * What stands for the browser's `WebTransport`: its sessions reach `accept` at once.
 * @param {(session: any) => unknown} accept
 */
function webTransportTo(accept) {
  return class WebTransport {
    #created = createSession();
    closed = this.#created.closed;
    ready = Promise.resolve();

    constructor() {
      accept(this.#created.session);
    }

    async createBidirectionalStream() {
      return this.#created.stream;
    }

    close() {
      this.#created.end();
    }
  };
}

/** A client that writes and reads packets. */
class WebTransportClient {
  #created;
  #writer;
  #reader;
  #received = Buffer.alloc(0);

  /** @param {{ hasStream?: boolean }} [form] */
  constructor(form) {
    this.#created = createSession(form);
    this.#writer = this.#created.stream.writable.getWriter();
    this.#reader = this.#created.stream.readable.getReader();
  }

  /** What the server gets. */
  get session() {
    return this.#created.session;
  }

  /** Settled at the end of the session. */
  get closed() {
    return this.#created.closed;
  }

  /** Sends packets, each in a separate chunk. @param {(string | Buffer)[]} packets */
  send(...packets) {
    for (const packet of packets) this.write(framed(packet));
  }

  /** Sends bytes as they are. @param {Uint8Array} bytes */
  write(bytes) {
    this.#writer.write(bytes).catch(() => {}); // after the end
  }

  /**
   * The next packet.
   * @returns {Promise<string | Buffer>}
   */
  async receive() {
    const [first] = await this.#take(1);
    let length = first & ~BINARY_BIT;
    if (length === 126) length = (await this.#take(2)).readUInt16BE();
    else if (length === 127) length = Number((await this.#take(8)).readBigUInt64BE());
    const bytes = await this.#take(length);
    return first & BINARY_BIT ? bytes : bytes.toString();
  }

  /** @param {number} count of bytes */
  async #take(count) {
    while (this.#received.length < count) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error('the stream has ended');
      this.#received = Buffer.concat([this.#received, value]);
    }
    const bytes = this.#received.subarray(0, count);
    this.#received = this.#received.subarray(count);
    return bytes;
  }

  /** Ends the session. */
  end() {
    this.#created.end();
  }

  /** The session is lost. @param {Error} error */
  fail(error) {
    this.#created.fail(error);
  }

  /** Ends the client's direction of the stream, not the session. */
  endStream() {
    this.#writer.close().catch(() => {});
  }

  /** Breaks the client's direction of the stream. @param {Error} error */
  abortStream(error) {
    this.#writer.abort(error).catch(() => {});
  }

  /** Refuses what the server sends from now on. @param {Error} error */
  cancelStream(error) {
    this.#reader.cancel(error).catch(() => {});
  }
}

module.exports = { WebTransportClient, createSession, framed, webTransportTo };
