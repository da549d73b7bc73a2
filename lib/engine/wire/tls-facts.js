/**
 * What a TLS handshake on an I/O thread has agreed on, as it crosses.
 */
'use strict';

/**
 * @typedef {object} TlsFacts
 * @property {string} protocol
 * @property {{ name: string, standardName: string, version: string }} cipher
 * @property {string} servername empty: none
 * @property {string} alpnProtocol empty: none
 * @property {string} authorizationError empty: none
 * @property {boolean} isReused
 * @property {boolean} isRequested whether the client was asked for a certificate
 * @property {Buffer[]} certificates DER, that of the client first
 */

/**
 * @param {string} text as native/node/wire/record-fields.cpp writes it
 * @param {Buffer[]} certificates
 * @returns {TlsFacts}
 */
function readTlsFacts(text, certificates) {
  const [
    protocol,
    name,
    standardName,
    version,
    servername,
    alpnProtocol,
    authorizationError,
    flags,
  ] = text.split('\0');
  return {
    protocol,
    cipher: { name, standardName, version },
    servername,
    alpnProtocol,
    authorizationError,
    isReused: flags[0] === '1',
    isRequested: flags[1] === '1',
    certificates,
  };
}

module.exports = { readTlsFacts };
