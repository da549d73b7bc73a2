/**
 * The option `tls`: what is taken, in every form that Node's https takes it, and what is refused, by
 * name and with a reason.
 */
'use strict';

const { createTlsContext } = require('../../../../lib/engine/port/tls-options');
const { Authority } = require('../../../support/servers/certificates');

const authority = new Authority();
const { key, cert } = authority.issue('localhost');
const other = authority.issue('other.example');
const encrypted = authority.encryptKey(authority.issue('encrypted.example'), 'secret');

afterAll(() => authority.remove());

const ENCRYPTED = authority.issue('again.example');
const bundle = authority.bundle(ENCRYPTED, 'secret');
const encryptedKey = authority.encryptKey(ENCRYPTED, 'secret');

test.each(
  /** @type {[string, any][]} */ ([
    ['strings', { key, cert }],
    ['Buffers', { key: Buffer.from(key), cert: Buffer.from(cert) }],
    ['a Uint8Array', { key: new Uint8Array(Buffer.from(key)), cert }],
    ['arrays', { key: [key], cert: [cert] }],
    [
      'a key with its passphrase',
      { key: encryptedKey, cert: ENCRYPTED.cert, passphrase: 'secret' },
    ],
    ['key objects', { key: [{ pem: encryptedKey, passphrase: 'secret' }], cert: ENCRYPTED.cert }],
    ['a pfx', { pfx: bundle, passphrase: 'secret' }],
    ['pfx objects', { pfx: [{ buf: bundle, passphrase: 'secret' }] }],
    ['a certificate with its chain', { key, cert: cert + authority.own.cert }],
    ['ca', { key, cert, ca: [authority.own.cert, Buffer.from(authority.own.cert)] }],
    ['versions', { key, cert, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }],
    ['secureProtocol', { key, cert, secureProtocol: 'TLSv1_2_method' }],
    ['ciphers of TLS 1.2 only', { key, cert, ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }],
    ['ciphers of TLS 1.3 only', { key, cert, ciphers: 'TLS_AES_128_GCM_SHA256' }],
    ['ecdhCurve', { key, cert, ecdhCurve: 'X25519:P-256' }],
    ['sigalgs', { key, cert, sigalgs: 'ecdsa_secp256r1_sha256' }],
    ['dhparam', { key, cert, dhparam: 'auto' }],
    ['ALPN names', { key, cert, ALPNProtocols: ['http/1.1', 'x'] }],
    ['ALPN as on the wire', { key, cert, ALPNProtocols: Buffer.from('\x08http/1.1\x01x') }],
    ['client certificates', { key, cert, requestCert: true, rejectUnauthorized: false }],
    ['sessions', { key, cert, sessionTimeout: 10, ticketKeys: Buffer.alloc(48, 1) }],
    ['a context for sessions', { key, cert, sessionIdContext: 'mine' }],
    ['names', { contexts: { '*.example': { key: other.key, cert: other.cert } } }],
    ['what is undefined', { key, cert, SNICallback: undefined }],
  ]),
)('%s', (_, options) => {
  expect(typeof createTlsContext(options)).toBe('object');
});

test.each(
  /** @type {[any, string][]} */ ([
    [{}, 'option "tls" must have "key" and "cert", or "pfx"'],
    [{ key }, 'option "tls" must have "key" and "cert", or "pfx"'],
    [7, 'option "tls" must be an object'],
    [{ key: 7, cert }, 'option "tls.key" must be a string, a Buffer, a TypedArray or a DataView'],
    [{ key, cert, ca: {} }, 'option "tls.ca" must be a string'],
    [{ key, cert, minVersion: 'SSLv3' }, 'option "tls.minVersion" must be TLSv1, TLSv1.1'],
    [{ key, cert, secureProtocol: 'SSLv3_method' }, 'there is no method "SSLv3_method"'],
    [{ key, cert, secureProtocol: 'TLS_method', minVersion: 'TLSv1.2' }, 'excludes "minVersion"'],
    [{ key, cert, ciphers: '' }, 'option "tls.ciphers" must not be empty'],
    [{ key, cert, ciphers: 7 }, 'option "tls.ciphers" must be a string'],
    [{ key, cert, sessionTimeout: -1 }, 'option "tls.sessionTimeout" must be a whole number'],
    [{ key, cert, handshakeTimeout: '5' }, 'option "tls.handshakeTimeout" must be a whole number'],
    [{ key, cert, ticketKeys: Buffer.alloc(5) }, 'option "tls.ticketKeys" must have 48 bytes'],
    [{ key, cert, sessionIdContext: 'x'.repeat(33) }, 'at most 32 bytes'],
    [{ key, cert, ALPNProtocols: [''] }, 'a name has from 1 to 255 bytes'],
    [{ key, cert, ALPNProtocols: [7] }, 'option "tls.ALPNProtocols" must be a string'],
    [{ key, cert, contexts: { 'a.b': {} } }, 'option "tls.contexts[a.b]" must have "key"'],
  ]),
)('%j is refused', (options, text) => {
  expect(() => createTlsContext(options)).toThrow(text);
});

