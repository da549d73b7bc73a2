/**
 * What an application may have put between a request and the engine, logs among it. As long as there
 * is nothing, the engine's own port answers on the I/O threads; what is put there later holds for the
 * next request.
 */
'use strict';

const { tellsRequests } = require('../base/log');

/** Events whose listeners may change answers. */
const REQUEST_EVENTS = ['headers', 'initial_headers'];

/** Methods of engine.io's `Server` that applications and packages replace. */
const MEMBERS = Object.freeze([
  'abortRequest',
  'createTransport',
  'generateId',
  'handleRequest',
  'handleUpgrade',
  'handshake',
  'onWebSocket',
  'prepare',
  'verify',
  '_applyMiddlewares',
]);

/**
 * Whether requests must come past JavaScript.
 * @param {any} engine
 * @param {any} plain the prototype of engines as they are by themselves
 * @param {string | symbol | undefined} coming the event that is about to be listened to
 */
function isHooked(engine, plain, coming) {
  return (
    engine.middlewares.length > 0 ||
    engine.observesAnswers ||
    engine.isClosed ||
    tellsRequests() ||
    typeof engine.opts.allowRequest === 'function' ||
    REQUEST_EVENTS.some((event) => event === coming || engine.listenerCount(event) > 0) ||
    MEMBERS.some((name) => engine[name] !== plain[name]) ||
    !isSimpleCompression(engine.opts.httpCompression)
  );
}

/**
 * Whether the I/O threads can compress answers in that way: with zlib's usual settings.
 * @param {any} options
 */
function isSimpleCompression(options) {
  return !options || Object.keys(options).every((name) => name === 'threshold');
}

/**
 * Calls back whenever one of an object's properties is set.
 * @param {any} object
 * @param {readonly string[]} names
 * @param {() => void} onChange
 */
function watchMembers(object, names, onChange) {
  for (const name of names) {
    let value = Object.hasOwn(object, name) ? object[name] : undefined;
    const enumerable = value !== undefined;
    const get = () => (value === undefined ? Object.getPrototypeOf(object)[name] : value);
    const set = (/** @type {any} */ next) => {
      value = next;
      onChange();
    };
    Object.defineProperty(object, name, { configurable: true, enumerable, get, set });
  }
}

/**
 * Calls back when a listener comes or has gone. A request may follow in the same tick.
 * @param {import('node:events').EventEmitter} emitter
 * @param {(coming?: string | symbol) => void} onChange is given the event of the listener that comes
 */
function watchListeners(emitter, onChange) {
  emitter.on('newListener', (event) => onChange(event));
  emitter.on('removeListener', () => onChange());
}

/**
 * An object that calls back after each change.
 * @template {object} T
 * @param {T} object
 * @param {() => void} onChange
 * @returns {T}
 */
function watchProperties(object, onChange) {
  return new Proxy(object, {
    set(target, name, value) {
      Reflect.set(target, name, value);
      onChange();
      return true;
    },
    deleteProperty(target, name) {
      Reflect.deleteProperty(target, name);
      onChange();
      return true;
    },
  });
}

module.exports = { MEMBERS, isHooked, watchListeners, watchMembers, watchProperties };
