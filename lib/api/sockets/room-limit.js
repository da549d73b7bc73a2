/** The option `maxRoomsPerSocket`: whoever has an application join more rooms is sent away. */
'use strict';

const LIMIT = 'maxRoomsPerSocket';

/**
 * Whether a socket may join rooms. Beyond the limit it is disconnected, and the engine tells of it. An error
 * would be worse: handlers that join what a client asks for do not expect one, and it would end the process.
 * @param {import('./socket').Socket} socket
 * @param {Set<string>} rooms
 */
function mayJoin(socket, rooms) {
  const most = socket.server.opts[LIMIT];
  if (most === undefined) return true;
  const all = new Set([...socket.rooms, ...rooms]);
  all.delete(socket.id); // which is its own
  if (all.size <= most) return true;
  const { client, conn, server } = socket;
  client._disconnect(); // also where a middleware joins, before the socket is connected
  server.engine.emit('limit', { limit: LIMIT, count: 1, address: conn.remoteAddress, id: conn.id });
  return false;
}

module.exports = { mayJoin };
