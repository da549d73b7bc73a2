/**
 * Hearing of messages and of the end by the events of a connection, as any engine emits them.
 * All connections share three listeners: each connection knows its client.
 */
'use strict';

/** @typedef {import('../client').Client} Client */

/** The property of a connection that holds its client. */
const kClient = Symbol('client');

/**
 * @this {any}
 * @param {any} data
 */
function onConnData(data) {
  this[kClient].ondata(data);
}

/**
 * @this {any}
 * @param {Error} err
 */
function onConnError(err) {
  this[kClient].onerror(err);
}

/**
 * @this {any}
 * @param {string} reason
 * @param {any} details
 */
function onConnClose(reason, details) {
  this[kClient].onclose(reason, details);
}

/** @param {Client} client */
function listenToEvents(client) {
  const { conn } = client;
  conn[kClient] = client;
  conn.on('data', onConnData);
  conn.on('error', onConnError);
  conn.on('close', onConnClose);
}

/** @param {Client} client */
function stopListeningToEvents({ conn }) {
  conn.removeListener('data', onConnData);
  conn.removeListener('error', onConnError);
  conn.removeListener('close', onConnClose);
}

module.exports = { listenToEvents, stopListeningToEvents };
