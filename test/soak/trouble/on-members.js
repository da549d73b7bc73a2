/** Trouble for the members of the chat: lost connections, and ends of sessions. */
'use strict';

/**
 * @typedef {object} Scene what troublemakers act on
 * @property {import('../chat/crowd').Crowd} crowd
 * @property {import('../server/process').ServerProcess} server
 * @property {Record<string, any>} places of the doors
 * @property {number} windowMs
 * @property {(fault: string) => void} fault
 *
 * @typedef {(scene: Scene, random: import('../run/random').Random) => unknown} Troublemaker
 */

const MOST_AT_ONCE = 4;
const MOST_QUIT_MS = 2000;

/** So much longer than the window some are away. */
const TOO_LONG_MS = 2000;

/**
 * @param {Scene} scene
 * @param {import('../run/random').Random} random
 */
function someConnections({ crowd }, random) {
  const { connections } = crowd.someNetwork(random);
  return random.shuffle(connections).slice(0, random.integer(1, MOST_AT_ONCE));
}

/** Resets some connections. @type {Troublemaker} */
function kills(scene, random) {
  for (const connection of someConnections(scene, random)) connection.reset();
}

/** Clients lose their connections and come back, before the server knows that these are dead. @type {Troublemaker} */
function cuts(scene, random) {
  for (const connection of someConnections(scene, random)) connection.cut();
}

/** Some connections fall silent: each side waits for the other until its heartbeat tells. @type {Troublemaker} */
function silence(scene, random) {
  for (const connection of someConnections(scene, random)) connection.silence();
}

/** Everybody at a door loses the connection, and comes back at once. @type {Troublemaker} */
function storm({ crowd }, random) {
  for (const connection of crowd.someNetwork(random).connections) connection.reset();
}

/** A member ends its session. @type {Troublemaker} */
function quits({ crowd }, random) {
  crowd.someone(random)?.quit(random.integer(50, MOST_QUIT_MS));
}

/** The server ends the session of a member. @type {Troublemaker} */
async function kicks({ crowd, server }, random) {
  const member = crowd.someone(random);
  await member?.isKickedBy(() => server.ask('kick', { door: member.door, name: member.name }));
}

/** A member is away, shorter or longer than the server remembers it. @type {Troublemaker} */
function absence({ crowd, windowMs }, random) {
  const ms = random.next() < 0.5 ? windowMs + TOO_LONG_MS : random.integer(500, windowMs / 3);
  crowd.someone(random)?.goAway(ms);
}

module.exports = { absence, cuts, kicks, kills, quits, silence, storm };
