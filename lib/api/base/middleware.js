/**
 * The chain of middlewares. Namespaces run it for each new socket, sockets for each event.
 */
'use strict';

/**
 * @template T
 * @typedef {(subject: T, next: (err?: any) => void) => void} Middleware
 */

/**
 * Calls middlewares one after the other; each calls `next()` to go on. The list is copied first: a
 * middleware that is added meanwhile starts with the next subject.
 * @template T
 * @param {Middleware<T>[]} middlewares
 * @param {T} subject
 * @param {(err?: any) => void} done called at the end, or with the first error that one passed to `next(err)`
 */
function runMiddlewares(middlewares, subject, done) {
  const chain = middlewares.slice();
  /** @param {number} index */
  const step = (index) => {
    if (index === chain.length) done();
    else chain[index](subject, (err) => (err ? done(err) : step(index + 1)));
  };
  step(0);
}

module.exports = { runMiddlewares };
