/**
 * Plays a program: the server, its listeners, the clients, and the waits between the steps, after
 * each of which everything that was sent has arrived.
 */
'use strict';

const adapters = require('socket.io-adapter');
const parser = require('socket.io-parser');
const { HeldTimers } = require('./held-timers');
const { NAMESPACES } = require('./names');
const { Operations } = require('./operations');
const { OfficialClient, WireClient } = require('./clients');
const { valueOf } = require('./values');
const { show } = require('../show');

/** @typedef {import('../world').World} World */
/** @typedef {import('./generator').Program} Program */

/** Classes of the application, which keep the short ways of packets closed. */
const OPTIONS = {
  adapter: {
    genuine: adapters.Adapter,
    derived: class Derived extends adapters.Adapter {},
  },
  parser: {
    genuine: parser,
    derived: {
      Encoder: class extends parser.Encoder {},
      Decoder: class extends parser.Decoder {},
    },
  },
};

const FENCE_NAMESPACE = '/fence';

class Player {
  /** All sockets so far, in the order of their connection. @type {any[]} */
  sockets = [];
  /** What they are called. @type {Map<any, string>} */
  names = new Map();
  /** @type {(OfficialClient | WireClient)[]} */
  clients = [];
  /** @type {Record<string, any>} */
  parents = {};
  #timers = new HeldTimers();
  #operations = new Operations(this);
  /** Clients by their session. @type {Map<string, string>} */
  #sessions = new Map();
  #warn = console.warn;

  /**
   * @param {World} world
   * @param {Program} program
   */
  constructor(world, program) {
    this.world = world;
    this.program = program;
    /** @type {any} */
    this.io = undefined;
  }

  async play() {
    this.#timers.install();
    console.warn = (/** @type {any[]} */ ...args) => this.world.note('server', 'warning', ...args);
    this.world.closeLater(() => {
      this.#timers.restore();
      console.warn = this.#warn;
    });
    await this.#serve();
    for (const step of this.program.steps) {
      this.world.note('steps', step.do);
      await this.#perform(step);
      await this.#settle();
    }
    this.noteState();
    this.world.note('state', 'clients', this.io.engine.clientsCount);
    this.#timers.pass();
    await this.#settle();
  }

  // The server.

