/**
 * At this path for applications that load it by its path.
 */
'use strict';

const { EventEmitter, emitLocally } = require('../lib/api/base/emitter');

/** For emitters of an application's own, to which TypeScript gives the types of their events. */
class StrictEventEmitter extends EventEmitter {
  /**
   * @param {string} event
   * @param {...any} args
   */
  emitReserved(event, ...args) {
    return emitLocally.call(this, event, ...args);
  }

  /**
   * @param {string} event
   * @param {...any} args
   */
  emitUntyped(event, ...args) {
    return emitLocally.call(this, event, ...args);
  }
}

module.exports = { StrictEventEmitter };
