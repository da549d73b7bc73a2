/**
 * The connection: says hello after every connect, catches up, and passes what arrives to the store.
 * It tells `status` to its listeners, which the banner shows. One session per tab.
 */
import { store } from './store.js';

/** The client that the server itself hands out, at /socket.io/socket.io.js. */
const { io } = /** @type {any} */ (globalThis);

const TOKEN = 'chat.token';
const NICK = 'chat.nick';
const ANSWER_MS = 8000;
/** The longest pause between two attempts: whoever leaves a tunnel is soon back. */
const RETRY_MS = 3000;
const BACK_MS = 7000;

/**
 * @typedef {{ ok: true, [key: string]: any } | { ok: false, code: string, error: string }} Answer
 * @typedef {{ state: 'connecting' | 'online' | 'reconnecting' | 'back', transport: string,
 *   attempt: number, missed: number, recovered: boolean }} Status
 */

class Session extends EventTarget {
  /** @type {Status} */
  status = { state: 'connecting', transport: '', attempt: 0, missed: 0, recovered: false };
  /** True between a successful hello and the loss of the connection. */
  ready = false;
  #nick = '';
  #backTimer = 0;
  /** @type {any} */
  #socket;

  /**
   * Connects as this person; resolves once the server said welcome.
   * @param {string} nick
   * @returns {Promise<Answer>}
   */
  start(nick) {
    this.#nick = nick;
    if (this.#socket?.connected) return this.#hello();
    return new Promise((resolve) => {
      this.addEventListener(
        'hello',
        (event) => resolve(/** @type {CustomEvent} */ (event).detail),
        {
          once: true,
        },
      );
      if (this.#socket) this.#socket.connect();
      else this.#listen(io({ reconnectionDelayMax: RETRY_MS }));
    });
  }

  /** @returns {string} the nickname of the last visit */
  get lastNick() {
    return localStorage.getItem(NICK) ?? '';
  }

  /** @returns {boolean} a reload in the same tab comes back as the same person */
  get canResume() {
    return sessionStorage.getItem(TOKEN) !== null && this.lastNick !== '';
  }

  /**
   * Asks the server, and always comes to an answer.
   * @param {string} event
   * @param {object} request
   * @returns {Promise<Answer>}
   */
  async ask(event, request) {
    try {
      return await this.#socket.timeout(ANSWER_MS).emitWithAck(event, request);
    } catch {
      return { ok: false, code: 'lost', error: 'The server did not answer. Please try again.' };
    }
  }

  /** @param {string} to @param {boolean} on a hint that nobody misses when it is lost */
  sayTyping(to, on) {
    if (this.ready) this.#socket.volatile.emit('typing', { to, on });
  }

  /** @param {any} socket */
  #listen(socket) {
    this.#socket = socket;
    socket.io.on('open', () => {
      const { engine } = socket.io;
      this.#show({ transport: engine.transport.name });
      engine.on('upgrade', (/** @type {any} */ to) => this.#show({ transport: to.name }));
    });
    socket.on('connect', () => this.#hello());
    socket.on('disconnect', () => {
      this.ready = false;
      store.startCatchingUp();
      this.#show({ state: 'reconnecting', attempt: 0, transport: '' });
    });
    socket.io.on('reconnect_attempt', (/** @type {number} */ attempt) =>
      this.#show({ state: 'reconnecting', attempt }),
    );
    socket.on('message', (/** @type {any} */ message) => receive(message));
    socket.on('people', (/** @type {any} */ { room, people }) => store.setPeople(room, people));
    socket.on('person', (/** @type {any} */ person) => store.setPerson(person));
    socket.on('directory', (/** @type {any} */ directory) => store.setDirectory(directory));
    socket.on('typing', (/** @type {any} */ { to, from, on }) => {
      const id = to.startsWith('@') ? `@${from.id}` : to;
      if (on) store.startTyping(id, from);
      else store.stopTyping(id, from.id);
    });
    // Leaving says so, and coming back from the browser's page cache connects again.
    addEventListener('pagehide', () => socket.disconnect());
    addEventListener('pageshow', (event) => event.persisted && socket.connect());
  }

  async #hello() {
    const answer = await this.ask('hello', {
      nick: this.#nick,
      token: sessionStorage.getItem(TOKEN) ?? undefined,
      rooms: [...store.conversations.keys()].filter((id) => id.startsWith('#')),
    });
    if (answer.ok) this.#enter(answer);
    this.dispatchEvent(new CustomEvent('hello', { detail: answer }));
    return answer;
  }

  /** @param {any} welcome the answer to hello */
  #enter(welcome) {
    const returning = store.missed !== null;
    this.#nick = welcome.me.nick;
    sessionStorage.setItem(TOKEN, welcome.token);
    localStorage.setItem(NICK, welcome.me.nick);
    store.setMe(welcome.me);
    store.setDirectory(welcome.directory);
    for (const { name, people, messages } of welcome.rooms) {
      store.open(name);
      store.setPeople(name, people);
      store.merge(name, messages.map(toMessage));
    }
    for (const { peer, messages } of welcome.directs) {
      store.open(`@${peer.id}`, peer);
      store.setPerson(peer);
      store.merge(`@${peer.id}`, messages.map(toMessage));
    }
    this.ready = true;
    const missed = store.endCatchingUp();
    const state = returning ? 'back' : 'online';
    this.#show({ state, attempt: 0, missed, recovered: this.#socket.recovered });
    this.dispatchEvent(new Event('ready'));
  }

  /** @param {string} nick @returns {Promise<Answer>} */
  async rename(nick) {
    const answer = await this.ask('rename', { nick });
    if (answer.ok) {
      this.#nick = answer.me.nick;
      localStorage.setItem(NICK, answer.me.nick);
      store.setMe(answer.me);
    }
    return answer;
  }

  /** @param {string} room @returns {Promise<Answer>} */
  async join(room) {
    const answer = await this.ask('join', { room });
    if (answer.ok) {
      const { name, people, messages } = answer.room;
      store.open(name);
      store.setPeople(name, people);
      store.merge(name, messages.map(toMessage));
    }
    return answer;
  }

  /** @param {string} room */
  async leave(room) {
    const answer = await this.ask('leave', { room });
    if (answer.ok) store.close(room);
    return answer;
  }

  /** @param {Partial<Status>} change */
  #show(change) {
    this.status = { ...this.status, ...change };
    clearTimeout(this.#backTimer);
    if (this.status.state === 'back') {
      this.#backTimer = setTimeout(() => this.#show({ state: 'online' }), BACK_MS);
    }
    this.dispatchEvent(new Event('status'));
  }
}

/** @param {any} wire @returns {import('./store.js').Message} */
function toMessage({ id, from, at, text, image }) {
  if (image?.data) image.url = URL.createObjectURL(new Blob([image.data], { type: image.type }));
  if (image) delete image.data;
  return { key: id, id, from, at, text, image };
}

/** @param {any} wire a message of someone else, or of my other tab */
function receive(wire) {
  const mine = wire.from.id === store.me?.id;
  store.add(wire.to.startsWith('@') && !mine ? `@${wire.from.id}` : wire.to, toMessage(wire));
}

export const session = new Session();