test.each([
  ['SNICallback', () => {}, 'list the names in "tls.contexts"'],
  ['ALPNCallback', () => {}, 'list the protocols in "tls.ALPNProtocols"'],
  ['pskCallback', () => {}, 'TLS runs on I/O threads'],
  ['secureContext', {}, 'a context of Node cannot be taken over'],
  ['privateKeyEngine', 'x', 'OpenSSL 3 has no engines'],
  ['enableTrace', true, 'there is no such option'],
  ['keepAliveTimeout', 5, 'there is no such option'],
])('%s is refused by name', (name, value, reason) => {
  const options = { key, cert, [name]: value };
  expect(() => createTlsContext(options)).toThrow(
    expect.objectContaining({
      name: 'TypeError',
      code: 'ERR_INVALID_ARG_VALUE',
      message: expect.stringContaining(`option "tls.${name}" is refused: `),
    }),
  );
  expect(() => createTlsContext(options)).toThrow(reason);
});

test('a name of a context has credentials only', () => {
  const contexts = { 'a.example': { key, cert, minVersion: 'TLSv1.3' } };
  expect(() => createTlsContext({ key, cert, contexts })).toThrow(
    'option "tls.contexts[a.example].minVersion" is refused: it is the same for the whole port',
  );
});

test.each(
  /** @type {[string, any, string][]} */ ([
    ['no key', { key: 'x', cert }, 'tls.key" cannot be used: error:'],
    ['no certificate', { key, cert: 'x' }, 'tls.cert" cannot be used: error:'],
    ['a key of another certificate', { key: other.key, cert }, 'key values mismatch'],
    ['no passphrase', { key: encrypted, cert }, 'it is encrypted, and there is no passphrase'],
    ['a wrong passphrase', { key: encrypted, cert, passphrase: 'x' }, 'tls.key" cannot be used'],
    ['a pfx that is none', { pfx: 'x' }, 'tls.pfx" cannot be used: error:'],
    ['a wrong passphrase of a pfx', { pfx: bundle, passphrase: 'x' }, 'mac verify failure'],
    ['no authority', { key, cert, ca: 'x' }, 'tls.ca" cannot be used: error:'],
    ['no list', { key, cert, crl: 'x' }, 'tls.crl" cannot be used: error:'],
    ['no cipher', { key, cert, ciphers: 'NONSENSE' }, 'tls.ciphers" cannot be used: error:'],
    ['no curve', { key, cert, ecdhCurve: 'nonsense' }, 'tls.ecdhCurve" cannot be used'],
    ['no algorithm', { key, cert, sigalgs: 'nonsense' }, 'tls.sigalgs" cannot be used'],
    ['no parameters', { key, cert, dhparam: 'nonsense' }, 'tls.dhparam" cannot be used: error:'],
    [
      'of a name',
      { key, cert, contexts: { '*.a.b': { key, cert: 'x' } } },
      'option "tls.contexts[*.a.b].cert" cannot be used: error:',
    ],
  ]),
)('what OpenSSL refuses is an error that names the option: %s', (_, options, text) => {
  expect(() => createTlsContext(options)).toThrow(
    expect.objectContaining({ code: 'ERR_BEASTIO_TLS', message: expect.stringContaining(text) }),
  );
});

test('an error leaves nothing behind for the next user of OpenSSL', () => {
  expect(() => createTlsContext({ key: 'x', cert })).toThrow();
  const { createPrivateKey } = require('node:crypto');
  expect(createPrivateKey(key).type).toBe('private');
});
