/**
 * The body of a POST, read up to a limit and not slower than it must come. Bound: twice the limit,
 * whatever the size of the chunks in which it arrives.
 */
'use strict';

const { BodyPace } = require('./body-pace');

/**
 * @typedef {object} BodyReader Exactly one of these is called.
 * @property {(body: Buffer) => void} onEnd
 * @property {() => void} onTooLarge the rest is read and dropped
 * @property {() => void} onTooSlow the rest is not read
 * @property {() => void} onCut the client went away
 */
/**
 * @typedef {object} BodyLimits
 * @property {number} maxHttpBufferSize in bytes
 * @property {number} bodyTimeout see BodyPace, as the next
 * @property {number} minBodyBytesPerSecond
 */

/**
 * @param {import('node:http').IncomingMessage} req
 * @param {BodyLimits} limits
 * @param {BodyReader} reader
 */
function readBody(req, limits, { onEnd, onTooLarge, onTooSlow, onCut }) {
  const limit = limits.maxHttpBufferSize;
  /** @type {Buffer} */
  let body = Buffer.alloc(0);
  let length = 0;
  /** @param {() => void} report */
  const finish = (report) => {
    pace.end();
    req.removeListener('data', take);
    req.removeListener('end', end);
    req.removeListener('close', cut);
    report();
  };
  const pace = new BodyPace(limits, () => finish(onTooSlow));
  const end = () => finish(() => onEnd(body.subarray(0, length)));
  const cut = () => finish(onCut);
  /** @param {Buffer} chunk */
  const take = (chunk) => {
    const before = length;
    length += chunk.length;
    pace.bytes = length;
    if (length > limit) {
      req.resume();
      finish(onTooLarge);
    } else if (before === 0) {
      body = chunk; // most bodies arrive in one chunk
    } else {
      if (length > body.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(length, Math.min(2 * body.length, limit)));
        body.copy(grown, 0, 0, before);
        body = grown;
      }
      chunk.copy(body, before);
    }
  };
  req.on('data', take);
  req.on('end', end);
  req.on('close', cut);
}

module.exports = { readBody };
