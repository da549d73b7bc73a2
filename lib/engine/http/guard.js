/**
 * Calls of functions that the application has installed to decide about requests: middlewares,
 * `allowRequest`, a function for `cors` or its `origin`. One that throws, or whose Promise is
 * rejected, would leave its client without an answer. Its failure is handed on instead.
 */
'use strict';

const { isPromise } = require('node:util').types;
const cors = require('cors');
const { warn } = require('../../errors/coded-error');

/** What a function of the application failed with: the context of a `connection_error`. */
class HookFailure {
  /**
   * @param {'MIDDLEWARE_FAILURE' | 'ALLOW_REQUEST_FAILURE'} name
   * @param {unknown} error
   */
  constructor(name, error) {
    this.name = name;
    this.error = error;
  }

  /** Tells of it where nobody listens to `connection_error`. */
  warn() {
    const { error } = this;
    const detail = error instanceof Error ? error.stack : String(error);
    const text = `A function that decides about requests failed (${this.name})`;
    warn('BEASTIO_HOOK_FAILURE', text, detail);
  }
}

/**
 * Calls a function that answers by a callback.
 * @param {(callback: (err?: any, result?: any) => void) => unknown} hook
 * @param {(err: any, result: any) => void} onResult
 * @param {(error: unknown) => void} onFailure not called any more once the hook has called back:
 *   what it throws then goes where Node takes it
 */
function callHook(hook, onResult, onFailure) {
  let hasResult = false;
  let hasFailed = false;
  const fail = (/** @type {unknown} */ error) => {
    if (hasResult) throw error;
    hasFailed = true;
    onFailure(error);
  };
  let returned;
  try {
    returned = hook((err, result) => {
      if (hasFailed) return;
      hasResult = true;
      onResult(err, result);
    });
  } catch (error) {
    fail(error);
    return;
  }
  if (isPromise(returned)) returned.catch(fail);
}

/**
 * A function of the options of `cors`, with a second parameter for its callback.
 * @param {(about: any, callback: (err: any, result?: any) => void) => unknown} hook
 * @param {(result: any) => any} [read] what becomes of its result
 * @returns {(about: any, callback: (err: any, result?: any) => void) => void}
 */
function guarded(hook, read = (result) => result) {
  return (about, callback) => {
    callHook(
      (done) => hook(about, done),
      (err, result) => callback(err, read(result)),
      (error) => callback(new HookFailure('MIDDLEWARE_FAILURE', error)),
    );
  };
}

/** @param {any} options of `cors` */
function guardOrigin(options) {
  if (typeof options?.origin !== 'function') return options;
  return { ...options, origin: guarded(options.origin) };
}

/**
 * The middleware for the option `cors`, which is read with each request.
 * @param {any} options
 * @returns {(req: any, res: any, next: (err?: any) => void) => void}
 */
function createCors(options) {
  if (typeof options === 'function') return cors(guarded(options, guardOrigin));
  return cors((_req, callback) => callback(null, guardOrigin(options)));
}

module.exports = { HookFailure, callHook, createCors };
