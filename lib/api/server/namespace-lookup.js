/**
 * From a name to its namespace. That is the existing one, a new one, or a new child of the dynamic
 * namespace that accepts the name.
 */
'use strict';

const debug = require('debug')('socket.io:server');
const { Namespace } = require('../namespaces/namespace');
const { ParentNamespace } = require('../namespaces/parent-namespace');

/** @typedef {import('./server').Server} Server */
/** @typedef {(err: Error | null, allow: boolean) => void} NameVerdict */
/** @typedef {(name: string, auth: object, next: NameVerdict) => void} NameMatcher */

/**
 * Creates the parent of the namespaces whose names a pattern or a function accepts.
 * @param {Server} server
 * @param {RegExp | NameMatcher} matcher
 */
function createParent(server, matcher) {
  if (matcher instanceof RegExp && (matcher.global || matcher.sticky)) {
    throw new Error('stateful regular expressions are not supported');
  }
  const parent = new ParentNamespace(server);
  debug('initializing parent namespace %s', parent.name);
  if (matcher instanceof RegExp) {
    server.parentNsps.set((name, _auth, next) => next(null, matcher.test(name)), parent);
    server.parentNamespacesFromRegExp.set(matcher, parent);
  } else {
    server.parentNsps.set(matcher, parent);
  }
  return parent;
}

/**
 * The namespace of a name, created on first use. If the pattern of a parent accepts the name, it is
 * created below that parent. Handlers in C++ may have it for themselves (ERR_BEASTIO_TAKEN).
 * @param {Server} server
 * @param {string} givenName
 */
function namespaceOf(server, givenName) {
  const name = givenName.startsWith('/') ? givenName : `/${givenName}`;
  const existing = server._nsps.get(name);
  if (existing) return existing;
  server.nativeServer?.checkName(name);
  for (const [pattern, parent] of server.parentNamespacesFromRegExp) {
    if (!pattern.test(name)) continue;
    debug('attaching namespace %s to parent namespace %s', name, pattern);
    return parent.createChild(name);
  }
  debug('initializing namespace %s', name);
  const nsp = new Namespace(server, name);
  server._nsps.set(name, nsp);
  if (name !== '/') server.announceNamespace(nsp);
  return nsp;
}

/**
 * Asks the parents about a name, one after the other in the order of their creation. The first that
 * accepts it gets a child of that name.
 * @param {Server} server
 * @param {string} name
 * @param {object} auth
 * @param {(nsp: Namespace | false) => void} done
 */
function askParents(server, name, auth, done) {
  const parents = server.parentNsps.entries();
  const askNext = () => {
    const entry = parents.next();
    if (entry.done) {
      done(false);
      return;
    }
    const [accepts, parent] = entry.value;
    accepts(name, auth, (err, allow) => {
      if (err || !allow) {
        askNext();
        return;
      }
      if (server.nativeServer?.serves(name)) {
        done(false); // C++ has taken it meanwhile
        return;
      }
      const existing = server._nsps.get(name);
      const nsp = existing ?? parent.createChild(name);
      debug('dynamic namespace %s %s', name, existing ? 'already exists' : 'was created');
      done(nsp);
    });
  };
  askNext();
}

module.exports = { askParents, createParent, namespaceOf };
