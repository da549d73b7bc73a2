/**
 * Servers of ours on each door, and official clients on each transport. They are for the tests of what only
 * ours has, which one project of Jest runs.
 */
'use strict';

const { DOORS } = require('../servers/doors');

const FOUR_DOORS = ['http', 'https', 'own port', 'own port with TLS'];

/** The transports of a client, each alone. */
const TRANSPORTS = { polling: ['polling'], websocket: ['websocket'] };

/**
 * Every door with every transport, as rows of `describe.each`.
 * @type {[doorName: string, transport: string, door: import('../servers/doors').Door, transports: string[]][]}
 */
const EVERYWHERE = FOUR_DOORS.flatMap((doorName) =>
  Object.entries(TRANSPORTS).map(([transport, transports]) => [
    doorName,
    transport,
    /** @type {Record<string, import('../servers/doors').Door>} */ (DOORS)[doorName],
    transports,
  ]),
);

module.exports = { EVERYWHERE };
