/**
 * Socket.IO packets ⇄ JavaScript values. Pure: no socket, no namespace, no timer.
 */
'use strict';

const parser = require('socket.io-parser');
const { PacketDecoder, parseArguments } = require('./decoder');
const { PacketEncoder, encodeEvent, encodeWithId, packetPrefix } = require('./encoder');
const { hasBinary } = require('./has-binary');
const { RESERVED_EVENTS, assertNotReserved } = require('./reserved-events');

module.exports = {
  PacketDecoder,
  PacketEncoder,
  PacketType: parser.PacketType,
  RESERVED_EVENTS,
  assertNotReserved,
  defaultParser: parser,
  encodeEvent,
  encodeWithId,
  hasBinary,
  packetPrefix,
  parseArguments,
};
