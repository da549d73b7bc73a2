/**
 * Makes programs by chance: what an application and its clients do, step after step. A program is
 * plain JSON, so that it can be sent to another process, printed, and made shorter. Nothing in it is
 * an address: targets are counted off among what there is when it runs.
 */
'use strict';

const { Dice } = require('./dice');
const { chooseValue, named } = require('./values');
const { chooseMessages, chooseNonsense } = require('./messages');
const {
  CLIENTS,
  EVENTS,
  HELD_MS,
  NAMESPACES,
  ODD_EVENTS,
  PARENTS,
  WILD_EVENTS,
  chooseRoom,
} = require('./names');

/** @typedef {Record<string, any>} Op what is done at once, by the server */
/** @typedef {Record<string, any>} Step an op, or what a client does; all is quiet before the next */
/**
 * @typedef {object} Program
 * @property {number} seed
 * @property {any} options of the server
 * @property {Record<string, any>} hooks of the namespaces: which fragments they run
 * @property {Op[][]} fragments ops that listeners, callbacks and middlewares run
 * @property {Step[]} steps
 */

class Generator {
  #dice;
  #seed;
  /** @type {Op[][]} */
  #fragments = [];
  #ops = 0;
  /** Whether there are only clients by hand, who do not mind what they are sent. */
  #isWild;

  /** @param {number} seed */
  constructor(seed) {
    this.#seed = seed;
    this.#dice = new Dice(seed);
    this.#isWild = this.#dice.chance(50);
  }

