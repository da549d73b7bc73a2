/**
 * A plan: what an engine is told to be, and what its clients and its application do to it, step by step. A
 * seed decides all of it. It is made before anything is answered, so that it is the same for both packages.
 * So it can only assume which sessions are there.
 *
 * What docs/differences.md lists is left out here: each place says so.
 */
'use strict';

const { ByteDice } = require('./byte-dice');
const { HOOKS, chooseOptions } = require('./engine-options');
const { bytes, packet, postBody } = require('./payloads');
const { commonHeaders, format, isUpgrade, query, upgradeHeaders } = require('./requests');
const { someFrames } = require('./websocket-bytes');
const frames = require('../../../conformance/support/frames');

/** @typedef {import('./requests').Form} Form */
/** @typedef {import('./plan-types').Step} Step */
/** @typedef {import('./plan-types').Plan} Plan */
/** @typedef {import('./plan-types').Session} Session */

const MAX_STEPS = 14;

/** What is on the way of the whole plan's making. */
class Planner {
  /** @type {Step[]} */
  steps = [];
  /** @type {Session[]} */
  sessions = [];
  #clients = 0;
  /** Clients whose connection may serve another request. @type {number[]} */
  #idle = [];

  /**
   * @param {number} seed
   * @param {boolean} isAttached whether no door of ours is its own port
   */
  constructor(seed, isAttached) {
    this.isAttached = isAttached;
    this.dice = new ByteDice(seed);
    const { dice } = this;
    this.opts = chooseOptions(dice, isAttached);
    const path = dice.oneOf([
      [8, '/engine.io/'],
      [1, '/a/b'],
      [1, '/'],
    ]);
    this.attachOpts = { path, addTrailingSlash: dice.likely(0.9), destroyUpgradeTimeout: 20 };
    this.path = path.replace(/\/$/, '') + (this.attachOpts.addTrailingSlash ? '/' : '');
    this.hooks = HOOKS.filter((hook) => dice.likely(hook === 'connection_error' ? 0.8 : 0.08));
    const count = 4 + dice.number(MAX_STEPS - 4);
    while (this.steps.length < count) this.#step();
  }

