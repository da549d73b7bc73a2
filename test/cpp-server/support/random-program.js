/**
 * Programs made by chance: what some official clients do with a server, step by step. A program is JSON. The
 * same seed makes the same program.
 */
'use strict';

const { Dice } = require('../../differential/support/random/dice');

const ROOMS = ['a', 'b', 'ö "'];
const MOST_CLIENTS = 6;

/**
 * @typedef {object} Step
 * @property {'open' | 'close' | 'emit' | 'ask'} what `ask`: an event with an acknowledgement
 * @property {number} who a client, by its number
 * @property {{ nsp: string, way: number, version: number, auth: object }} [how] it is opened
 * @property {any[]} [args] of the event, whose name is the first; bytes are `{ $bytes: hex }`
 */

/** @param {Dice} dice @param {number} depth @returns {any} */
function valueOf(dice, depth = 0) {
  const inside = () => valueOf(dice, depth + 1);
  return dice.weigh([
    [3, () => dice.pick([0, 1, -1.5, 1e21, 5e-324, 2 ** 53, 123456789])],
    [4, () => dice.pick(['', 'text', 'é 😀 \u2028 " \\ \0 /', '\ud800', '[1', 'x'.repeat(300)])],
    [2, () => dice.pick([null, true, false])],
    [1, () => ({ $bytes: dice.pick(['', '00ff', 'ab'.repeat(300)]) })],
    [depth < 3 ? 2 : 0, () => dice.list(0, 3, inside)],
    [
      depth < 3 ? 2 : 0,
      () =>
        Object.fromEntries(
          dice.list(0, 3, () => [dice.pick(['a', 'b', '', '__proto', 'é"']), inside()]),
        ),
    ],
  ]);
}

/** @param {Dice} dice */
const choiceOf = (dice) => ({
  from: dice.pick(['namespace', 'socket']),
  to: dice.list(0, 2, () => dice.pick(ROOMS)),
  except: dice.list(0, 1, () => dice.pick(ROOMS)),
});

/** @param {Dice} dice */
const typedArgs = (dice) => [
  'typed',
  dice.pick(['text', 'ä', 5]),
  dice.pick([1, -0.5, '1']),
  dice.pick([1, null, 1.5]),
  dice.pick([true, false, true, 0]),
  dice.pick([[], ['a', 'b'], ['a', 1]]),
  dice.pick([{}, { a: 1.5 }, { a: null }]),
  dice.pick([{ x: 1, y: 2 }, { y: 0.5, x: 1, name: 'n', more: [] }, { x: 1 }]),
];

/** What a client of "/" does. @param {Dice} dice @returns {Omit<Step, 'who'>} */
function actionOf(dice) {
  /** @type {(...args: any[]) => Omit<Step, 'who'>} */
  const emit = (...args) => ({ what: 'emit', args });
  /** @type {(...args: any[]) => Omit<Step, 'who'>} */
  const ask = (...args) => ({ what: 'ask', args });
  const values = () => dice.list(0, 3, () => valueOf(dice));
  const room = () => dice.pick(ROOMS);
  return dice.weigh([
    [4, () => emit('echo', ...values())],
    [4, () => ask('echo', ...values())],
    [3, () => ask(...typedArgs(dice))],
    [1, () => ask('bytes', dice.pick([{ $bytes: '616263' }, 'no bytes']))],
    [1, () => emit('bytes', { $bytes: '616263' })],
    [1, () => emit(dice.pick(['nobody', '', '5', '__proto__']), ...values())],
    [1, () => ask('twice')],
    [1, () => emit('numbers', dice.number(5))],
    [1, () => ask('count')],
    [1, () => emit('throw')],
    [1, () => ask('reserved')],
    [6, () => ask('join', room())],
    [2, () => ask('leave', room())],
    [6, () => emit('say', choiceOf(dice), valueOf(dice))],
    [2, () => emit('relay', ...values())],
    [1, () => emit('say by number', room(), 'by number')],
    [2, () => ask('who', choiceOf(dice))],
    [1, () => emit('all join', choiceOf(dice), room())],
    [1, () => emit('all leave', choiceOf(dice), room())],
    [1, () => emit('all out', { from: 'socket', to: [room()] }, dice.chance(50))],
    [1, () => ask('size')],
    [1, () => emit('leave me', dice.chance(50))],
    [2, () => ask('ask', dice.pick(['why', '', 'é "']), 10_000)],
    [1, () => ask('ask for bytes')],
    [1, () => ask('ask all', room(), 10_000)],
    [1, () => ask('echo in the pool', ...values())],
    [1, () => ask('echo in the inbox', ...values())],
  ]);
}

/** @param {Dice} dice */
function openingOf(dice) {
  const version = dice.chance(20) ? 2 : 4;
  const nsps = ['/', '/', '/', '/', '/watched', '/dynamic-1', '/dynamic-2', '/none', '/guarded'];
  return {
    nsp: version === 2 ? '/' : dice.pick(nsps),
    way: dice.number(3),
    version,
    auth: { how: dice.pick(['', 'refuse', 'refuse with data', 'late']) },
  };
}

/**
 * @param {number} seed
 * @param {number} length
 * @returns {Step[]}
 */
function makeProgram(seed, length) {
  const dice = new Dice(seed);
  /** @type {Step[]} */
  const steps = [];
  let opened = 0;
  while (steps.length < length) {
    const mayOpen = opened < MOST_CLIENTS && (opened < 2 || dice.chance(10));
    if (mayOpen) {
      steps.push({ what: 'open', who: opened++, how: openingOf(dice) });
    } else {
      const who = dice.number(opened);
      steps.push(dice.chance(3) ? { what: 'close', who } : { ...actionOf(dice), who });
    }
  }
  return steps;
}

module.exports = { makeProgram };
