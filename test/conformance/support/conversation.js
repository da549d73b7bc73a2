/**
 * A conversation with an engine, step by step. What the client sees becomes lines of a transcript. What the
 * server's side is told becomes other lines of it. Session ids, dates and what keeps connections alive are
 * made equal, so that transcripts of two engines can be compared.
 */
'use strict';

const frames = require('./frames');
const { SAMPLE_ACCEPT, formatRequest, readAnswer, upgradeHeaders } = require('./http');
const { EndOfStream, Wire, turn, within } = require('./wire');

const { OPCODE } = frames;

/** What stands for every session id; as long as one. */
const SID = 'sid_sid_sid_sid_sid_';
/** Headers that say nothing about the engine. */
const UNINTERESTING = ['date', 'keep-alive'];

class Conversation {
  /** What the client saw. @type {string[]} */
  transcript = [];
  /** What the server was told. @type {string[]} */
  events = [];
  /** Of the last session that was opened. */
  sid = '';
  /** What all queries have. @type {Record<string, string | undefined>} */
  query = {};
  /** Server's ends of sessions. @type {any[]} */
  conns = [];

  /** @type {Map<string, { wire: Wire, method: string }>} */
  #open = new Map();
  #notify = () => {};

  /** @param {import('./subjects').Running} running */
  constructor(running) {
    this.running = running;
    this.engine = running.engine;
    this.onConnection = (/** @type {any} */ conn) => this.#watch(conn);
    this.onRefusal = (/** @type {any} */ refusal) => {
      const { code, message, context } = refusal;
      this.#tell(`refused ${code} ${message} ${this.#plain(describeContext(context))}`);
    };
    this.engine.on('connection', this.onConnection);
    this.engine.on('connection_error', this.onRefusal);
  }

  // What happens on the server.

  /** @param {any} conn */
  #watch(conn) {
    this.conns.push(conn);
    this.#tell(`open ${conn.transport.name} v${conn.protocol}`);
    conn.on('data', (/** @type {any} */ data) => this.#tell(`data ${preview(data)}`));
    conn.on('heartbeat', () => this.#tell('heartbeat'));
    conn.on('upgrading', (/** @type {any} */ to) => this.#tell(`upgrading to ${to.name}`));
    conn.on('upgrade', (/** @type {any} */ to) => this.#tell(`upgrade to ${to.name}`));
    conn.on('close', (/** @type {string} */ reason, /** @type {any} */ description) => {
      this.#tell(`close ${reason}${description ? `: ${description.message}` : ''}`);
    });
  }

  /** @param {string} line */
  #tell(line) {
    this.events.push(line);
    this.#notify();
  }

  /**
   * Waits for the server to be told something.
   * @param {string} start of the line
   */
  async happened(start) {
    const isThere = () => this.events.some((line) => line.startsWith(start));
    await this.#until(isThere, `"${start}" among ${JSON.stringify(this.events)}`);
  }

  /**
   * Waits for the server to be told so many things.
   * @param {number} count
   */
  async eventsCount(count) {
    const isThere = () => this.events.length >= count;
    await this.#until(isThere, `${count} events instead of ${JSON.stringify(this.events)}`);
  }

  /**
   * @param {() => boolean} isReady
   * @param {string} what
   */
  async #until(isReady, what) {
    while (!isReady()) {
      const told = new Promise((resolve) => {
        this.#notify = () => resolve(undefined);
      });
      await within(told, what);
    }
  }

  // Requests.

  /**
   * The target of a request of this session.
   * @param {Record<string, string | undefined>} query replaces, adds or (`undefined`) leaves out
   */
  #target(query) {
    const own = { EIO: '4', transport: 'polling', ...this.query };
    const all = { ...own, ...(this.sid && { sid: this.sid }), ...query };
    const given = Object.entries(all).filter(([, value]) => value !== undefined);
    return `/engine.io/?${new URLSearchParams(/** @type {any} */ (given))}`;
  }

