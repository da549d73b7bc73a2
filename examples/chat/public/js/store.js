/**
 * What the page knows: me, my conversations with their messages, and who is where.
 * Views listen to its events (`conversations`, `messages`, `message`, `people`, `typing`,
 * `active`, `me`); only this file changes the state. Bound: 300 messages per conversation.
 */

const KEPT = 300;
const TYPING_MS = 4500;

/**
 * @typedef {{ id: string, nick: string, away?: boolean, gone?: boolean }} Person
 * @typedef {{ type: string, bytes: number, width: number, height: number, url?: string,
 *   data?: ArrayBuffer, lost?: boolean }} Image
 * @typedef {{ key: string, id?: string, from: Person, at: number, text: string, image?: Image,
 *   mark?: 'new' | 'missed', state?: 'sending' | 'failed', error?: string }} Message
 * @typedef {{ id: string, peer?: Person, people: Person[], messages: Message[], unread: number,
 *   draft: string, typing: Map<string, { nick: string, timer: number }> }} Conversation
 */

class Store extends EventTarget {
  /** @type {Person | null} */
  me = null;
  /** @type {Map<string, Conversation>} by `#room` or `@person`, in the order of joining */
  conversations = new Map();
  /** @type {{ name: string, people: number }[]} every room of the server */
  directory = [];
  activeId = '';
  /** Messages of others since the connection was lost; null while nothing is caught up with. */
  /** @type {number | null} */
  missed = null;

  get active() {
    return this.conversations.get(this.activeId);
  }

  /** @param {string} type @param {any} [detail] */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {string | string[]} types @param {(detail: any) => void} listener */
  on(types, listener) {
    for (const type of [types].flat()) {
      this.addEventListener(type, (event) => listener(/** @type {CustomEvent} */ (event).detail));
    }
  }

  /** @param {Person} me */
  setMe(me) {
    this.me = me;
    this.tell('me');
  }

  /** @param {{ name: string, people: number }[]} directory */
  setDirectory(directory) {
    this.directory = directory;
    this.tell('conversations');
  }

  /** @param {string} id @param {Person} [peer] @returns {Conversation} */
  open(id, peer) {
    const known = this.conversations.get(id);
    if (known) return known;
    /** @type {Conversation} */
    const conversation = {
      id,
      peer,
      people: [],
      messages: [],
      unread: 0,
      draft: '',
      typing: new Map(),
    };
    this.conversations.set(id, conversation);
    this.tell('conversations');
    return conversation;
  }

  /** @param {string} id */
  close(id) {
    for (const message of this.conversations.get(id)?.messages ?? []) forgetImage(message);
    this.conversations.delete(id);
    if (this.activeId === id) this.activate([...this.conversations.keys()][0] ?? '');
    this.tell('conversations');
  }

  /** @param {string} id */
  activate(id) {
    for (const message of this.active?.messages ?? []) delete message.mark;
    this.activeId = id;
    this.tell('active');
    this.read();
  }

  /** The active conversation is in front of the person's eyes. */
  read() {
    if (!this.active || document.hidden) return;
    this.active.unread = 0;
    this.tell('conversations');
  }

  /**
   * A message arrived, or one of mine is on its way.
   * @param {string} id of the conversation
   * @param {Message} message
   */
  add(id, message) {
    const conversation = this.open(id, id.startsWith('@') ? message.from : undefined);
    if (message.id && conversation.messages.some((known) => known.id === message.id)) return;
    this.#notice(conversation, message);
    conversation.messages.push(message);
    while (conversation.messages.length > KEPT) {
      forgetImage(/** @type {Message} */ (conversation.messages.shift()));
    }
    this.stopTyping(id, message.from.id);
    this.tell('message', { conversation, message });
    this.tell('conversations');
  }

  /**
   * Brings in what the server still has of a conversation; what is known stays.
   * @param {string} id
   * @param {Message[]} messages
   */
  merge(id, messages) {
    const conversation = this.open(id);
    const known = new Set(conversation.messages.map((message) => message.id));
    const fresh = messages.filter((message) => !known.has(message.id));
    if (fresh.length === 0) return;
    if (this.missed !== null) for (const message of fresh) this.#notice(conversation, message);
    conversation.messages = [...conversation.messages, ...fresh].sort((a, b) => a.at - b.at);
    this.tell('messages', conversation);
    this.tell('conversations');
  }

  /** @param {Conversation} conversation @param {Message} message */
  #notice(conversation, message) {
    if (message.from.id === this.me?.id) return;
    const catchingUp = this.missed !== null;
    if (catchingUp) this.missed = /** @type {number} */ (this.missed) + 1;
    const unseen = conversation.id !== this.activeId || document.hidden;
    if (catchingUp) message.mark = 'missed';
    else if (unseen) message.mark = 'new';
    if (unseen) conversation.unread += 1;
  }

  /** The connection was lost: from now on, what arrives was missed. */
  startCatchingUp() {
    this.missed ??= 0;
  }

  /** @returns {number} how many messages were missed and are here now */
  endCatchingUp() {
    const missed = this.missed ?? 0;
    this.missed = null;
    return missed;
  }

  /** @param {string} id @param {Message} message mine, whose fate is known now */
  settle(id, message) {
    const conversation = this.conversations.get(id);
    if (!conversation) return;
    // The history may have brought it already, when only the answer was lost.
    const others = conversation.messages.filter(
      (other) => other === message || !isSame(other, message),
    );
    const doubled = others.length < conversation.messages.length;
    conversation.messages = others;
    this.tell(doubled ? 'messages' : 'settled', doubled ? conversation : { conversation, message });
  }

  /** @param {string} room @param {Person[]} people */
  setPeople(room, people) {
    const conversation = this.conversations.get(room);
    if (!conversation) return;
    conversation.people = people;
    for (const person of people) this.setPerson(person);
    this.tell('people');
  }

  /** @param {Person} person whose nickname or presence may differ from what we knew */
  setPerson(person) {
    const direct = this.conversations.get(`@${person.id}`);
    if (!direct) return;
    direct.peer = person;
    this.tell('people');
    this.tell('conversations');
  }

  /** @param {string} id @param {Person} from */
  startTyping(id, from) {
    const conversation = this.conversations.get(id);
    if (!conversation) return;
    clearTimeout(conversation.typing.get(from.id)?.timer);
    const timer = setTimeout(() => this.stopTyping(id, from.id), TYPING_MS);
    conversation.typing.set(from.id, { nick: from.nick, timer });
    this.tell('typing');
  }

  /** @param {string} id @param {string} personId */
  stopTyping(id, personId) {
    const typing = this.conversations.get(id)?.typing;
    clearTimeout(typing?.get(personId)?.timer);
    if (typing?.delete(personId)) this.tell('typing');
  }
}

/** @param {Message} a @param {Message} b */
const isSame = (a, b) => a.id !== undefined && a.id === b.id;

/** @param {Message} message */
function forgetImage({ image }) {
  if (image?.url) URL.revokeObjectURL(image.url);
}

export const store = new Store();
