/** The clients of a program: by hand, byte by byte, and the official one. */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { io: openOfficial } = require('socket.io-client');
const { placeOf } = require('../../../support/servers/doors');
const frames = require('../../../conformance/support/frames');
const { valueOf } = require('./values');

/** @typedef {import('./player').Player} Player */

/** What has no fence to wait at has arrived by then. */
const QUIET_MS = 10;
const FENCE_NAMESPACE = '/fence';
const EVENT_WITH_ID = /^4(?:2|5(\d+)-)(\/[^,]*,)?(\d+)\[/;

/** @param {string} nsp */
const address = (nsp) => (nsp === '/' ? '' : `${nsp},`);

class WireClient {
  /** @type {any} */
  #peer;
  #fences = 0;
  #answered = 0;
  #hasFenceNamespace = false;
  /** Whether something was sent that may still be on its way. */
  #hasSent = false;

  /**
   * @param {Player} player
   * @param {string} lane
   */
  constructor(player, lane) {
    this.player = player;
    this.world = player.world;
    this.lane = lane;
  }

  get isOver() {
    return this.#peer?.isOver ?? true;
  }

  /** @param {any} step */
  async open({ nsp, auth, fence }) {
    this.#peer = await this.world.ws(this.lane, this.player.io);
    // An I/O thread may have answered before JavaScript hears of the session.
    await this.#until(() => this.player.hasMet(this.lane), 'the connection');
    this.#hasFenceNamespace = fence;
    if (fence) {
      this.#peer.send(`40${FENCE_NAMESPACE},`);
      await this.#until(() => this.#peer.count(`40${FENCE_NAMESPACE},`) > 0, 'its namespace');
    }
    this.#enter(nsp, auth);
  }

  /** @param {string} nsp @param {any} auth */
  #enter(nsp, auth) {
    this.#peer.send(`40${address(nsp)}${JSON.stringify(auth)}`);
  }

  /** @param {any} step */
  async perform(step) {
    this.#hasSent = true;
    switch (step.do) {
      case 'send':
        this.#peer.send(
          ...step.messages.map((/** @type {any} */ each) =>
            typeof each === 'string' ? each : Buffer.from(each.bytes),
          ),
        );
        return;
      case 'emit': {
        const id = step.ack ? 3 : '';
        this.#peer.send(`42${address(step.nsp)}${id}${JSON.stringify([step.event, 'emitted'])}`);
        return;
      }
      case 'answer':
        this.#answer(step);
        return;
      case 'enter':
        this.#enter(step.nsp, step.auth);
        return;
      case 'leave':
        this.#peer.send(`41${address(step.nsp)}`);
        return;
      case 'end':
        await this.#end(step.how);
        return;
      case 'recover':
        await this.#recover();
        return;
    }
  }

  /** Acknowledges events that the server has sent and waits for. @param {any} step */
  #answer({ count, args }) {
    const asked = this.#peer.texts
      .map((/** @type {string} */ text) => EVENT_WITH_ID.exec(text))
      .filter(Boolean)
      .slice(this.#answered, this.#answered + count);
    this.#answered += asked.length;
    if (asked.length === 0) return;
    const said = JSON.stringify([...args.map(valueOf), this.lane]);
    this.#peer.send(...asked.map(([, , nsp = '', id]) => `43${nsp}${id}${said}`));
  }

  /** @param {string} how */
  async #end(how) {
    if (how === 'destroy') this.#peer.destroy();
    else if (how === 'end') this.#peer.wire.end();
    else this.#peer.write(frames.close(how === 'code' ? 4001 : undefined));
    if (how !== 'destroy') await this.#until(() => this.isOver, `its end by ${how}`);
    await this.#until(() => !this.player.connectionOf(this.lane), `the server to see its ${how}`);
  }

  /** Is lost and comes back with what it knows of its session. */
  async #recover() {
    const { texts } = this.#peer;
    const connect = texts.find((/** @type {string} */ text) => /^40\{.*"pid"/.test(text));
    const last = texts.findLast((/** @type {string} */ text) =>
      /^42\[.*,"[\w-]{7,}(\.\d+)?"\]$/.test(text),
    );
    if (!connect) return;
    await this.#end('destroy');
    const pid = /"pid":"([^"]+)"/.exec(connect)?.[1];
    const offset = /,"([^"]+)"\]$/.exec(last ?? '')?.[1];
    const lane = `client ${this.player.clients.length}`;
    const client = new WireClient(this.player, lane);
    this.player.clients.push(client);
    await client.open({ nsp: '/', auth: { pid, offset, m: 'pass' }, fence: false });
  }

  /** Waits until everything has arrived. */
  async settle() {
    if (!this.#peer) return;
    const conn = this.player.connectionOf(this.lane);
    if (!conn || conn.readyState !== 'open') {
      if (!this.isOver) await this.#until(() => this.isOver, 'its end by the server');
      return;
    }
    if (this.isOver) {
      await this.#until(() => !this.player.connectionOf(this.lane), 'the server to see its end');
      return;
    }
    if (this.#hasSent && !this.#hasFenceNamespace) await delay(QUIET_MS); // it may leave the namespace
    this.#hasSent = false;
    const nsp = this.#hasFenceNamespace ? FENCE_NAMESPACE : this.player.namespacesOf(this.lane)[0];
    if (nsp === undefined) {
      await delay(QUIET_MS);
      return;
    }
    const id = 900 + (this.#fences++ % 100);
    const answer = `43${address(nsp)}${id}[]`;
    const before = this.#peer.count(answer);
    this.#peer.send(`42${address(nsp)}${id}["fence"]`);
    await this.#until(
      () => this.isOver || this.#peer.count(answer) > before,
      `the fence in ${nsp}`,
    );
  }

  /** @param {() => unknown} condition @param {string} what */
  #until(condition, what) {
    return this.world.until(condition, `${what} of ${this.lane}`);
  }
}

