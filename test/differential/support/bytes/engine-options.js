/**
 * The options and hooks of the engines that plans are played on.
 */
'use strict';

/** What an application may have a say by. */
const HOOKS = [
  'connection_error',
  'allowRequest',
  'middleware',
  'headers',
  'initial_headers',
  'generateId',
];

/**
 * Options of an engine.
 * @param {import('./byte-dice').ByteDice} dice
 * @param {boolean} isAttached
 */
function chooseOptions(dice, isAttached) {
  const maybe = (
    /** @type {number} */ probability,
    /** @type {string} */ name,
    /** @type {any[]} */ values,
  ) => (dice.likely(probability) ? { [name]: dice.pick(values) } : {});
  return {
    ...maybe(0.5, 'allowEIO3', [true]),
    // After a body that is too long the own port ends the connection.
    ...maybe(0.4, 'maxHttpBufferSize', isAttached ? [1000, 4000] : [4000]),
    ...maybe(0.1, 'transports', [
      ['polling'],
      ['websocket'],
      ['websocket', 'polling'],
      ['polling', 'websocket', 'webtransport'],
    ]),
    ...maybe(0.1, 'allowUpgrades', [false]),
    ...maybe(0.15, 'cookie', [
      true,
      { name: 'a', httpOnly: false },
      { name: 'b', path: '/x', maxAge: 5 },
    ]),
    ...maybe(0.15, 'cors', [
      { origin: '*' },
      { origin: ['http://a.example'], credentials: true },
      { origin: true, methods: ['GET'] },
    ]),
    ...maybe(0.15, 'httpCompression', [false, true, { threshold: 10 }, { threshold: 0 }]),
    ...maybe(0.2, 'perMessageDeflate', [
      true,
      { threshold: 5 },
      { threshold: 5, serverNoContextTakeover: true, clientNoContextTakeover: true },
    ]),
    ...maybe(0.15, 'initialPacket', ['first', '', Buffer.from([1, 2])]),
  };
}

module.exports = { HOOKS, chooseOptions };