  /**
   * Begins a request, or a part of one, and waits until the server has seen its head.
   * @param {string} name by which its answer is asked for
   * @param {string} method
   * @param {RequestForm} [form]
   */
  async begin(name, method, { query = {}, headers, body, target } = {}) {
    const wire = this.#reusable() ?? (await Wire.open(this.running.place));
    this.#open.set(name, { wire, method });
    await turn(); // what the server has sent is on its way: I/O threads do not wait for it
    const seen = this.running.seen();
    wire.write(formatRequest(method, target ?? this.#target(query), headers, body));
    await within(seen, `the server to see ${name}`);
    // What an answer at once would need, so that a pending one is pending.
    await turn();
  }

  /** @param {string} name */
  async answer(name) {
    const answer = await this.#receive(name);
    this.#note(name, answer);
  }

  /** @param {string} name */
  async #receive(name) {
    const { wire, method } = this.#get(name);
    const answer = await readAnswer(wire, method);
    this.#open.delete(name);
    // Of a POST that was refused, the body may not have been read.
    const isDone = method !== 'POST' || answer.status === 200;
    if (isDone && answer.header('connection') !== 'close') this.running.idle.push(wire);
    else wire.destroy();
    return answer;
  }

  /**
   * A whole request and its answer.
   * @param {string} method
   * @param {RequestForm} [form]
   */
  async exchange(method, form) {
    this.#note(method, await this.exchangeQuietly(method, form));
  }

  /**
   * The same, without a line in the transcript.
   * @param {string} method
   * @param {RequestForm} [form]
   */
  async exchangeQuietly(method, form) {
    await this.begin(method, method, form);
    return this.#receive(method);
  }

  /**
   * Opens a session by polling.
   * @param {Record<string, string | undefined>} [query]
   * @param {Record<string, string>} [headers]
   */
  async open(query, headers) {
    this.sid = '';
    await this.begin('open', 'GET', { query, headers });
    const answer = await this.#receive('open');
    this.sid = /"sid\\?":\\?"([^"\\]+)/.exec(answer.body.toString('latin1'))?.[1] ?? '';
    if (this.sid !== '') await this.#sessionIsKnown();
    this.#note('open', answer);
  }

  /** Waits for the server's end of the session. */
  async #sessionIsKnown() {
    await this.#until(() => this.conns.some(({ id }) => id === this.sid), 'a connection event');
  }

  #reusable() {
    const wire = this.running.idle.pop();
    return wire?.isOver ? undefined : wire;
  }

  // WebSockets.

  /**
   * Opens a WebSocket, with a session or for the upgrade of this one.
   * @param {string} name
   * @param {RequestForm & { behind?: Buffer }} [form] `behind`: bytes in the same write
   */
  async openWebSocket(name, { query = {}, headers, method = 'GET', behind } = {}) {
    const wire = await Wire.open(this.running.place);
    const target = this.#target({ transport: 'websocket', ...query });
    const request = formatRequest(method, target, upgradeHeaders(headers));
    wire.write(behind ? Buffer.concat([request, behind]) : request);
    this.#open.set(name, { wire, method });
    const answer = await readAnswer(wire);
    this.#note(name, answer);
    if (answer.status !== 101) await this.hearEnd(name);
  }

  /**
   * Asks for a WebSocket that nobody answers.
   * @param {string} name
   * @param {RequestForm} [form]
   */
  async openNothing(name, { query = {}, headers } = {}) {
    const wire = await Wire.open(this.running.place);
    const target = this.#target({ transport: 'websocket', ...query });
    wire.write(formatRequest('GET', target, upgradeHeaders(headers)));
    this.#open.set(name, { wire, method: 'GET' });
  }

  /**
   * Sends strings as text, Buffers as binary messages.
   * @param {string} name
   * @param {(string | Buffer)[]} messages
   */
  async say(name, ...messages) {
    const toFrame = (/** @type {string | Buffer} */ message) =>
      typeof message === 'string' ? frames.text(message) : frames.binary(message);
    await this.write(name, Buffer.concat(messages.map(toFrame)));
  }

  /**
   * Sends bytes as they are.
   * @param {string} name
   * @param {string | Buffer} bytes
   */
  async write(name, bytes) {
    await this.#get(name).wire.write(bytes);
  }

  /**
   * Receives one frame.
   * @param {string} name
   */
  async hear(name) {
    const { opcode, payload } = await frames.readFrame(this.#get(name).wire);
    if (opcode === OPCODE.TEXT && payload[0] === 0x30) await this.#learn(payload.toString());
    this.transcript.push(`${name}: ${this.#plain(describeFrame(opcode, payload))}`);
  }

  /** @param {string} packet the first one of a session */
  async #learn(packet) {
    this.sid = JSON.parse(packet.slice(1)).sid;
    await this.#sessionIsKnown();
  }

  /**
   * Expects that the server ends the stream.
   * @param {string} name
   */
  async hearEnd(name) {
    const rest = await this.#get(name).wire.takeAll();
    const before = rest.length > 0 ? ` after ${JSON.stringify(rest.toString('latin1'))}` : '';
    this.transcript.push(`${name}: the end${before}`);
  }

  /**
   * Ends the client's direction.
   * @param {string} name
   */
  end(name) {
    this.#get(name).wire.end();
  }

  /**
   * Ends a connection at once.
   * @param {string} name
   */
  drop(name) {
    this.#get(name).wire.destroy();
    this.#open.delete(name);
  }

  /** Ends everything that the conversation has opened. */
  async finish() {
    this.engine.off('connection_error', this.onRefusal);
    for (const conn of this.conns) conn.close(true);
    await this.#until(() => this.conns.every((conn) => conn.readyState === 'closed'), 'the end');
    this.engine.off('connection', this.onConnection);
    // engine.io's polling goes on to wait for a poll half a minute, and would hold up the process.
    for (const { transport } of this.conns) transport.shouldClose?.();
    for (const { wire } of this.#open.values()) wire.destroy();
  }

  /** @param {string} name */
  #get(name) {
    const found = this.#open.get(name);
    if (!found) throw new Error(`there is no open "${name}"`);
    return found;
  }

  /**
   * @param {string} name
   * @param {import('./http').Answer} answer
   */
  #note(name, answer) {
    this.transcript.push(`${name}: ${this.#plain(describeAnswer(answer))}`);
  }

  /** @param {string} line */
  #plain(line) {
    return this.sid === '' ? line : line.replaceAll(this.sid, SID);
  }
}

