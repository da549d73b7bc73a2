/**
 * The chain of middlewares. Namespaces run it for each new socket, sockets for each event.
 */
'use strict';

const { measure, slowHandler } = require('./diagnostics');

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
 * @param {[socket: import('../sockets/socket').Socket, event: string]} [about] what is told of a slow one
 */
function runMiddlewares(middlewares, subject, done, about) {
  const chain = middlewares.slice();
  /** @param {number} index */
  const step = (index) => {
    if (index === chain.length) return done();
    // What follows a middleware that goes on at once is not its own time.
    const end = about && slowHandler.hasSubscribers ? measure('middleware', ...about) : undefined;
    try {
      chain[index](subject, (err) => {
        end?.();
        if (err) done(err);
        else step(index + 1);
      });
    } finally {
      end?.();
    }
  };
  step(0);
}

module.exports = { runMiddlewares };
