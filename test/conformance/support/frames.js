/**
 * WebSocket frames by hand (RFC 6455, section 5). A builder can be told to break any rule, and a reader lets
 * a server break none.
 */
'use strict';

const OPCODE = Object.freeze({
  CONTINUATION: 0,
  TEXT: 1,
  BINARY: 2,
  CLOSE: 8,
  PING: 9,
  PONG: 10,
});

const MAX_CONTROL_BYTES = 125;

let masks = 0x9e3779b9;

/**
 * One frame of a client.
 * @param {number} opcode
 * @param {string | Buffer} [payload]
 * @param {object} [how]
 * @param {boolean} [how.fin]
 * @param {number} [how.rsv] the three reserved bits as a number
 * @param {boolean} [how.masked]
 * @param {0 | 2 | 8} [how.lengthBytes] of the extended length, if not the shortest form
 * @param {bigint} [how.announce] another length than the payload's
 */
function frame(opcode, payload = '', how = {}) {
  const { fin = true, rsv = 0, masked = true, lengthBytes, announce } = how;
  const body = Buffer.from(payload);
  const length = announce ?? BigInt(body.length);
  const head = Buffer.alloc(14);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  let at = 2;
  const extended = lengthBytes ?? (length < 126n ? 0 : length < 65536n ? 2 : 8);
  if (extended === 0) {
    head[1] = Number(length);
  } else if (extended === 2) {
    head[1] = 126;
    at = head.writeUInt16BE(Number(length), at);
  } else {
    head[1] = 127;
    at = head.writeBigUInt64BE(length, at);
  }
  if (!masked) return Buffer.concat([head.subarray(0, at), body]);
  head[1] |= 0x80;
  masks = (Math.imul(masks, 1664525) + 1013904223) >>> 0;
  const key = head.subarray(at, head.writeUInt32BE(masks, at));
  const maskedBody = Buffer.allocUnsafe(body.length);
  for (let i = 0; i < body.length; i++) maskedBody[i] = body[i] ^ key[i & 3];
  return Buffer.concat([head.subarray(0, at + 4), maskedBody]);
}

const text = (/** @type {string | Buffer} */ payload, how = {}) => frame(OPCODE.TEXT, payload, how);
const binary = (/** @type {string | Buffer} */ payload, how = {}) =>
  frame(OPCODE.BINARY, payload, how);
const continuation = (/** @type {string | Buffer} */ payload, how = {}) =>
  frame(OPCODE.CONTINUATION, payload, how);
const ping = (/** @type {string | Buffer} */ payload = '', how = {}) =>
  frame(OPCODE.PING, payload, how);
const pong = (/** @type {string | Buffer} */ payload = '', how = {}) =>
  frame(OPCODE.PONG, payload, how);

/**
 * A close frame.
 * @param {number} [code]
 * @param {string | Buffer} [reason]
 */
function close(code, reason = '') {
  if (code === undefined) return frame(OPCODE.CLOSE);
  const body = Buffer.from([code >> 8, code & 0xff]);
  return frame(OPCODE.CLOSE, Buffer.concat([body, Buffer.from(reason)]));
}

/**
 * One message in several frames.
 * @param {number} opcode
 * @param {(string | Buffer)[]} parts
 * @returns {Buffer[]}
 */
function fragments(opcode, parts) {
  return parts.map((part, index) =>
    frame(index === 0 ? opcode : OPCODE.CONTINUATION, part, { fin: index === parts.length - 1 }),
  );
}

/**
 * Cuts bytes into pieces of at most `size`.
 * @param {Buffer} bytes
 * @param {number} size
 * @returns {Buffer[]}
 */
function chop(bytes, size) {
  const pieces = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/**
 * The next frame of a server. It must be unmasked, in the shortest form, and use no reserved bit
 * that was not negotiated.
 * @param {import('./wire').Wire} wire
 * @param {{ compressed?: boolean }} [negotiated]
 */
async function readFrame(wire, { compressed = false } = {}) {
  const [first, second] = await wire.take(2);
  const fin = (first & 0x80) !== 0;
  const rsv = (first >> 4) & 7;
  const opcode = first & 15;
  const require = (/** @type {boolean} */ isMet, /** @type {string} */ rule) => {
    if (!isMet) throw new Error(`a server's frame ${rule} (${first}, ${second})`);
  };
  require((second & 0x80) === 0, 'must not be masked');
  require(rsv === 0 || (compressed && rsv === 4), 'must not use reserved bits');
  require(Object.values(OPCODE).includes(opcode), 'must have a known opcode');
  let length = second;
  if (length === 126) {
    length = (await wire.take(2)).readUInt16BE();
    require(length >= 126, 'must have the shortest form of its length');
  } else if (length === 127) {
    length = Number((await wire.take(8)).readBigUInt64BE());
    require(length >= 65536, 'must have the shortest form of its length');
  }
  if (opcode >= OPCODE.CLOSE) {
    require(fin && rsv === 0, 'must be whole and plain if it is a control frame');
    require(length <= MAX_CONTROL_BYTES, 'must be short if it is a control frame');
  }
  return { fin, isCompressed: rsv === 4, opcode, payload: await wire.take(length) };
}

module.exports = {
  OPCODE,
  binary,
  chop,
  close,
  continuation,
  fragments,
  frame,
  ping,
  pong,
  readFrame,
  text,
};
