'use strict';

/**
 * The one kind of error that a person is meant to read. Its message says what is missing and what to do, so
 * the commands print it without a stack trace.
 */
class SetUpError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'SetUpError';
  }
}

module.exports = { SetUpError };