  async #serve() {
    const { options } = this.program;
    const opts = { ...options };
    if (opts.connectionStateRecovery) {
      opts.connectionStateRecovery = { ...opts.connectionStateRecovery };
      if (opts.adapter) opts.adapter = adapters.SessionAwareAdapter;
    } else if (opts.adapter) {
      opts.adapter = /** @type {any} */ (OPTIONS.adapter)[opts.adapter];
    }
    if (opts.parser) opts.parser = /** @type {any} */ (OPTIONS.parser)[opts.parser];
    const io = await this.world.serve(opts);
    this.io = io;
    let count = 0;
    io.engine.on('connection', (/** @type {any} */ conn) =>
      this.#sessions.set(conn.id, `client ${count++}`),
    );
    io.on('new_namespace', (/** @type {any} */ nsp) => this.world.note('server', 'new', nsp.name));
    io.of(FENCE_NAMESPACE).on('connection', (/** @type {any} */ socket) => answerFences(socket));
    this.#prepare(io.of('/'), this.program.hooks['/']);
    this.#prepare(io.of('/a'), this.program.hooks['/a']);
    this.parents.d = io.of(/^\/d\d$/);
    this.parents.f = io.of(
      (/** @type {string} */ name, /** @type {any} */ auth, /** @type {any} */ next) => {
        this.world.note('server', 'asked for', name, auth);
        setImmediate(next, null, name.startsWith('/f'));
      },
    );
    this.#prepare(this.parents.d, this.program.hooks.d);
    this.#prepare(this.parents.f, this.program.hooks.f);
  }

  /**
   * @param {any} nsp
   * @param {any} hooks
   */
  #prepare(nsp, hooks) {
    for (const { fragment } of hooks.middlewares) {
      nsp.use((/** @type {any} */ socket, /** @type {any} */ next) => {
        this.#name(socket);
        this.#operations.runFragment(fragment, socket);
        this.#admit(socket, next);
      });
    }
    nsp.on('connect', (/** @type {any} */ socket) => {
      this.#name(socket);
      this.world.note(this.laneOf(socket), 'connect', socket.recovered, socket.rooms);
      this.#operations.runFragment(hooks.connect, socket);
    });
    nsp.on('connection', (/** @type {any} */ socket) => this.#onConnection(socket, hooks));
    if (hooks.adapter) this.#watchAdapter(nsp, hooks.adapter);
  }

  /** @param {any} socket */
  #name(socket) {
    if (this.names.has(socket)) return;
    this.names.set(socket, `${this.#sessions.get(socket.conn.id)}${socket.nsp.name}`);
    this.sockets.push(socket);
  }

  /** The lane of all sockets of one client in one namespace. @param {any} socket */
  laneOf(socket) {
    return `socket of ${this.names.get(socket)}`;
  }

  /**
   * @param {any} socket
   * @param {(err?: any) => void} next
   */
  #admit(socket, next) {
    const refusal = () =>
      Object.assign(new Error('no'), { data: { why: Buffer.from('b').length } });
    /** @type {Record<string, () => unknown>} */
    const ways = {
      refuse: () => next(refusal()),
      text: () => next('a text'),
      late: () => setImmediate(next),
      soon: () => Promise.resolve().then(() => next()),
      never: () => {},
      twice: () => (next(), next()),
      leave: () => (socket.disconnect(true), socket.conn.close(), next()),
      reject: () => Promise.reject(new Error('a middleware rejects')),
      throw: () => {
        throw new Error('a middleware throws');
      },
    };
    const way = ways[socket.handshake.auth?.m] ?? next;
    return way();
  }

  /**
   * @param {any} socket
   * @param {any} hooks
   */
  #onConnection(socket, hooks) {
    const lane = this.laneOf(socket);
    const run = (/** @type {string} */ hook) => this.#operations.runFragment(hooks[hook], socket);
    const note = (/** @type {string} */ event) =>
      socket.on(event, (/** @type {any[]} */ ...args) => {
        this.world.note(lane, event, ...args);
        run(event);
      });
    this.world.note(lane, 'connection', socket.connected, socket.rooms, socket.data);
    answerFences(socket);
    for (const event of ['a', 'b', 'message', 'disconnecting', 'disconnect']) note(event);
    if (hooks.error) note('error');
    socket.on('ask', (/** @type {any[]} */ ...args) => {
      const ack = args.at(-1);
      this.world.note(lane, 'ask', ...args);
      if (typeof ack !== 'function') return;
      ack('answer', ...args.slice(0, -1));
      ack('once only');
    });
    run('connection');
  }

  /**
   * @param {any} nsp
   * @param {any} hook
   */
  #watchAdapter(nsp, hook) {
    const watch = () => {
      for (const event of ['create-room', 'delete-room', 'join-room', 'leave-room']) {
        nsp.adapter.on(event, (/** @type {any} */ room, /** @type {any} */ id) => {
          this.world.note('rooms', `${nsp.name} ${event}`, room, id);
          const socket = nsp.sockets.get(id);
          if (socket && this.names.has(socket)) this.#operations.runFragment(hook.fragment, socket);
        });
      }
    };
    watch();
  }

  /**
   * A socket as another server of a cluster would see it.
   * @param {any} socket
   */
  remoteOf(socket) {
    const { id, rooms, data } = socket;
    return new this.world.RemoteSocket(socket.adapter, { id, handshake: {}, rooms, data });
  }

  /** Values in an order that does not depend on who was first. @param {any[]} values */
  sorted(values) {
    return [...values].sort((a, b) => (show(a) < show(b) ? -1 : 1));
  }

  noteState() {
    for (const [name, nsp] of this.io._nsps) {
      if (name === FENCE_NAMESPACE) continue;
      const { rooms, sids } = nsp.adapter;
      const names = [...nsp.sockets.values()].map((socket) => this.names.get(socket));
      this.world.note('state', name, names, nsp._preConnectSockets.size, nsp._ids);
      this.world.note('state', 'rooms', rooms, sids);
    }
    for (const [key, parent] of Object.entries(this.parents)) {
      this.world.note(
        'state',
        key,
        [...parent.children].map(({ name }) => name),
      );
    }
  }

  // Steps.

  /** @param {import('./generator').Step} step */
  async #perform(step) {
    const alive = this.clients.filter((client) => !client.isOver);
    const client = alive[step.i % alive.length];
    switch (step.do) {
      case 'ops':
        if (this.sockets.length > 0) this.#operations.runAll(step.ops);
        return;
      case 'time':
        this.#timers.pass();
        return;
      case 'open':
        await this.#open(step);
        return;
      default:
        await client?.perform(step);
    }
  }

  /** @param {any} step */
  async #open(step) {
    const lane = `client ${this.clients.length}`;
    const Client = step.kind === 'wire' ? WireClient : OfficialClient;
    const client = new Client(this, lane, step.kind);
    this.clients.push(client);
    await client.open(step);
  }

  /** Waits until all that was sent has arrived at both ends, twice: answers may cause more. */
  async #settle() {
    for (let round = 0; round < 2; round++) {
      for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
      await Promise.all(this.clients.map((client) => client.settle()));
    }
  }

  /**
   * The namespaces in which a client has a socket.
   * @param {string} lane
   * @returns {string[]}
   */
  namespacesOf(lane) {
    return NAMESPACES.filter((name) =>
      this.sockets.some((each) => each.connected && this.names.get(each) === `${lane}${name}`),
    );
  }

  /** Whether the server has heard of a client. @param {string} lane */
  hasMet(lane) {
    return [...this.#sessions.values()].includes(lane);
  }

  /**
   * The connection of a client, while the server has it.
   * @param {string} lane
   */
  connectionOf(lane) {
    for (const [id, name] of this.#sessions) {
      if (name === lane) return this.io.engine.clients[id];
    }
    return undefined;
  }
}

/** @param {any} socket */
function answerFences(socket) {
  socket.on('fence', (/** @type {() => void} */ ack) => ack());
}

/**
 * @param {World} world
 * @param {Program} program
 */
function play(world, program) {
  return new Player(world, program).play();
}

module.exports = { FENCE_NAMESPACE, Player, play, valueOf };
