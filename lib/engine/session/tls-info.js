/**
 * What a TLS handshake on an I/O thread has agreed on, in the form of Node's `tls.TLSSocket`.
 */
'use strict';

const { X509Certificate } = require('node:crypto');

/** @typedef {import('../wire/tls-facts').TlsFacts} TlsFacts */

/**
 * Gives a stream the members of `tls.TLSSocket` that tell of its connection.
 * @param {any} stream
 * @param {TlsFacts} facts
 */
function describeTls(stream, facts) {
  const { authorizationError, certificates } = facts;
  stream.encrypted = true;
  stream.authorized = facts.isRequested && authorizationError === '';
  stream.authorizationError = facts.isRequested && authorizationError ? authorizationError : null;
  stream.servername = facts.servername === '' ? false : facts.servername;
  stream.alpnProtocol = facts.alpnProtocol === '' ? false : facts.alpnProtocol;
  const methods = {
    getProtocol: () => facts.protocol,
    getCipher: () => ({ ...facts.cipher }),
    isSessionReused: () => facts.isReused,
    getPeerX509Certificate: () =>
      certificates.length > 0 ? new X509Certificate(certificates[0]) : undefined,
    getPeerCertificate: (/** @type {boolean} */ isDetailed) =>
      isDetailed ? detailed(certificates) : legacy(certificates[0]),
  };
  for (const [name, value] of Object.entries(methods)) {
    Object.defineProperty(stream, name, { value, configurable: true, writable: true });
  }
}

/** @param {Buffer | undefined} der */
function legacy(der) {
  return der === undefined ? {} : new X509Certificate(der).toLegacyObject();
}

/**
 * The client's certificate with those of its issuers, as far as the client sent them. A self-signed one
 * is its issuer.
 * @param {Buffer[]} ders
 */
function detailed(ders) {
  const certificates = ders.map((der) => new X509Certificate(der));
  const objects = certificates.map((certificate) =>
    /** @type {any} */ (certificate).toLegacyObject(),
  );
  objects.forEach((object, index) => {
    const issuer = certificates.findIndex((other) => certificates[index].checkIssued(other));
    if (issuer >= 0) object.issuerCertificate = objects[issuer];
  });
  return objects[0] ?? {};
}

module.exports = { describeTls };
