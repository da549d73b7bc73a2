/**
 * What C++ does to many sockets by the adapter of JavaScript, which knows other servers, or keeps what clients
 * have missed. Whom a telling means stands at its beginning: rooms, and rooms that are left out.
 */
'use strict';

const { PacketType } = require('../../protocol');
const { BroadcastOperator, emitForAcks } = require('../broadcasts/broadcast-operator');

/** @typedef {import('./native-namespace').NativeNamespace} NativeNamespace */

/**
 * @param {NativeNamespace} side
 * @param {string[]} rooms
 * @param {string[]} except
 * @param {import('../broadcasts/broadcast-operator').BroadcastFlags} [flags]
 */
function operatorOf({ nsp }, rooms, except, flags = {}) {
  return new BroadcastOperator(nsp.adapter, new Set(rooms), new Set(except), flags);
}

/**
 * Gives C++ what a socket says. What JSON cannot hold, as it is too deep, is no answer: the question goes on.
 * @param {NativeNamespace} side
 * @param {number} question
 * @param {any[]} args
 */
function answer({ nsp, server }, question, args) {
  const packet = { type: PacketType.ACK, nsp: '/', data: args };
  try {
    const [text, ...attachments] = nsp.server.encoder.encode(packet);
    server.functions.answer(question, text.slice(text.indexOf('[')), attachments);
  } catch {
    // JSON cannot hold it
  }
}

/** @type {Record<string, (side: NativeNamespace, fields: any[]) => void>} */
const ACTIONS = {
  emit(side, [rooms, except, isVolatile, compress, [event, ...args]]) {
    const flags = { ...(isVolatile && { volatile: true }), ...(!compress && { compress: false }) };
    operatorOf(side, rooms, except, flags).emit(event, ...args);
  },

  ask(side, [rooms, except, question, timeout, data]) {
    const acks = emitForAcks(
      operatorOf(side, rooms, except, { timeout }),
      data,
      (err, /** @type {any[]} */ responses) => {
        for (const response of responses) answer(side, question, [response]);
        side.server.functions.finish(question, err !== null, acks.expectedResponses);
      },
    );
  },

  async fetch(side, [rooms, except, question]) {
    const { functions } = side.server;
    try {
      const sockets = await operatorOf(side, rooms, except).fetchSockets();
      for (const { id, rooms: joined } of sockets) answer(side, question, [id, [...joined]]);
      functions.finish(question, false, sockets.length);
    } catch {
      functions.finish(question, true, 0); // a server of the cluster has not answered
    }
  },

  socketsJoin(side, [rooms, except, room]) {
    operatorOf(side, rooms, except).socketsJoin(room);
  },

  socketsLeave(side, [rooms, except, room]) {
    operatorOf(side, rooms, except).socketsLeave(room);
  },

  disconnectSockets(side, [rooms, except, _room, close]) {
    operatorOf(side, rooms, except).disconnectSockets(close);
  },
};

/**
 * @param {NativeNamespace} side
 * @param {string} kind of a telling
 * @param {any[]} fields
 * @returns {boolean} whether it is one about many sockets
 */
function doForMany(side, kind, fields) {
  const action = Object.hasOwn(ACTIONS, kind) ? ACTIONS[kind] : undefined;
  action?.(side, fields);
  return action !== undefined;
}

/**
 * The namespace of a telling is no more. Who has asked must not wait for ever.
 * @param {import('./native-server').NativeServer} server
 * @param {string} kind
 * @param {any[]} fields
 */
function answerForNobody({ functions }, kind, [, , question]) {
  if (kind === 'ask' || kind === 'fetch') functions.finish(question, false, 0);
}

module.exports = { answerForNobody, doForMany };
