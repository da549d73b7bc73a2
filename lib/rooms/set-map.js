/**
 * A Map of Sets that saves memory: a Set of one string is kept as that string until somebody looks at it.
 * Every socket has a room for itself; the two Sets that say so would be an eighth of an idle client.
 * Whoever reads the Map gets Sets, the same ones each time.
 */
'use strict';

const { inspect } = require('node:util');

/** @extends {Map<any, Set<string>>} */
class SetMap extends Map {
  /**
   * Puts a Set of one member in.
   * @param {any} key
   * @param {string} member
   */
  setLone(key, member) {
    super.set(key, /** @type {any} */ (member));
  }

  /**
   * The only member of a Set that nobody has looked at.
   * @param {any} key
   * @returns {string | undefined}
   */
  lone(key) {
    const value = /** @type {unknown} */ (super.get(key));
    return typeof value === 'string' ? value : undefined;
  }

  /** @param {any} key */
  get(key) {
    const value = super.get(key);
    if (typeof value !== 'string') return value;
    const members = new Set([value]);
    super.set(key, members);
    return members;
  }

  /** @returns {any} */
  *values() {
    for (const key of this.keys()) yield this.get(key);
  }

  /** @returns {any} */
  *entries() {
    for (const key of this.keys()) yield [key, this.get(key)];
  }

  [Symbol.iterator]() {
    return this.entries();
  }

  /**
   * @param {(value: Set<string>, key: any, map: any) => void} callback
   * @param {any} [self]
   */
  forEach(callback, self) {
    for (const [key, members] of this) callback.call(self, members, key, this);
  }

  /** What console.log shows. */
  [inspect.custom]() {
    return new Map(this);
  }
}

// Tests of applications compare it with a Map, and for that look at the constructor.
Object.defineProperty(SetMap.prototype, 'constructor', { value: Map });

module.exports = { SetMap };