class OfficialClient {
  /** The sockets by namespace. @type {Map<string, any>} */
  #sockets = new Map();
  /** @type {any[]} */
  #asked = [];
  /** @type {any} */
  #engine;
  /** @type {any} */
  #fence;

  /**
   * @param {Player} player
   * @param {string} lane
   * @param {string} kind
   */
  constructor(player, lane, kind) {
    this.player = player;
    this.world = player.world;
    this.lane = lane;
    this.kind = kind;
  }

  get isOver() {
    return this.#engine === undefined || !/^open/.test(this.#engine.readyState);
  }

  /** @param {any} step */
  async open({ nsp, auth }) {
    const transports = {
      'official polling': ['polling'],
      'official upgrade': ['polling', 'websocket'],
    };
    const { port, ca } = /** @type {any} */ (placeOf(this.world.door, this.player.io.httpServer));
    this.#fence = openOfficial(`http${ca ? 's' : ''}://localhost:${port}${FENCE_NAMESPACE}`, {
      forceNew: true,
      reconnection: false,
      transports: /** @type {any} */ (transports)[this.kind] ?? ['websocket'],
      ...(ca && { ca }),
    });
    this.world.closeLater(() => this.#fence.disconnect());
    const { engine } = this.#fence.io;
    this.#engine = engine;
    this.#enter({ nsp, auth });
    await this.#until(() => this.#fence.connected || this.isOver, 'the connection');
    if (this.kind === 'official upgrade') {
      await this.#until(() => engine.transport.name === 'websocket' || this.isOver, 'the upgrade');
    }
  }

  /** @param {any} step */
  async perform(step) {
    const sockets = [...this.#sockets.values()];
    const socket = this.#sockets.get(step.nsp) ?? sockets[0];
    switch (step.do) {
      case 'emit': {
        const args = step.args.map(valueOf);
        if (step.ack) args.push(this.world.noter(this.lane, 'answer'));
        // Before the CONNECT it would wait, and be sent at any time.
        if (socket.connected) socket.emit(step.event, ...args);
        return;
      }
      case 'answer':
        for (const ack of this.#asked.splice(0, step.count))
          ack(...step.args.map(valueOf), this.lane);
        return;
      case 'enter':
        this.#enter(step);
        return;
      case 'leave':
        socket.disconnect();
        return;
      case 'end':
        this.#engine.close();
        return;
    }
  }

  /** @param {any} step */
  #enter({ nsp, auth }) {
    if (this.#sockets.has(nsp)) return;
    const socket = this.#fence.io.socket(nsp, { auth });
    const lane = `${this.lane}${nsp}`;
    this.#sockets.set(nsp, socket);
    socket.on('connect', this.world.noter(lane, 'connect'));
    socket.on('connect_error', (/** @type {any} */ { message, data }) => {
      if (!/^xhr|^websocket error/.test(message)) {
        this.world.note(lane, 'connect_error', message, data);
      }
    });
    socket.on('disconnect', (/** @type {string} */ reason) => {
      // Whether a poll is under way when a session ends is chance.
      const isChance = this.kind !== 'official' && reason.startsWith('transport');
      this.world.note(lane, 'disconnect', isChance ? 'transport' : reason);
    });
    socket.onAny((/** @type {any[]} */ ...args) => {
      this.world.note(lane, 'event', ...args);
      if (typeof args.at(-1) === 'function') this.#asked.push(args.at(-1));
    });
  }

  /** Waits until everything has arrived. */
  async settle() {
    const conn = this.player.connectionOf(this.lane);
    if (!conn || this.isOver) {
      await this.#until(() => this.isOver && !this.player.connectionOf(this.lane), 'the end');
      return;
    }
    let isBack = false;
    this.#fence.emit('fence', () => (isBack = true));
    await this.#until(() => isBack || this.isOver, 'the fence');
  }

  /** @param {() => unknown} condition @param {string} what */
  #until(condition, what) {
    return this.world.until(condition, `${what} of ${this.lane}`);
  }
}

module.exports = { OfficialClient, WireClient };
