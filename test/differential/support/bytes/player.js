/**
 * Plays a plan on an engine, one step after the other. The next one comes when both the engine's threads have
 * had the chance to do all that the one before asks for.
 */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { Client } = require('./client');
const { Wire, turn } = require('../../../conformance/support/wire');
const { formatRequest, readAnswer } = require('../../../conformance/support/http');

/** @typedef {import('../world').World} World */
/** @typedef {import('./plan').Plan} Plan */
/** @typedef {import('./plan').Step} Step */

/** The sid by which the requests of the player are known. */
const FENCE = 'fence';
/** What happens a tenth of a second after a step has happened by then. */
const LONG_MS = 130;
/** zlib in threads of Node's needs no longer. */
const ZLIB_MS = 4;

const CONN_EVENTS = ['packet', 'message', 'heartbeat', 'upgrading', 'upgrade', 'close'];
/** Of packets the I/O thread shows these (docs/differences.md); others it acts on. */
const SHOWN_PACKETS = new Set(['message', 'ping', 'pong', 'error']);

class Player {
  /** @type {Client[]} */
  #clients = [];
  /** @type {any[]} */
  #conns = [];
  /** @type {Wire | undefined} */
  #fence;
  #ids = 0;
  #notes = 0;

  /**
   * @param {World} world
   * @param {Plan} plan
   */
  constructor(world, plan) {
    this.world = world;
    this.plan = plan;
    const { perMessageDeflate, httpCompression } = plan.opts;
    this.usesZlib = Boolean(perMessageDeflate || httpCompression);
  }

  async play() {
    const { world, plan } = this;
    const { httpServer, engine } = await world.serveEngine(plan.opts, plan.attachOpts);
    this.engine = engine;
    this.place = world.placeOf(httpServer);
    this.#watch();
    this.#fence = await Wire.open(this.place);
    world.closeLater(() => this.#fence?.destroy());
    for (const step of plan.steps) {
      await this.#do(step);
      await this.#settle(step);
    }
    for (const conn of this.#conns) this.#note('at the end', conn.readyState, conn.transport.name);
    this.#note('sessions at the end', engine.clientsCount, Object.keys(engine.clients));
    this.#clients.forEach((client, index) => {
      for (const line of client?.lines() ?? []) world.note(`client ${index}`, line);
    });
  }

