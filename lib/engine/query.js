/** The query of a request's URL, as `req._query` has it. */
'use strict';

/**
 * @param {string} url path and query
 * @returns {Record<string, string>}
 */
function queryOf(url) {
  return Object.fromEntries(new URL(url, 'https://socket.io').searchParams);
}

module.exports = { queryOf };
