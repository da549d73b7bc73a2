/**
 * What `DEBUG=socket.io:socket` logs of every event and acknowledgement, in socket.io's words. These
 * paths are too hot to ask `debug` each time whether it is on. So the answer is kept, and renewed with
 * each connection.
 */
'use strict';

const debug = require('debug')('socket.io:socket');
const { PacketType } = require('../../protocol');

/** @typedef {import('../sockets/socket').Socket} Socket */

const trace = {
  /** Whether to call the functions below. */
  isOn: debug.enabled,

  renew() {
    trace.isOn = debug.enabled;
  },

  /**
   * An event has come in.
   * @param {Socket} socket
   * @param {any[]} event
   * @param {number | null | undefined} id
   */
  event(socket, event, id) {
    debug('got packet %j', { type: PacketType.EVENT, nsp: socket.nsp.name, id, data: event });
    debug('emitting event %j', event);
    const wantsAck = id !== undefined && id !== null;
    if (wantsAck) debug('attaching ack callback to event');
    debug('dispatching an event %j', wantsAck ? [...event, null] : event);
  },

  /**
   * An acknowledgement has come in.
   * @param {Socket} socket
   * @param {any[] | undefined} data
   * @param {number} id
   * @param {unknown} callback that waits for it
   */
  ack(socket, data, id, callback) {
    debug('got packet %j', { type: PacketType.ACK, nsp: socket.nsp.name, id, data });
    if (callback) debug('calling ack %s with %j', id, data);
  },

  /** @param {any[]} args of an acknowledgement that goes out */
  sentAck(args) {
    debug('sending ack %j', args);
  },

  /** @param {number} id of an event that goes out and wants an acknowledgement */
  wantsAck(id) {
    debug('emitting packet with ack id %d', id);
  },
};

module.exports = { trace };