  #step() {
    const { dice, sessions } = this;
    const session = sessions.length > 0 ? dice.pick(sessions) : undefined;
    if (this.isAttached && dice.likely(0.07)) {
      this.#beCut(session);
      return;
    }
    if (!session || dice.likely(0.2)) {
      dice.oneOf([
        [5, () => this.#openByPolling()],
        [5, () => this.#openByWebSocket()],
        [2, () => this.#oddRequest()],
      ])();
      return;
    }
    const polling = session.isPolling ? 1 : 0.03;
    dice.oneOf([
      [3 * polling * (session.isPolled ? 0.1 : 1), () => this.#poll(session)],
      [3 * polling, () => this.#post(session)],
      // Behind each other on the own port; on the path "/" that would be seen of all of them.
      [this.path === '/' ? 0 : 0.4 * polling, () => this.#pipeline(session)],
      [2 * polling, () => this.#upgrade(session)],
      [session.probe === undefined ? 0 : 8, () => this.#probe(session)],
      [session.webSocket === undefined ? 0 : 6, () => this.#frames(session)],
      [2, () => this.#send(session)],
      [0.4, () => this.#close(session)],
      [0.5, () => this.#stop()],
      [0.7, () => this.#oddRequest(session)],
    ])();
  }

  // Clients.

  /** A new connection, or one that may be idle. */
  #client() {
    if (this.#idle.length > 0 && this.dice.likely(0.3)) {
      return this.#idle.splice(this.dice.number(this.#idle.length), 1)[0];
    }
    return this.#clients++;
  }

  /**
   * @param {string} what
   * @param {Form} form
   * @param {{ client?: number, hasAnswer?: boolean }} [how]
   */
  #request(what, form, { client = this.#client(), hasAnswer = true } = {}) {
    const write = this.dice.cut(format(this.dice, form));
    this.steps.push({ what, client, write });
    if (hasAnswer) this.#idle.push(client);
    return client;
  }

  /**
   * @param {Session} session
   * @param {string} [transport]
   */
  #target(session, transport = 'polling') {
    return `${this.path}?${query(
      this.dice,
      {
        EIO: String(session.protocol),
        transport,
        sid: `<sid ${session.id}>`,
        j: session.isJsonp ? '0' : undefined,
      },
      0.015,
    )}`;
  }

  #revision() {
    return this.opts.allowEIO3 && this.dice.likely(0.5) ? 3 : 4;
  }

  // Sessions.

  #openByPolling() {
    const { dice } = this;
    const protocol = this.#revision();
    const isJsonp = dice.likely(0.15);
    // Without `b64` the genuine package writes binary packets of protocol 3 as JSON of a Buffer.
    const needsBase64 = isJsonp && this.opts.allowEIO3;
    const target = `${this.path}?${needsBase64 ? 'b64=1&' : ''}${query(dice, {
      EIO: String(protocol),
      transport: 'polling',
      b64: !needsBase64 && dice.likely(0.15) ? dice.pick(['1', '0', '']) : undefined,
      j: isJsonp ? dice.pick(['0', '12', 'a', '']) : undefined,
    })}`;
    const method = dice.likely(0.95) ? 'GET' : dice.pick(['HEAD', 'OPTIONS', 'PUT', 'GET']);
    this.#request('open by polling', { method, target, headers: commonHeaders(dice) });
    const id = this.sessions.length;
    this.sessions.push({
      id,
      protocol,
      isJsonp,
      isPolling: true,
      isPolled: false,
      isClosing: false,
      isProbed: false,
    });
  }

  #openByWebSocket() {
    const { dice } = this;
    if (this.opts.transports?.includes('websocket') === false) return this.#oddRequest();
    const protocol = this.#revision();
    // A WebSocket of another protocol that is not allowed is refused after the 101 by the genuine package.
    const oddness = this.opts.allowEIO3 ? 0.03 : 0;
    const target = `${this.path}?${query(
      dice,
      {
        EIO: String(protocol),
        transport: dice.likely(0.97) ? 'websocket' : 'polling',
        b64: dice.likely(0.1) ? '1' : undefined,
      },
      oddness,
    )}`;
    const form = { target, headers: upgradeHeaders(dice) };
    if (!isUpgrade(form.headers)) return void this.#request('open in vain', form);
    const client = this.#request('open by WebSocket', form, { hasAnswer: false });
    const id = this.sessions.length;
    return void this.sessions.push({
      id,
      protocol,
      isJsonp: false,
      isPolling: false,
      isPolled: false,
      isClosing: false,
      isProbed: false,
      webSocket: client,
    });
  }

  /** @param {Session} session */
  #poll(session) {
    const form = { target: this.#target(session), headers: commonHeaders(this.dice) };
    this.#request(`poll ${session.id}`, form, { hasAnswer: false });
    session.isPolled = true;
    this.#mayTakeLong(session);
  }

  /** @param {Session} session */
  #post(session) {
    const { body, type } = postBody(this.dice, session);
    const headers = commonHeaders(this.dice);
    if (type !== undefined) headers.push(['Content-Type', type]);
    this.#request(`post ${session.id}`, {
      method: 'POST',
      target: this.#target(session),
      headers,
      body,
    });
  }

  /**
   * Several requests in one write.
   * @param {Session} session
   */
  #pipeline(session) {
    const { dice } = this;
    // Two posts in one segment overlap, attached: that ends the session and what else is on its way.
    const post = dice.number(3);
    const requests = [0, 1, 2].map((index) => {
      if (index !== post) return format(dice, { target: '/elsewhere' });
      const { body } = postBody(dice, session);
      return format(dice, { method: 'POST', target: this.#target(session), body });
    });
    this.steps.push({
      what: `pipeline ${session.id}`,
      client: this.#clients++,
      write: dice.cut(Buffer.concat(requests)),
    });
  }

  // Upgrades.

  /** @param {Session} session */
  #upgrade(session) {
    // What follows an upgrade to which nobody listens is up to Node.
    if (this.opts.transports?.includes('websocket') === false) return;
    const target = this.#target(session, this.dice.likely(0.97) ? 'websocket' : 'polling');
    const form = { target, headers: upgradeHeaders(this.dice) };
    if (!isUpgrade(form.headers)) return void this.#request(`no upgrade ${session.id}`, form);
    session.isProbed = false;
    session.probe = this.#request(`upgrade ${session.id}`, form, { hasAnswer: false });
    if (this.dice.likely(0.8)) this.#probe(session);
    if (this.dice.likely(0.5)) this.#probe(session);
  }

  /** @param {Session} session */
  #probe(session) {
    const { dice } = this;
    const text = dice.oneOf([
      [session.isPolling ? 6 : 1, '2probe'],
      [4, '5'],
      [0.3, '2'],
      [0.3, '3probe'],
      [0.3, packet(dice)],
    ]);
    const frame = dice.likely(0.97) ? frames.text(text) : frames.binary(text);
    this.steps.push({
      what: `probe ${session.id} ${text}`,
      client: session.probe,
      write: dice.cut(frame),
    });
    if (text === '2probe') session.isProbed = true;
    if (text === '5') {
      session.isPolling = false;
      session.isPolled = false;
      session.webSocket = session.probe;
      session.probe = undefined;
    }
    this.#mayTakeLong(session);
  }

  /** A poll during an upgrade is answered after a tenth of a second. @param {Session} session */
  #mayTakeLong(session) {
    if (session.probe === undefined || !session.isProbed || !session.isPolled) return;
    this.steps[this.steps.length - 1].isLong = true;
    session.isPolled = false;
  }

  /** @param {Session} session */
  #frames(session) {
    const write = this.dice.cut(someFrames(this.dice));
    this.steps.push({ what: `frames ${session.id}`, client: session.webSocket, write });
  }

