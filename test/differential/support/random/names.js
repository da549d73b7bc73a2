/**
 * What random programs choose from: names of namespaces, rooms and events, and kinds of clients. And the time
 * that stands for none in particular.
 */
'use strict';

const { named } = require('./values');

const NAMESPACES = ['/', '/a', '/d1', '/d2', '/f1'];
const PARENTS = ['d', 'f'];
const ROOMS = ['r0', 'r1', 'r2', 1, '1', '', 'r\u2028'];
const ODD_ROOMS = [null, named('undefined'), 1.5, true, ['nested']];
const EVENTS = ['a', 'b', 'message', 'error', 'fence2', 'long'.repeat(20), '\u2028"', 5, ''];
const ODD_EVENTS = [
  '__proto__',
  'constructor',
  'toString',
  'disconnect',
  'disconnecting',
  'connect',
  'connect_error',
  'newListener',
  'removeListener',
  'connection',
  'new_namespace',
  -0.5,
  named('surrogate'),
];
/** Names that are none: clients end the connection when they get them. */
const WILD_EVENTS = [null, true, ...['undefined', 'symbol', 'buffer', 'toJSON'].map(named)];
const CLIENTS = ['wire', 'wire', 'official', 'official polling', 'official upgrade'];

/** How long what a program waits for may take: it says when the time is over. */
const HELD_MS = 770_077;

/**
 * A room: by its name, or that of a socket.
 * @param {import('./dice').Dice} dice
 */
function chooseRoom(dice) {
  return dice.weigh([
    [10, () => dice.pick(ROOMS)],
    [3, () => ({ idOf: dice.number(8) })],
    [1, () => dice.pick(ODD_ROOMS)],
  ]);
}

module.exports = {
  CLIENTS,
  EVENTS,
  HELD_MS,
  NAMESPACES,
  ODD_EVENTS,
  PARENTS,
  WILD_EVENTS,
  chooseRoom,
};
