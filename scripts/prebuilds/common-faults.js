'use strict';

/** What may be wrong with a file of the addon on any system. */

/**
 * @typedef {object} CommonFacts
 * @property {number} bytes
 * @property {string[]} exports
 * @property {string[]} imports
 * @property {boolean} isStripped
 * @property {boolean} isKept whether it stays in memory when its last worker ends
 * @property {boolean} hasPlace whether it tells where it was built: another build of the same sources would differ
 */

const MOST_BYTES = 2e6;
const ENTRIES = ['napi_register_module_v1', 'node_api_module_get_api_version_v1'];

/**
 * @param {string} name of the file
 * @param {CommonFacts} facts
 * @returns {string[]} what is wrong with it
 */
function commonFaultsOf(name, { bytes, exports: shown, imports, ...facts }) {
  const others = shown.filter((symbol) => !ENTRIES.includes(symbol));
  const hasOpenssl = imports.some((symbol) => /^(SSL|BIO|EVP|X509)_/.test(symbol));
  return [
    [bytes > MOST_BYTES, `has ${bytes} bytes`],
    [!shown.includes(ENTRIES[0]), 'has no entry'],
    [others.length > 0, `shows ${others}`],
    // Where the executable offers none, as in Bun and Deno, the first file must do without.
    [
      hasOpenssl !== (name === 'beastio-tls.node'),
      `has ${hasOpenssl ? 'a' : 'no'} use for OpenSSL`,
    ],
    [!facts.isStripped, 'has symbols for debuggers'],
    [!facts.isKept, 'is unloaded with the last worker'],
    [facts.hasPlace, 'tells where it was built'],
  ].flatMap(([isFault, text]) => (isFault ? [`${name} ${text}`] : []));
}

module.exports = { commonFaultsOf };
