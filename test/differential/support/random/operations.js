/**
 * What the server's application does in a program. Each operation is a method, named as in the program. What
 * it gives or throws is written down.
 */
'use strict';

const { valueOf } = require('./values');

/** @typedef {import('./generator').Op} Op */
/** @typedef {import('./player').Player} Player */

const MAX_RUNS_OF_FRAGMENT = 2;
const MAX_DEPTH = 3;

class Operations {
  /** @type {number[]} */
  #runs = [];
  #depth = 0;
  /** When listeners hear of a close, and what is lost by it, is a matter of what waits to be sent. */
  #isClosing = false;

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
  }

  get world() {
    return this.player.world;
  }

  get io() {
    return this.player.io;
  }

  /**
   * @param {Op[]} ops
   * @param {any} [self] the socket that is concerned
   */
  runAll(ops, self) {
    for (const op of ops) this.run(op, self);
  }

  /**
   * Runs ops inside a listener or a callback: a few times only, for they may lead to themselves.
   * @param {number | undefined} index
   * @param {any} [self]
   */
  runFragment(index, self) {
    if (index === undefined || this.#isClosing) return;
    const ops = this.player.program.fragments[index];
    this.#runs[index] ??= 0;
    if (
      ops === undefined ||
      this.#runs[index] >= MAX_RUNS_OF_FRAGMENT ||
      this.#depth >= MAX_DEPTH
    ) {
      return;
    }
    this.#runs[index]++;
    this.#depth++;
    try {
      this.runAll(ops, self);
    } finally {
      this.#depth--;
    }
  }

  /**
   * @param {Op} op
   * @param {any} [self]
   */
  run(op, self) {
    const label = `${op.id} ${op.op}${op.how ? ` ${op.how}` : ''}`;
    const { sockets } = this.player;
    const socket =
      op.target === 'self' && self ? self : sockets[Number(op.target) % sockets.length];
    const method = /** @type {any} */ (this)[op.op];
    try {
      this.#note(label, method.call(this, op, socket));
    } catch (error) {
      this.world.note('server', `${label} throws`, error);
    }
  }

  /**
   * @param {string} label
   * @param {any} result
   */
  #note(label, result) {
    if (typeof result?.then !== 'function') {
      this.world.note('server', label, this.#tell(result));
      return;
    }
    this.world.note('server', label, 'a promise');
    const settle = (/** @type {string} */ how) => (/** @type {any} */ value) =>
      this.world.note('promises', `${label} ${how}`, this.#tell(value));
    result.then(settle('gives'), settle('rejects'));
  }

  /** Sockets by their names. @param {any} value @returns {any} */
  #tell(value) {
    if (this.player.names.has(value)) return this.player.names.get(value);
    if (value === this.io) return 'io';
    if (Array.isArray(value)) return value.map((each) => this.#tell(each));
    return value;
  }

  /** @param {any} room */
  #room(room) {
    if (Array.isArray(room)) return room.map((/** @type {any} */ each) => this.#room(each));
    if (room === null || typeof room !== 'object' || room.idOf === undefined) return valueOf(room);
    const { sockets } = this.player;
    return sockets.length === 0 ? 'nobody' : sockets[room.idOf % sockets.length].id;
  }

  // The operations.

  /** @param {Op} op @param {any} socket */
  emission(op, socket) {
    let target = this.#base(op, socket);
    for (const [step, value] of op.chain) {
      if (step === 'volatile' || step === 'local') target = target[step];
      else if (step === 'timeout' || step === 'compress') target = target[step](value);
      else target = target[step](this.#room(value));
    }
    switch (op.how) {
      case 'fetchSockets':
      case 'allSockets':
        return target[op.how]();
      case 'socketsJoin':
      case 'socketsLeave':
        return target[op.how](this.#room(op.rooms));
      case 'disconnectSockets':
        return target.disconnectSockets(op.close);
      case 'send':
      case 'write':
        return target[op.how](...op.args.map(valueOf));
      case 'emitWithAck':
        // Servers and namespaces themselves have it in ours only (docs/differences.md).
        if (op.chain.length === 0 && ['io', 'nsp', 'parent'].includes(op.base)) return undefined;
        return target.emitWithAck(valueOf(op.event), ...op.args.map(valueOf));
      case 'ack':
        return target.emit(valueOf(op.event), ...op.args.map(valueOf), this.#onAnswer(op, socket));
      default:
        return target[op.how](valueOf(op.event), ...op.args.map(valueOf));
    }
  }

  /** @param {Op} op @param {any} socket */
  #base(op, socket) {
    switch (op.base) {
      case 'io':
        return this.io;
      case 'nsp':
        return this.io.of(op.nsp);
      case 'parent':
        return this.player.parents[op.parent];
      case 'broadcast':
        return socket.broadcast;
      case 'remote':
        return this.player.remoteOf(socket);
      default:
        return socket;
    }
  }

  /** @param {Op} op @param {any} socket */
  #onAnswer(op, socket) {
    return (/** @type {any[]} */ ...answers) => {
      // Answers of several clients come in any order.
      const told = answers.map((each) =>
        Array.isArray(each) && op.base !== 'socket' ? this.player.sorted(each) : each,
      );
      this.world.note('answers', String(op.id), ...told);
      this.runFragment(op.fragment, socket);
    };
  }

  /** @param {Op} op @param {any} socket */
  join(op, socket) {
    return socket.join(this.#room(op.rooms));
  }

  /** @param {Op} op @param {any} socket */
  leave(op, socket) {
    return socket.leave(this.#room(op.room));
  }

  /** @param {Op} _op @param {any} socket */
  rooms(_op, socket) {
    return new Set(socket.rooms);
  }

  /** @param {Op} op @param {any} socket */
  data({ value }, socket) {
    const before = { ...socket.data };
    if (value === 0) socket.data = { replaced: true };
    else socket.data[`key ${value}`] = value;
    return before;
  }

  /** @param {Op} op @param {any} socket */
  disconnect(op, socket) {
    return socket.disconnect(op.close);
  }

  /** @param {Op} _op @param {any} socket */
  'conn.close'(_op, socket) {
    this.#isClosing = true;
    socket.conn.close();
    setImmediate(() => (this.#isClosing = false));
  }

  /** @param {Op} op @param {any} socket */
  listen(op, socket) {
    const { world, player } = this;
    const lane = player.laneOf(socket);
    const listener = (/** @type {any[]} */ ...args) => {
      world.note(lane, `listener ${op.id}`, ...args);
      this.runFragment(op.fragment, socket);
      if (op.then === 'throw') throw new Error(`thrown by listener ${op.id}`);
      if (op.then === 'ack') args.at(-1)?.call?.(null, op.id, Buffer.from('an answer'));
      return op.then === 'reject' ? Promise.reject(new Error(`rejected by ${op.id}`)) : undefined;
    };
    return socket[op.how](valueOf(op.event), listener);
  }

  /** @param {Op} op @param {any} socket */
  unlisten(op, socket) {
    return socket.removeAllListeners(op.event);
  }

  /** @param {Op} op @param {any} socket */
  listeners(op, socket) {
    const event = valueOf(op.event);
    return [
      socket.listenerCount(event),
      socket.listeners(event).length,
      socket.rawListeners(event).length,
      socket.eventNames(),
      socket.getMaxListeners(),
      socket.listenersAny().length,
      socket.listenersAnyOutgoing().length,
    ];
  }

  /** @param {Op} op @param {any} socket */
  any(op, socket) {
    const { world, player } = this;
    const lane = op.how.endsWith('Outgoing') ? 'outgoing' : player.laneOf(socket);
    const name = `${op.how} ${op.id} of ${player.names.get(socket)}`;
    const listener = (/** @type {any[]} */ ...args) => {
      if (args[0] === 'fence') return;
      world.note(lane, name, ...args);
      this.runFragment(op.fragment, socket);
      if (op.then === 'off') socket[op.how.replace(/onAny|prependAny/, 'offAny')](listener);
      if (op.then === 'throw') throw new Error(`thrown by ${op.how} ${op.id}`);
    };
    return socket[op.how](listener);
  }

  /** @param {Op} op @param {any} socket */
  offAny(op, socket) {
    return socket[op.how]();
  }

  /** @param {Op} op @param {any} socket */
  use(op, socket) {
    const lane = this.player.laneOf(socket);
    return socket.use((/** @type {any[]} */ event, /** @type {(err?: any) => void} */ next) => {
      if (event[0] === 'fence') {
        next();
        return;
      }
      this.world.note(lane, `middleware ${op.id}`, event);
      this.runFragment(op.fragment, socket);
      if (op.then === 'late') {
        setImmediate(next);
      } else if (op.then === 'refuse') {
        next(Object.assign(new Error('refused'), { data: { of: op.id } }));
      } else if (op.then === 'throw') {
        throw new Error(`thrown by middleware ${op.id}`);
      } else if (op.then !== 'never') {
        if (op.then === 'change') event.splice(1, 1, 'changed', 2);
        if (op.then === 'twice') next();
        next();
      }
    });
  }

  /** @param {Op} op */
  'use nsp'(op) {
    const nsp = this.io.of(op.nsp);
    nsp.use((/** @type {any} */ socket, /** @type {() => void} */ next) => {
      this.world.note('server', `late middleware ${op.id}`, socket.connected);
      this.runFragment(op.fragment, socket);
      next();
    });
  }

  /** @param {Op} op */
  of(op) {
    const nsp = this.io.of(op.name);
    return [nsp.name, nsp === this.io.of(op.name), [...this.io._nsps.keys()]];
  }

  /** @param {Op} op @param {any} socket */
  'packet observer'(op, socket) {
    const { names } = this.player;
    const name = `packet ${op.id} of ${names.get(socket)}`;
    socket.conn.on('packetCreate', (/** @type {any} */ { type, data, options }) => {
      if (!String(data).includes('[]'))
        this.world.note('packets', name, type, data, options?.compress);
    });
  }

  /** @param {Op} op */
  'server side emit'(op) {
    const nsp = this.io.of(op.nsp);
    const event = valueOf(op.event);
    // Without a cluster only ours answers (docs/differences.md).
    return op.ack ? undefined : nsp.serverSideEmit(event, 1);
  }

  /** @param {Op} op @param {any} socket */
  adapter({ nsp, call: [method, first, second] }, socket) {
    const { adapter } = this.io.of(nsp);
    const roomsOf = (/** @type {any[]} */ list) => new Set(list.map((each) => this.#room(each)));
    switch (method) {
      case 'broadcast':
        return adapter.broadcast(
          { type: 2, data: ['by the adapter', ...first.map(valueOf)] },
          { rooms: roomsOf(second), except: new Set(), flags: {} },
        );
      case 'addAll':
        return adapter.addAll(socket.id, roomsOf(first));
      case 'del':
        return adapter.del(socket.id, this.#room(first));
      case 'sockets':
        return adapter.sockets(roomsOf(first));
      default:
        return adapter[method](socket.id);
    }
  }

  /** @param {Op} op @param {any} socket */
  flags(op, socket) {
    for (const [flag, value] of op.flags) socket[flag](value);
    return socket.flags;
  }

  /** @param {Op} op @param {any} socket */
  packet(op, socket) {
    return socket.packet({ type: 2, data: [valueOf(op.event), ...op.args.map(valueOf)] });
  }

  /** @param {Op} _op @param {any} socket */
  handshake(_op, socket) {
    const { time, address, xdomain, secure, url, query, auth } = socket.handshake;
    return [Boolean(time), address, xdomain, secure, url.split('&t=')[0], Object.keys(query), auth];
  }

  /** @param {Op} op @param {any} socket */
  'write encoded'({ preEncoded }, socket) {
    socket.client.writeToEngine(
      [`2${socket.nsp.name === '/' ? '' : `${socket.nsp.name},`}["raw"]`],
      {
        preEncoded,
      },
    );
  }

  state() {
    this.player.noteState();
  }

  close() {
    this.#isClosing = true;
    // When Node's HTTP server has closed depends on connections that clients keep for later.
    this.io.close();
  }
}

module.exports = { Operations };
