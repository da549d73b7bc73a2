/**
 * From an acknowledgement callback `(err, responses)` to a promise.
 */
'use strict';

/**
 * Runs an operation that takes a callback.
 * Errors: rejects with the operation's error. Its `responses` are those that did come in.
 * @param {(callback: (err: any, responses: any) => void) => void} operation
 * @returns {Promise<any>}
 */
function toPromise(operation) {
  return new Promise((resolve, reject) => {
    operation((err, responses) => {
      if (err) {
        err.responses = responses;
        reject(err);
      } else {
        resolve(responses);
      }
    });
  });
}

module.exports = { toPromise };
