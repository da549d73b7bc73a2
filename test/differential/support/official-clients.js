/**
 * The official clients, of today and of Socket.IO 2: what they are told is written down.
 */
'use strict';

const LIFE = ['connect', 'connect_error', 'disconnect', 'error'];

/**
 * @param {import('./world').World} world
 * @param {string} lane
 * @param {string} url
 * @param {any} opts `version: 2` for the client of Socket.IO 2
 */
function openOfficialClient(world, lane, url, { version = 4, ...opts }) {
  const connect = version === 2 ? require('socket.io-client-2') : require('socket.io-client').io;
  const client = connect(url, {
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    ...opts,
  });
  for (const event of LIFE) {
    client.on(event, (/** @type {any[]} */ ...args) => world.note(lane, event, ...args.map(plain)));
  }
  client.onAny?.(world.noter(lane, 'event'));
  return client;
}

/** Errors of clients hold whole transports. @param {any} value */
function plain(value) {
  if (value instanceof Error) {
    const { message, data } = /** @type {any} */ (value);
    return { message, ...(data !== undefined && { data }) };
  }
  return value?.context ? { description: String(value.description) } : value;
}

module.exports = { openOfficialClient };
