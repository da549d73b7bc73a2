/**
 * What JavaScript and C++ know of a socket in common (`socket.native`): JSON values by name.
 */
'use strict';

class SocketAttributes {
  /** @type {Map<string, any>} */
  #values = new Map();
  #entry;

  /**
   * @param {{ noteAttribute: (name: string, value: any) => void } | undefined} entry none: C++ does not see
   *   the socket
   */
  constructor(entry) {
    this.#entry = entry;
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
    this.#entry?.noteAttribute(name, value);
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
