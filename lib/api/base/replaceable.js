/**
 * Getters that applications do not know of. They may assign a property of the same name, and get an ordinary one.
 */
'use strict';

/**
 * Defines such a getter.
 * @param {any} prototype
 * @param {string} name
 * @param {(this: any) => unknown} get
 */
function defineReplaceable(prototype, name, get) {
  Object.defineProperty(prototype, name, {
    configurable: true,
    get,
    set(value) {
      Object.defineProperty(this, name, {
        configurable: true,
        enumerable: true,
        writable: true,
        value,
      });
    },
  });
}

module.exports = { defineReplaceable };
