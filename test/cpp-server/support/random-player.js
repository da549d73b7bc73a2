/** Plays a program of random-program.js on a server, and writes down what each client sees of it. */
'use strict';

const { WAYS, closeClients, join, open } = require('./rig');

const PATIENCE_MS = 20_000;
/** Acknowledgements whose lists have an order by socket ids, which are random. */
const UNORDERED = new Set(['join', 'leave', 'who', 'ask all']);

/** What a client can ask in each namespace, to know that all before has arrived. @type {any} */
const QUESTIONS = { '/': 'echo', '/watched': 'handshake', '/guarded': 'who am I' };

/** @param {any} value with bytes by name */
function withBytes(value) {
  if (Array.isArray(value)) return value.map(withBytes);
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.$bytes === 'string') return Buffer.from(value.$bytes, 'hex');
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withBytes(each)]));
}

/** @param {any} value @returns {any} with names for bytes */
function readable(value) {
  if (value === undefined) return { $undefined: true };
  if (Buffer.isBuffer(value)) return { $bytes: value.toString('hex') };
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, readable(each)]));
}

/** @param {any} value lists and all that is in them, in an order of their own */
function sorted(value) {
  if (!Array.isArray(value)) return value;
  return value.map(sorted).sort((one, other) => {
    const [a, b] = [JSON.stringify(one), JSON.stringify(other)];
    return a < b ? -1 : Number(a > b);
  });
}

class Player {
  #server;
  /** @type {any[]} */
  #clients = [];
  /** How each of them came. @type {any[]} */
  #ways = [];
  /** What each client has been sent since the last step. @type {any[][]} */
  #heard = [];
  /** The ids that clients have had, with their names. @type {[string, string][]} */
  #ids = [];

  /** @param {import('./server-process').ServerProcess} server */
  constructor(server) {
    this.#server = server;
  }

  /**
   * @param {import('./random-program').Step[]} program
   * @returns {Promise<any[]>} an entry for each step, and what the application was told, in any order
   */
  async play(program) {
    const trace = [];
    try {
      for (const step of program) {
        const answer = await this.#do(step);
        await this.#settle();
        const heard = this.#heard.map((events) => events.splice(0));
        trace.push(this.#named({ step, answer, heard }));
      }
    } finally {
      closeClients();
    }
    return [...trace, this.#named((await this.#server.forget()).sort())];
  }

  /** Waits until the server has seen the clients of other programs leave. */
  async alone() {
    const probe = await join(this.#server);
    await this.#untilSize(probe, 1);
    closeClients();
  }

  /** @param {import('./random-program').Step} step */
  async #do({ what, who, how, args = [] }) {
    if (how !== undefined) return this.#open(who, how);
    const client = this.#clients[who];
    if (!client.connected) return this.#open(who, this.#ways[who]);
    if (what === 'close') return this.#close(client);
    const [event, ...values] = withBytes(args);
    if (client.nsp !== '/') return 'another namespace';
    if (what === 'emit') {
      client.emit(event, ...values);
      return 'sent';
    }
    if (event === 'typed' || event === 'bytes') {
      // Arguments of other types have no answer.
      const heard = this.#heard[who];
      client.emit(event, ...values, (/** @type {any[]} */ ...answer) => heard.push(answer));
      return 'asked';
    }
    const answer = await this.#answer(client, event, values);
    return UNORDERED.has(event) ? { unordered: answer } : answer;
  }

  /** @param {number} who @param {any} how */
  async #open(who, how) {
    const { nsp, way, version, auth } = how;
    this.#ways[who] = how;
    const options = { transports: WAYS[way][1], version, auth: nsp === '/guarded' ? auth : {} };
    const client = open(this.#server, nsp, options);
    this.#clients[who] = client;
    /** @type {any[]} */
    const heard = (this.#heard[who] = []);
    const events = [
      'hello',
      'welcome',
      'echo',
      'bytes',
      'number',
      'said',
      'relay',
      '',
      '__proto__',
    ];
    for (const event of events) {
      client.on(event, (/** @type {any[]} */ ...args) => heard.push([event, ...args]));
    }
    client.on('disconnect', (/** @type {string} */ reason) => heard.push(['disconnect', reason]));
    client.on('question', (/** @type {any} */ question, /** @type {any} */ ack) => {
      heard.push(['question', question]);
      ack(question === 'bytes' ? Buffer.from('answer') : question);
    });
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('neither in nor out')), PATIENCE_MS);
      const end = (/** @type {any} */ seen) => () =>
        resolve(clearTimeout(timer) ?? heard.push(seen));
      client.once('connect', () => this.#ids.push([client.id, `<client ${who}>`]));
      client.once('connect', end(['connect']));
      client.once('connect_error', (/** @type {any} */ error) =>
        end(['connect_error', error.message, error.data])(),
      );
      client.once('error', (/** @type {any} */ error) => end(['error', error])());
    });
    return 'opened';
  }

  /** Waits until the server knows. @param {any} client */
  async #close(client) {
    const isOther = (/** @type {any} */ each) =>
      each !== client && each.connected && each.nsp === '/';
    const other = client.nsp === '/' ? this.#clients.find(isOther) : undefined;
    const [before] = other ? await this.#answer(other, 'size', []) : [];
    client.close();
    if (other) await this.#untilSize(other, before - 1);
    return 'closed';
  }

  /** @param {any} client of "/" @param {number} wanted how many are to be in that namespace */
  async #untilSize(client, wanted) {
    const end = Date.now() + PATIENCE_MS;
    while ((await this.#answer(client, 'size', []))[0] !== wanted) {
      if (Date.now() > end) throw new Error('a client that has left is still there');
    }
  }
  /**
   * What a client is answered, or that it has left meanwhile.
   * @param {any} client
   * @param {string} event
   * @param {any[]} values
   * @returns {Promise<any>}
   */
  #answer(client, event, values) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to ${event}`)), PATIENCE_MS);
      const end = (/** @type {any} */ answer) => {
        clearTimeout(timer);
        client.off('disconnect', left);
        resolve(answer);
      };
      const left = () => end('left');
      client.on('disconnect', left);
      client.emit(event, ...values, (/** @type {any[]} */ ...answer) => end(answer));
    });
  }

  /** Waits until every client has had all that was sent before. */
  async #settle() {
    // Who is asked something answers in the first round, and who asked is told in the second.
    for (let round = 0; round < 3; round++) {
      const here = this.#clients.filter(({ connected }) => connected);
      await Promise.all(
        here.map((client) => {
          const question = QUESTIONS[client.nsp] ?? 'where';
          return this.#answer(client, question, []);
        }),
      );
    }
  }

  /** With names in place of ids. @param {any} entry */
  #named(entry) {
    let text = JSON.stringify(readable(entry));
    for (const [id, name] of this.#ids) text = text.replaceAll(id, name);
    const named = JSON.parse(text);
    if (named.answer?.unordered) named.answer = sorted(named.answer.unordered);
    return named;
  }
}

module.exports = { Player };
