/** A server and some clients by hand, all in one namespace. */
'use strict';

/**
 * @param {import('./world').World} world
 * @param {number} count
 * @param {any} [opts] of the server
 */
async function crowd(world, count, opts) {
  const io = await world.serve(opts);
  const members = [];
  for (let i = 0; i < count; i++) members.push(await world.join(`client ${i}`, io));
  return { io, members, sockets: members.map(({ socket }) => socket) };
}

/**
 * Waits until everything that was sent has arrived, at both ends of every client.
 * @param {import('./world').World} world
 * @param {{ peer: any }[]} members
 */
async function fenceAll(world, members) {
  for (const { peer } of members) await world.fence(peer);
}

module.exports = { crowd, fenceAll };
