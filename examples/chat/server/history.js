/**
 * The last messages of every conversation, in memory. Bounds: 50 messages per conversation, and 500
 * conversations (the quietest goes first). Image bytes over all of them: 32 MB. Then the oldest image loses
 * its bytes; its message stays.
 */
'use strict';

const MESSAGES_PER_CONVERSATION = 50;
const CONVERSATIONS = 500;
const IMAGE_BYTES = 32_000_000;

/**
 * @typedef {{ type: string, bytes: number, width: number, height: number, data?: Buffer }} Image
 * @typedef {{ id: string, nick: string }} Author
 * @typedef {{ id: string, to: string, from: Author, at: number, text: string, image?: Image }} Message
 */

class History {
  /** @type {Map<string, Message[]>} quietest conversation first */
  #conversations = new Map();
  /** @type {Map<string, Image>} by message id, oldest first; only those that still have bytes */
  #images = new Map();
  #imageBytes = 0;

  /**
   * @param {string} conversation
   * @param {Message} message
   */
  add(conversation, message) {
    const messages = this.#conversations.get(conversation) ?? [];
    messages.push(message);
    this.#conversations.delete(conversation);
    this.#conversations.set(conversation, messages);
    if (messages.length > MESSAGES_PER_CONVERSATION) this.#forgetImage(messages.shift()?.id);
    if (this.#conversations.size > CONVERSATIONS) {
      this.drop(/** @type {string} */ (this.#conversations.keys().next().value));
    }
    if (message.image) this.#keepImage(message.id, message.image);
  }

  /**
   * @param {string} conversation
   * @returns {Message[]} oldest first; images without their bytes, which the page asks for one by one
   */
  list(conversation) {
    return (this.#conversations.get(conversation) ?? []).map((message) =>
      message.image ? { ...message, image: { ...message.image, data: undefined } } : message,
    );
  }

  /**
   * @param {string} conversation
   * @param {string} id of the message
   * @returns {Image | undefined} undefined when it is unknown here, or its bytes are gone
   */
  image(conversation, id) {
    const known = this.#conversations.get(conversation)?.some((message) => message.id === id);
    return known ? this.#images.get(id) : undefined;
  }

  /**
   * @param {string} id of a person
   * @returns {string[]} ids of those this person has a private conversation with
   */
  peersOf(id) {
    return [...this.#conversations.keys()]
      .map((conversation) => conversation.split(':'))
      .filter(([kind, a, b]) => kind === 'direct' && (a === id || b === id))
      .map(([, a, b]) => (a === id ? b : a));
  }

  /** @param {string} conversation */
  drop(conversation) {
    for (const { id } of this.#conversations.get(conversation) ?? []) this.#forgetImage(id);
    this.#conversations.delete(conversation);
  }

  /**
   * @param {string} id
   * @param {Image} image
   */
  #keepImage(id, image) {
    this.#images.set(id, image);
    this.#imageBytes += image.bytes;
    while (this.#imageBytes > IMAGE_BYTES) this.#forgetImage(this.#images.keys().next().value);
  }

  /** @param {string | undefined} id */
  #forgetImage(id) {
    const image = id === undefined ? undefined : this.#images.get(id);
    if (id === undefined || image === undefined) return;
    this.#images.delete(id);
    this.#imageBytes -= image.bytes;
    delete image.data;
  }
}

module.exports = { History };