  /**
   * @param {string} label
   * @param {...unknown} values
   */
  #note(label, ...values) {
    this.#notes++;
    this.world.note('server', label, ...values);
  }

  // Steps.

  /** @param {Step} step */
  async #do({ what, client, write, stop, session, act, data }) {
    this.#note(`— ${what}`);
    if (act !== undefined) {
      this.#act(this.#conns[session ?? 0], act, data);
    } else if (stop !== undefined) {
      this.#clients[client ?? 0]?.stop(stop);
    } else if (client !== undefined && write !== undefined) {
      const connection = await this.#connect(client);
      for (const piece of this.#fillIn(write)) {
        await connection.write(piece);
        await turn();
        await turn();
      }
    }
  }

  /** @param {number} index */
  async #connect(index) {
    if (this.#clients[index]) return this.#clients[index];
    const client = new Client(/** @type {any} */ (this.place));
    this.#clients[index] = client;
    this.world.closeLater(() => client.socket.destroy());
    await client.ready;
    return client;
  }

  /**
   * Puts the ids of sessions in place of their names.
   * @param {Buffer[]} pieces
   */
  #fillIn(pieces) {
    const whole = Buffer.concat(pieces);
    const text = whole.toString('latin1');
    if (!text.includes('<sid ')) return pieces;
    const filled = Buffer.from(
      text.replace(/<sid (\d+)>/g, (_, id) => this.#conns[id]?.id ?? 'nobody'),
      'latin1',
    );
    if (pieces.length === 1) return [filled];
    const at = pieces[0].length;
    return [filled.subarray(0, at), filled.subarray(at)];
  }

  /**
   * @param {any} conn
   * @param {Step['act']} act
   * @param {Step['data']} data
   */
  #act(conn, act, data) {
    if (act === 'engine close') this.engine.close();
    else if (act === 'send') conn?.send(data);
    else conn?.close(act === 'discard');
  }

  // Waiting.

  /**
   * Waits until all that a step asks for has happened, and a while longer.
   * @param {Step} step
   */
  async #settle({ isLong }) {
    if (isLong) await delay(LONG_MS);
    // One to accept, one to read, one to tell; with hooks a request goes to and fro between the threads.
    const { hooks, opts } = this.plan;
    let passes = hooks.length > 0 || opts.cors ? 6 : 3;
    for (let before = -1; passes > 0 || before !== this.#activity; passes--) {
      before = this.#activity;
      if (this.usesZlib) await delay(ZLIB_MS);
      await this.#pass();
    }
  }

  /** A number that grows with all that anybody is told. */
  get #activity() {
    return this.#clients.reduce((sum, client) => sum + client.received, this.#notes);
  }

  /** Gives every thread its turn: has the engine refuse a request. */
  async #pass() {
    const wire = /** @type {Wire} */ (this.#fence);
    const path = this.engine._computePath(this.plan.attachOpts);
    await wire.write(formatRequest('GET', `${path}?EIO=4&transport=polling&sid=${FENCE}`));
    await readAnswer(wire);
    await turn();
    await turn();
  }

  // The application.

  #watch() {
    const { engine, plan } = this;
    const isFence = (/** @type {any} */ req) => req._query?.sid === FENCE;
    engine.on('connection', (/** @type {any} */ conn) => this.#onConnection(conn));
    const hooks = {
      connection_error: () =>
        engine.on('connection_error', (/** @type {any} */ it) => {
          if (isFence(it.req)) return;
          this.#note(
            'connection_error',
            it.req.method,
            it.req.url,
            it.code,
            it.message,
            it.context,
          );
        }),
      allowRequest: () => {
        engine.opts.allowRequest = (/** @type {any} */ req, /** @type {any} */ callback) => {
          this.#note('allowRequest', req.method, req.url);
          if (req.headers['user-agent'] === 'x') callback('not you', false);
          else callback(null, req.headers.cookie !== 'io=x');
        };
      },
      middleware: () =>
        engine.use((/** @type {any} */ req, /** @type {any} */ res, /** @type {any} */ next) => {
          if (isFence(req)) return next();
          this.#note('middleware', req.method, req.url);
          res.setHeader('x-middleware', 'seen');
          if (req.headers['user-agent'] === '') return next(new Error('no'));
          // An upgrade that is answered is cut off by the genuine package (docs/differences.md).
          if (req.headers.cookie === 'a=b; c=d' && !req.upgrade) {
            res.writeHead(503);
            return res.end();
          }
          return next();
        }),
      headers: () => engine.on('headers', this.#headerListener('headers')),
      initial_headers: () => engine.on('initial_headers', this.#headerListener('initial_headers')),
      generateId: () => {
        engine.generateId = async (/** @type {any} */ req) => {
          this.#note('generateId', req.method, req.url);
          // For a WebSocket that is answered with 101, and then nothing, by the genuine package.
          const isPolling = req._query.transport === 'polling';
          if (isPolling && req.headers.referer === '') throw new Error('no id');
          return `Generated-${`${this.#ids++}`.padStart(10, '0')}`;
        };
      },
    };
    for (const hook of plan.hooks) hooks[/** @type {keyof typeof hooks} */ (hook)]();
  }

  /** @param {string} name */
  #headerListener(name) {
    return (/** @type {any} */ headers, /** @type {any} */ req) => {
      // To whom nobody listens any more.
      if (req._query.sid === FENCE || req.socket.destroyed) return;
      // The end of a session may be told before or after the answer that it brings.
      const lane = req._query.sid ? 'answers' : 'server';
      this.world.note(lane, name, headers, req.method, req.url);
      headers[`x-${name}`] = 'added';
    };
  }

  /** @param {any} conn */
  #onConnection(conn) {
    const id = this.#conns.push(conn) - 1;
    const { request, transport } = conn;
    const { method, url, rawHeaders, httpVersion } = request;
    this.#note(`connection ${id}`, conn.id, conn.protocol, conn.readyState, conn.upgraded);
    this.#note(
      `${id} by`,
      transport.name,
      method,
      url,
      { ...request._query },
      httpVersion,
      rawHeaders,
    );
    for (const event of CONN_EVENTS) {
      conn.on(event, (/** @type {any[]} */ ...args) => {
        if (event === 'packet' && !SHOWN_PACKETS.has(args[0].type)) return;
        const [first] = args;
        // Heartbeats are shown without their data (docs/differences.md).
        if (first?.type === 'ping' || first?.type === 'pong') args = [{ type: first.type }];
        this.#note(`${id} ${event}`, ...args.map((arg) => arg?.name ?? arg), conn.readyState);
      });
    }
  }
}

/** @param {Plan} plan */
const play = (plan) => (/** @type {World} */ world) => new Player(world, plan).play();

module.exports = { play };
