/**
 * The chain of middlewares, as namespaces run it for each new socket and sockets for each event.
 */
'use strict';

/**
 * @template T
 * @typedef {(subject: T, next: (err?: any) => void) => void} Middleware
 */

/**
 * Calls middlewares one after the other, each when the one before it called `next()`. The list is
 * copied first: a middleware added meanwhile starts with the next subject.
 * @template T
 * @param {Middleware<T>[]} middlewares
 * @param {T} subject
 * @param {(err?: any) => void} done called with what the first unwilling one passed to `next(err)`
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