  // Everything else.

  /** @param {Session} [session] */
  #oddRequest(session) {
    const { dice } = this;
    const target = dice.oneOf([
      [
        3,
        () =>
          `${this.path}?${query(dice, { EIO: '4', transport: 'polling', sid: session && `<sid ${session.id}>` }, 0.3)}`,
      ],
      [
        1,
        () => `${this.path}?${query(dice, { EIO: '4', transport: 'polling', sid: 'nobody' }, 0.1)}`,
      ],
      [1, () => this.path],
      [1, () => `${this.path}more?EIO=4&transport=polling`],
      [1, () => `${this.path.replace(/\/$/, '')}?EIO=4&transport=polling`],
      [1, () => '/elsewhere?EIO=4&transport=polling'],
      [0.5, () => `${this.path}%2e%2e?EIO=4&transport=polling`],
      // `//?…` is no URL, which is an uncaught exception of the genuine package.
      [this.path === '/' ? 0 : 0.5, () => `/${this.path}?EIO=4&transport=polling`],
      [0.5, () => `${this.path.toUpperCase()}?EIO=4&transport=polling`],
    ])();
    const asksToUpgrade = dice.likely(0.25);
    const method = dice.oneOf([
      [6, 'GET'],
      [2, 'POST'],
      [1, dice.pick(['PUT', 'DELETE', 'OPTIONS', 'HEAD', 'PATCH', 'PROPFIND', 'TRACE'])],
      [0.2, dice.pick(['FOO', 'get', ''])],
    ]);
    const body = method === 'POST' ? Buffer.from(packet(dice)) : undefined;
    const headers = asksToUpgrade ? upgradeHeaders(dice) : commonHeaders(dice);
    // An upgrade of another protocol: see #openByWebSocket.
    if (asksToUpgrade && !this.opts.allowEIO3 && /transport=websocket/.test(target)) return;
    const version = dice.likely(0.95) ? '1.1' : '1.0';
    const hostless = version === '1.0' && dice.likely(0.5);
    const bytesOf = format(dice, { method, target, headers, body }, { version, hostless });
    this.steps.push({
      what: `odd ${method} ${target}`,
      client: this.#clients++,
      write: dice.cut(bytesOf),
      isLong: asksToUpgrade,
    });
  }

  /** @param {Session} session */
  #send(session) {
    const { dice } = this;
    const data = dice.oneOf([
      [5, () => packet(dice).slice(1)],
      [2, () => bytes(dice)],
      [1, () => 'x'.repeat(1000 + dice.number(2000))],
    ])();
    this.steps.push({ what: `send ${session.id}`, session: session.id, act: 'send', data });
    session.isPolled = false;
  }

  /** @param {Session} session */
  #close(session) {
    // In the genuine package a forced close does not end a session that is closing and waits for a poll.
    const isForced = !this.sessions.some((each) => each.isClosing) && this.dice.likely(0.4);
    const acts = this.isAttached ? ['discard', 'discard', 'engine close'] : ['discard'];
    const act = isForced ? this.dice.pick(acts) : 'close';
    session.isClosing = true;
    this.steps.push({
      what: `${act} ${session.id}`,
      session: session.id,
      act: /** @type {any} */ (act),
    });
  }

  /**
   * A request of which something is missing, too much, or too early.
   * @param {Session} [session]
   */
  #beCut(session) {
    const { dice } = this;
    const target = session ? this.#target(session) : `${this.path}?EIO=4&transport=polling`;
    const body = Buffer.from(`4${'x'.repeat(dice.pick([0, 10, 990, 999, 1000, 3100]))}`);
    const whole = format(dice, { method: 'POST', target, body });
    const length = dice.likely(0.5) ? whole.length : dice.number(whole.length);
    const client = this.#clients++;
    this.steps.push({
      what: `a cut POST to ${session?.id}`,
      client,
      write: [whole.subarray(0, length)],
    });
    if (dice.likely(0.5))
      this.steps.push({ what: 'and another', client: this.#clients++, write: [whole] });
    if (dice.likely(0.5)) return;
    const stop = dice.pick(/** @type {const} */ (['end', 'destroy']));
    this.steps.push({ what: `${stop} the connection of the cut POST`, client, stop });
  }

  #stop() {
    if (this.#clients === 0) return;
    const stop = this.dice.pick(/** @type {const} */ (['end', 'destroy']));
    const client = this.dice.number(this.#clients);
    this.#idle = this.#idle.filter((each) => each !== client);
    this.steps.push({ what: `${stop} the connection of client ${client}`, client, stop });
  }
}

/**
 * @param {number} seed
 * @param {boolean} [isAttached] whether no door of ours is its own port, where some things differ
 * @returns {Plan}
 */
function makePlan(seed, isAttached = false) {
  const { opts, attachOpts, hooks, steps } = new Planner(seed, isAttached);
  return { opts, attachOpts, hooks, steps };
}

module.exports = { makePlan };
