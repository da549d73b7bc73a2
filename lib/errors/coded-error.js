/**
 * The errors and the warnings that are ours have a code. Their text ends with the place in the package where the
 * page of troubleshooting tells of that code. This is the one place that makes such an error or gives such a warning.
 */
'use strict';

const PAGE = 'docs/guide/troubleshooting.md';
const OURS = /^(ERR_)?BEASTIO_/;
/** Within a text that has become a part of another one. */
const REFERENCE = new RegExp(` See ${PAGE}#\\w+ in the package beast\\.io\\.`, 'g');

/**
 * @param {string} text that may end without a full stop, or contain the text of another error of ours
 * @param {string} code
 * @returns {string} whole sentences, the last of which refers to the page
 */
function withReference(text, code) {
  const own = text.replace(REFERENCE, '');
  const end = /[.!?]$/.test(own) ? '' : '.';
  return `${own}${end} See ${PAGE}#${code.toLowerCase()} in the package beast.io.`;
}

/**
 * @param {string} code as the page has it
 * @param {string} text
 * @param {ErrorOptions} [options]
 * @returns {Error & { code: string }}
 */
function codedError(code, text, options) {
  return Object.assign(new Error(withReference(text, code), options), { code });
}

/**
 * Calls the addon, whose errors have a code and a bare text.
 * @template T
 * @param {() => T} call
 * @returns {T}
 * @throws {Error} what the call throws; with the reference, if it is ours
 */
function explained(call) {
  try {
    return call();
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    throw OURS.test(code) ? codedError(code, message) : error;
  }
}

/**
 * @param {string} code as the page has it
 * @param {string} text
 * @param {string} [detail] that Node prints below it
 */
function warn(code, text, detail) {
  process.emitWarning(withReference(text, code), { code, detail });
}

module.exports = { codedError, explained, warn };
