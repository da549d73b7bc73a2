/** The query of a request's URL, as `req._query` has it, and what the I/O thread is told of it. */
'use strict';

/** A URL that says what it means: nothing in it is encoded, and no host can be read into it. */
const PLAIN_URL = /^\/(?!\/)[\w./~-]*\?([\w.~=&-]*)$/;
const PLAIN_VALUE = /^[\w.~-]*$/;

/** The parameters of a query that mean something to the I/O thread. */
const TOLD_NAMES = ['EIO', 'transport', 'sid', 'b64', 'j'];

/**
 * @param {string} url path and query
 * @returns {Record<string, string>}
 */
function queryOf(url) {
  const plain = PLAIN_URL.exec(url)?.[1];
  if (plain === undefined || plain.includes('__proto__')) {
    return Object.fromEntries(new URLSearchParams(searchOf(url)));
  }
  /** @type {Record<string, string>} */
  const query = {};
  for (let at = 0; at < plain.length;) {
    const next = plain.indexOf('&', at);
    const end = next === -1 ? plain.length : next;
    const equals = plain.indexOf('=', at);
    if (equals !== -1 && equals < end)
      query[plain.slice(at, equals)] = plain.slice(equals + 1, end);
    else if (end > at) query[plain.slice(at, end)] = '';
    at = end + 1;
  }
  return query;
}

/**
 * The query with its question mark. Not by the URL parser: it throws where a client's text is no URL, such as
 * "//[?EIO=4" on the path "/".
 * @param {string} url
 */
function searchOf(url) {
  const [beforeFragment] = url.split('#', 1);
  const at = beforeFragment.indexOf('?');
  return at === -1 ? '' : beforeFragment.slice(at);
}

/**
 * A query, which hooks and other packages may have changed, as a target again.
 * @param {Record<string, any>} query
 */
function targetOf(query) {
  let target = '/?';
  for (const name of TOLD_NAMES) {
    const value = query[name];
    if (value === undefined) continue;
    const isPlain = typeof value === 'string' && PLAIN_VALUE.test(value);
    target += isPlain ? `${name}=${value}&` : `${new URLSearchParams([[name, value]])}&`;
  }
  return target;
}

module.exports = { queryOf, targetOf };
