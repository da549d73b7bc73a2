/**
 * How the messages of a session become commands to the I/O thread. Most go straight there. If somebody
 * watches what is sent, each packet is shown to the listeners first, and its way out is followed.
 */
'use strict';

const { FLAG, PACKET_TYPE } = require('../wire/layout');
const { byteLength, packetOf, toLegacyMessage, toMessageData } = require('../wire/message-data');

/** @typedef {import('./session').Socket} Socket */
/** @typedef {keyof typeof PACKET_TYPE} PacketType */

/**
 * Sends one message that nobody watches.
 * @param {Socket} session
 * @param {any} data
 * @param {number} flags
 */
function sendMessage(session, data, flags) {
  const part = session.protocol === 3 ? toLegacyMessage(data) : toMessageData(data);
  const { commands } = session.server;
  if (typeof part === 'string') commands.send(session, part, flags);
  else commands.sendParts(session, [part], flags);
}

/**
 * The messages of one packet as the commands take them.
 * @param {Socket} session
 * @param {any[]} messages
 */
function toParts({ protocol }, messages) {
  const convert = protocol === 3 ? toLegacyMessage : toMessageData;
  return messages.map((data) => convert(data));
}

/**
 * Sends the messages of one packet, for those who watch: `packetCreate` comes first, then the packet is
 * in `writeBuffer` until it has been taken.
 * @param {Socket} session
 * @param {PacketType} type
 * @param {any[]} messages
 * @param {any} options
 * @param {number} flags of the options
 * @param {(transport: any) => void} [callback] called when the last message has been taken
 */
function sendObserved(session, type, messages, options, flags, callback) {
  const parts = toParts(session, messages);
  const packets = parts.map((_part, i) => packetOf(type, messages[i], options));
  for (const packet of packets) session.emit('packetCreate', packet);
  if (session.readyState !== 'open') return; // a listener has closed it
  if (session.seenTransport?.isSendReplaced) {
    if ((flags & FLAG.VOLATILE) !== 0 && !session.transport.writable) return;
    showFlush(session, packets, () => session.transport.send(packets));
    callback?.(session.transport);
    return;
  }
  const isWatched = session.writeWatch !== undefined || callback !== undefined;
  const watch = isWatched ? session.watchWrites() : undefined;
  const isAtOnce = watch?.writable === true; // before it may have answered the poll that waits
  session.server.commands.sendParts(session, parts, flags | PACKET_TYPE[type]);
  watch?.add(packets, parts.map(byteLength), isAtOnce, callback);
}

/**
 * Shows a packet that the I/O thread has sent by itself to those who watch.
 * @param {Socket} session
 * @param {PacketType} type
 */
function showSent(session, type) {
  if (!session.isObserved || session.readyState !== 'open') return;
  const packet = packetOf(type, undefined, undefined);
  session.emit('packetCreate', packet);
  if (session.writeWatch !== undefined) showFlush(session, [packet]);
}

/**
 * Tells that packets leave the write buffer.
 * @param {Socket} session
 * @param {any[]} packets
 * @param {() => void} [leave] called between `flush` and `drain`
 */
function showFlush(session, packets, leave) {
  const { server } = session;
  session.emit('flush', packets);
  server.emit('flush', session, packets);
  leave?.();
  session.emit('drain');
  server.emit('drain', session);
}

module.exports = { sendMessage, sendObserved, showFlush, showSent, toParts };
