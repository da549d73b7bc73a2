/**
 * The methods by which a server stands for its main namespace, `/`: those of an event emitter and those
 * that start broadcasts. They look like the genuine class's: same names, same number of parameters.
 */
'use strict';

const { EventEmitter } = require('../base/emitter');
const { Namespace } = require('../namespaces/namespace');

/** What a server hands to its main namespace, besides the methods of an event emitter. */
const DELEGATED = [
  'to',
  'in',
  'except',
  'compress',
  'timeout',
  'emitWithAck',
  'serverSideEmit',
  'serverSideEmitWithAck',
  'allSockets',
  'fetchSockets',
  'drained',
  'socketsJoin',
  'socketsLeave',
  'disconnectSockets',
];

const emitterMethods = /** @type {Record<string, unknown>} */ (
  /** @type {unknown} */ (EventEmitter.prototype)
);

/**
 * Gives a class the methods; its objects have the namespace as `sockets`.
 * @param {{ prototype: object }} Class
 */
function delegateToMainNamespace(Class) {
  for (const method of DELEGATED.concat(Object.keys(emitterMethods))) {
    const isOfEmitter = method in emitterMethods;
    if (isOfEmitter && typeof emitterMethods[method] !== 'function') continue;
    /**
     * @this {any}
     * @param {...any} args
     */
    const delegate = function (...args) {
      return this.sockets[method](...args);
    };
    // As with the genuine class: an emitter's methods declare no parameters there.
    const length = isOfEmitter ? 0 : /** @type {any} */ (Namespace.prototype)[method].length;
    Object.defineProperties(delegate, { length: { value: length }, name: { value: method } });
    Object.defineProperty(Class.prototype, method, {
      configurable: true,
      enumerable: isOfEmitter,
      writable: true,
      value: delegate,
    });
  }
}

module.exports = { delegateToMainNamespace };