  /** @returns {Program} */
  program() {
    const dice = this.#dice;
    const fragmentCount = 2 + dice.number(4);
    for (let i = 0; i < fragmentCount; i++) {
      this.#fragments.push(dice.list(1, 3, () => this.#op(true, fragmentCount)));
    }
    const program = {
      seed: this.#seed,
      options: this.#options(),
      hooks: Object.fromEntries(
        [...NAMESPACES.slice(0, 2), ...PARENTS].map((name) => [name, this.#hooks()]),
      ),
      fragments: this.#fragments,
      steps: /** @type {Step[]} */ ([]),
    };
    for (let i = 0; i < 2 + dice.number(2); i++) program.steps.push(this.#open());
    const count = 8 + dice.number(16);
    for (let i = 0; i < count; i++) program.steps.push(this.#step());
    if (dice.chance(20)) program.steps.push({ do: 'ops', ops: [{ op: 'close' }] });
    return program;
  }

  #options() {
    const dice = this.#dice;
    /** @type {any} */
    const options = {};
    if (dice.chance(20)) {
      options.connectionStateRecovery = dice.pick([{}, { skipMiddlewares: false }]);
    }
    if (dice.chance(30)) options.cleanupEmptyChildNamespaces = true;
    if (dice.chance(15)) options.adapter = dice.pick(['genuine', 'derived']);
    if (dice.chance(10)) options.parser = dice.pick(['genuine', 'derived']);
    if (dice.chance(10)) options.perMessageDeflate = true;
    return options;
  }

  /** A fragment to run, or none. @param {number} percent @param {number} [count] */
  #maybeFragment(percent, count = this.#fragments.length) {
    return this.#dice.chance(percent) ? this.#dice.number(count) : undefined;
  }

  #hooks() {
    const dice = this.#dice;
    return {
      middlewares: dice.list(0, 2, () => ({ fragment: this.#maybeFragment(15) })),
      connect: this.#maybeFragment(15),
      connection: this.#maybeFragment(30),
      disconnecting: this.#maybeFragment(20),
      disconnect: this.#maybeFragment(20),
      a: this.#maybeFragment(30),
      b: this.#maybeFragment(30),
      error: dice.chance(50),
      adapter: dice.chance(25) ? { fragment: this.#maybeFragment(20) } : undefined,
    };
  }

  // Steps.

  #open() {
    const dice = this.#dice;
    return {
      do: 'open',
      kind: this.#isWild ? 'wire' : dice.pick(CLIENTS),
      fence: dice.chance(50),
      nsp: dice.pick(['/', '/', '/', '/a', '/d1']),
      auth: this.#auth(),
    };
  }

  #auth() {
    const dice = this.#dice;
    return dice.chance(75)
      ? { m: 'pass' }
      : {
          m: dice.pick([
            'refuse',
            'late',
            'soon',
            'throw',
            'never',
            'text',
            'twice',
            'reject',
            'leave',
          ]),
        };
  }

  /** @returns {Step} */
  #step() {
    const dice = this.#dice;
    const i = dice.number(8);
    return dice.weigh([
      [30, () => ({ do: 'ops', ops: dice.list(1, 5, () => this.#op(false)) })],
      // With polling it is chance whether a volatile packet can be sent.
      [this.#isWild ? 3 : 0, () => ({ do: 'ops', ops: [this.#volatile()] })],
      // With polling a close waits for a poll.
      [
        this.#isWild ? 1 : 0,
        () => ({ do: 'ops', ops: [{ op: 'conn.close', id: ++this.#ops, target: i }] }),
      ],
      [1, () => ({ do: 'send', i, messages: [chooseNonsense(dice)] })],
      [14, () => ({ do: 'send', i, messages: chooseMessages(dice, NAMESPACES) })],
      [
        6,
        () => ({
          do: 'answer',
          i,
          count: 1 + dice.number(3),
          args: dice.list(0, 2, () => this.#plain()),
        }),
      ],
      [4, () => ({ do: 'time' })],
      [5, () => ({ do: 'enter', i, nsp: dice.pick(NAMESPACES), auth: this.#auth() })],
      [3, () => ({ do: 'leave', i, nsp: dice.pick(NAMESPACES) })],
      [3, () => ({ do: 'end', i, how: dice.pick(['destroy', 'close frame', 'end', 'code']) })],
      [3, () => this.#open()],
      [3, () => ({ do: 'recover', i })],
      [
        8,
        () => ({
          do: 'emit',
          i,
          nsp: dice.pick(NAMESPACES),
          event: dice.pick(['a', 'b', 'message', 'ask', 'error', 5]),
          args: dice.list(0, 3, () => this.#plain()),
          ack: dice.chance(40),
        }),
      ],
    ]);
  }

  /** A value that an official client can send. */
  #plain() {
    return this.#dice.pick([
      1,
      'x',
      null,
      { a: [1, { b: 2 }] },
      named('buffer'),
      named('uint8array'),
      named('bytes inside'),
      named('date'),
      named('long'),
      named('undefined'),
      [named('no bytes'), 2],
    ]);
  }

  // Operations.

  /**
   * @param {boolean} isNested
   * @param {number} [fragmentCount]
   * @returns {Op}
   */
  #op(isNested, fragmentCount = this.#fragments.length) {
    const dice = this.#dice;
    const fragment = () => this.#maybeFragment(25, fragmentCount);
    const id = ++this.#ops;
    const target = isNested && dice.chance(60) ? 'self' : dice.number(12);
    const nsp = dice.pick(NAMESPACES);
    const op = dice.weigh([
      [40, () => this.#emission(fragment)],
      [10, () => ({ op: 'join', rooms: this.#rooms() })],
      [5, () => ({ op: 'leave', room: this.#room() })],
      [3, () => ({ op: 'rooms' })],
      [2, () => ({ op: 'data', value: dice.number(5) })],
      [3, () => ({ op: 'disconnect', close: dice.chance(40) })],
      [
        8,
        () => ({
          op: 'listen',
          how: dice.pick(['on', 'once', 'prependListener', 'prependOnceListener', 'addListener']),
          event: this.#event(20),
          then: dice.pick(['note', 'note', 'throw', 'ack', 'reject']),
          fragment: fragment(),
        }),
      ],
      [2, () => ({ op: 'unlisten', event: dice.pick(['a', 'b', 'message']) })],
      [2, () => ({ op: 'listeners', event: this.#event(20) })],
      [
        8,
        () => ({
          op: 'any',
          how: dice.pick([
            'onAny',
            'prependAny',
            'onAnyOutgoing',
            'onAnyOutgoing',
            'prependAnyOutgoing',
          ]),
          then: dice.pick(['note', 'note', 'note', 'throw', 'off']),
          fragment: fragment(),
        }),
      ],
      [2, () => ({ op: 'offAny', how: dice.pick(['offAny', 'offAnyOutgoing']) })],
      [
        3,
        () => ({
          op: 'use',
          then: dice.pick(['pass', 'late', 'refuse', 'throw', 'twice', 'change', 'never']),
          fragment: fragment(),
        }),
      ],
      [1, () => ({ op: 'use nsp', nsp, fragment: fragment() })],
      [
        2,
        () => ({
          op: 'of',
          name: dice.pick([...NAMESPACES, 'a', '', '/d3', '/f2', 'x y', '/new', 7]),
        }),
      ],
      [2, () => ({ op: 'packet observer' })],
      [1, () => ({ op: 'server side emit', nsp, event: this.#event(40), ack: dice.chance(40) })],
      [2, () => ({ op: 'adapter', nsp, call: this.#adapterCall() })],
      [2, () => ({ op: 'flags', flags: this.#socketFlags() })],
      [2, () => ({ op: 'packet', event: this.#event(0), args: this.#args() })],
      [2, () => ({ op: 'handshake' })],
      [2, () => ({ op: 'state' })],
      [1, () => ({ op: 'write encoded', preEncoded: dice.chance(50) })],
    ]);
    return { id, target, ...op };
  }

  /** A volatile packet by itself: with others of the same turn it may be lost. @returns {Op} */
  #volatile() {
    const dice = this.#dice;
    const base = dice.pick(['io', 'socket', 'broadcast']);
    const chain =
      base === 'socket' ? [['volatile']] : [['volatile'], ['to', 'r0'], ['except', 'r1']];
    const id = ++this.#ops;
    return {
      op: 'emission',
      id,
      target: dice.number(12),
      base,
      nsp: '/',
      chain,
      how: 'emit',
      event: 'a',
      args: this.#args(),
    };
  }

  /** @param {() => number | undefined} fragment */
  #emission(fragment) {
    const dice = this.#dice;
    const base = dice.pick(['io', 'nsp', 'socket', 'socket', 'broadcast', 'parent', 'remote']);
    const how = dice.weigh([
      [20, () => 'emit'],
      [2, () => 'send'],
      [1, () => 'write'],
      [6, () => 'ack'],
      [5, () => 'emitWithAck'],
      [2, () => 'fetchSockets'],
      [1, () => 'allSockets'],
      [2, () => 'socketsJoin'],
      [2, () => 'socketsLeave'],
      [1, () => 'disconnectSockets'],
    ]);
    return {
      op: 'emission',
      base,
      nsp: dice.pick(['/', '/', ...NAMESPACES]),
      parent: dice.pick(PARENTS),
      chain: this.#chain(base),
      how,
      event: this.#event(8),
      args: this.#args(),
      rooms: this.#rooms(),
      close: dice.chance(30),
      fragment: fragment(),
    };
  }

  /** @param {string} base */
  #chain(base) {
    const dice = this.#dice;
    if (base === 'socket' || base === 'remote')
      return dice.chance(25) ? [['timeout', HELD_MS]] : [];
    const chain = dice.list(0, 3, () =>
      dice.weigh([
        [5, () => ['to', this.#rooms()]],
        [3, () => ['in', this.#rooms()]],
        [4, () => ['except', this.#rooms()]],
        [1, () => ['local']],
        [1, () => ['compress', dice.chance(50)]],
      ]),
    );
    if (dice.chance(30)) chain.push(['timeout', HELD_MS]);
    return chain;
  }

  #socketFlags() {
    return this.#dice.list(1, 2, () =>
      this.#dice.pick([
        ['compress', false],
        ['timeout', HELD_MS],
      ]),
    );
  }

  #adapterCall() {
    const dice = this.#dice;
    const room = this.#room();
    return dice.weigh([
      [2, () => ['addAll', [room]]],
      [2, () => ['del', room]],
      [1, () => ['delAll']],
      [1, () => ['sockets', [room]]],
      [1, () => ['socketRooms']],
      [2, () => ['broadcast', this.#args(), [room]]],
      [1, () => ['broadcast', this.#args(), []]],
    ]);
  }

  /** @param {number} oddPercent */
  #event(oddPercent) {
    const dice = this.#dice;
    if (!dice.chance(oddPercent)) return dice.pick(EVENTS);
    return dice.pick(this.#isWild ? [...ODD_EVENTS, ...WILD_EVENTS] : ODD_EVENTS);
  }

  #args() {
    return this.#dice.list(0, 3, () => chooseValue(this.#dice, this.#isWild));
  }

  #room() {
    return chooseRoom(this.#dice);
  }

  #rooms() {
    return this.#dice.chance(30) ? this.#dice.list(0, 3, () => this.#room()) : this.#room();
  }
}

/**
 * The program of a seed.
 * @param {number} seed
 */
function makeProgram(seed) {
  return new Generator(seed).program();
}

module.exports = { makeProgram };
