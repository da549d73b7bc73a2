/**
 * Socket.IO packets ⇄ JavaScript values. Pure: no socket, no namespace, no timer.
 */
'use strict';

const parser = require('socket.io-parser');
const { PacketDecoder, checkEvent, parseArguments } = require('./decoder');
const {
  PacketEncoder,
  encodeEvent,
  encodeWithId,
  eventHead,
  jsonOf,
  packetPrefix,
  refuseBlobs,
} = require('./encoder');
const { hasBinary } = require('./has-binary');
const { RESERVED_EVENTS, assertNotReserved } = require('./reserved-events');

module.exports = {
  PacketDecoder,
  PacketEncoder,
  PacketType: parser.PacketType,
  RESERVED_EVENTS,
  assertNotReserved,
  checkEvent,
  defaultParser: parser,
  encodeEvent,
  encodeWithId,
  eventHead,
  hasBinary,
  jsonOf,
  packetPrefix,
  parseArguments,
  refuseBlobs,
};