/**
 * @typedef {object} RequestForm
 * @property {Record<string, string | undefined>} [query]
 * @property {Record<string, string | undefined>} [headers]
 * @property {string | Buffer} [body]
 * @property {string} [target] instead of the session's, with `query`
 * @property {string} [method]
 */

/** @param {import('./http').Answer} answer */
function describeAnswer({ status, headers, body, header }) {
  const lines = headers
    .filter(([name, value]) => !UNINTERESTING.includes(name) && value !== 'keep-alive')
    .map(([name, value]) => `${name}: ${value === SAMPLE_ACCEPT ? 'correct' : value}`);
  const isText = header('content-type') !== 'application/octet-stream';
  const content = isText ? body.toString() : `<${body.toString('hex')}>`;
  return [status, ...lines.sort(), ...(content && [content])].join(' | ');
}

/**
 * @param {number} opcode
 * @param {Buffer} payload
 */
function describeFrame(opcode, payload) {
  switch (opcode) {
    case OPCODE.TEXT:
      return JSON.stringify(payload.toString());
    case OPCODE.BINARY:
      return preview(payload);
    case OPCODE.CLOSE:
      if (payload.length === 0) return 'close frame';
      return `close frame ${payload.readUInt16BE()} ${payload.toString('utf8', 2)}`.trim();
    default:
      return `frame ${opcode} ${preview(payload)}`;
  }
}

/** @param {any} data */
function preview(data) {
  return Buffer.isBuffer(data) ? `<${data.toString('hex')}>` : JSON.stringify(data);
}

/** @param {any} context */
function describeContext(context) {
  return JSON.stringify(context, (_, value) => (value instanceof Error ? value.message : value));
}

module.exports = { Conversation, EndOfStream, SID };
