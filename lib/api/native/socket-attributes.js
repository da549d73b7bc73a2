/**
 * What JavaScript and C++ know of a socket in common (`socket.native`): JSON values by name.
 */
'use strict';

/** @typedef {{ noteAttribute: (name: string, value: any) => void }} Noting */

class SocketAttributes {
  /** @type {Map<string, any>} */
  #values;
  /** What C++ is to be told, as it was when it was set. @type {Map<string, any> | undefined} */
  #untold = undefined;
  /** None: C++ does not see the socket, or not yet. @type {Noting | undefined} */
  #entry = undefined;

  /** @param {Record<string, any>} [values] that C++ has set already */
  constructor(values = {}) {
    this.#values = new Map(Object.entries(values));
  }

  /**
   * C++ sees the socket from now on.
   * @param {Noting} entry
   */
  share(entry) {
    this.#entry = entry;
    for (const [name, value] of this.#untold ?? []) entry.noteAttribute(name, value);
    this.#untold = undefined;
  }

  /**
   * @param {string} name
   * @returns {any} undefined: it was not set
   */
  get(name) {
    return this.#values.get(name);
  }

  /**
   * Sets an attribute, for C++ as well. Order: among what is sent to the socket.
   * @param {string} name
   * @param {any} value that JSON can hold
   * @throws {TypeError} if JSON cannot: nothing is set
   */
  set(name, value) {
    if (this.#entry === undefined) {
      this.#untold ??= new Map();
      this.#untold.set(name, JSON.parse(JSON.stringify([value ?? null]))[0]);
    } else {
      this.#entry.noteAttribute(name, value);
    }
    this.#values.set(name, value);
    return this;
  }

  /**
   * C++ has set one.
   * @param {string} name
   * @param {any} value
   */
  onSet(name, value) {
    this.#values.set(name, value);
  }
}

module.exports = { SocketAttributes };
