/**
 * The option `tls` of the engine's own port. It takes those options of Node's `https.createServer` that
 * OpenSSL can honour on an I/O thread. They are checked and put into the form that the addon takes. All else
 * is refused by name: an option that protects something must not be passed over in silence.
 */
'use strict';

const { createHash } = require('node:crypto');
const tls = require('node:tls');
const { codedError } = require('../../errors/coded-error');
const { loadTlsAddon } = require('../wire/addon');

const VERSIONS = Object.freeze({
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
});

/** The oldest and the newest protocol of each `secureProtocol` that is not disabled. */
const METHODS = Object.freeze({
  TLS: [VERSIONS.TLSv1, VERSIONS['TLSv1.3']],
  SSLv23: [VERSIONS.TLSv1, VERSIONS['TLSv1.2']],
  TLSv1: [VERSIONS.TLSv1, VERSIONS.TLSv1],
  TLSv1_1: [VERSIONS['TLSv1.1'], VERSIONS['TLSv1.1']],
  TLSv1_2: [VERSIONS['TLSv1.2'], VERSIONS['TLSv1.2']],
});

const CREDENTIALS = ['key', 'cert', 'pfx', 'passphrase', 'ca', 'crl'];
const KNOWN = [
  ...CREDENTIALS,
  'minVersion',
  'maxVersion',
  'secureProtocol',
  'ciphers',
  'ecdhCurve',
  'sigalgs',
  'dhparam',
  'secureOptions',
  'honorCipherOrder',
  'ALPNProtocols',
  'requestCert',
  'rejectUnauthorized',
  'sessionTimeout',
  'ticketKeys',
  'sessionIdContext',
  'handshakeTimeout',
  'contexts',
];

const ON_IO_THREADS = 'TLS runs on I/O threads, which cannot call JavaScript';
/** Options of Node's that are refused, with what to do instead. @type {Record<string, string>} */
const REFUSED = Object.freeze({
  SNICallback: `${ON_IO_THREADS}; list the names in "tls.contexts"`,
  ALPNCallback: `${ON_IO_THREADS}; list the protocols in "tls.ALPNProtocols"`,
  pskCallback: ON_IO_THREADS,
  pskIdentityHint: 'there are no pre-shared keys without "pskCallback"',
  secureContext: 'a context of Node cannot be taken over; give the options it was made from',
  clientCertEngine: 'OpenSSL 3 has no engines any more',
  privateKeyEngine: 'OpenSSL 3 has no engines any more',
  privateKeyIdentifier: 'OpenSSL 3 has no engines any more',
});

const TICKET_KEYS_BYTES = 48;
const MAX_SESSION_ID_CONTEXT_BYTES = 32;
const MAX_INT32 = 2 ** 31 - 1;

/**
 * Makes what the addon's engine takes for TLS.
 * @param {any} options
 * @returns {import('../wire/native').TlsContext}
 * @throws {TypeError | RangeError} naming the option that cannot be used
 * @throws {Error} with code `ERR_BEASTIO_TLS`: OpenSSL refuses a value, or there is no OpenSSL
 */
function createTlsContext(options) {
  const values = nativeTlsOptions(options);
  const addon = loadTlsAddon();
  try {
    return addon.createContext(values);
  } catch (cause) {
    const { message } = /** @type {Error} */ (cause);
    const text = message.replace(/^([\w.[\]*-]+): /, 'option "tls.$1" cannot be used: ');
    throw codedError('ERR_BEASTIO_TLS', text, { cause });
  }
}

/**
 * @param {any} options
 * @returns {Record<string, any>} as native/tls-addon/tls-values.cpp reads them
 */
function nativeTlsOptions(options) {
  checkNames(options, KNOWN, 'tls');
  const contexts = namedCredentials(options.contexts);
  const credentials = credentialsOf(options, 'tls');
  if (!hasCertificate(credentials) && contexts.length === 0) {
    throw new TypeError('option "tls" must have "key" and "cert", or "pfx"');
  }
  const requestCert = Boolean(options.requestCert);
  return {
    credentials,
    contexts,
    roots: requestCert ? tls.rootCertificates.map(toBytes) : [],
    ...versions(options),
    ...cipherLists(string(options, 'ciphers', tls.DEFAULT_CIPHERS)),
    groups: groups(string(options, 'ecdhCurve', tls.DEFAULT_ECDH_CURVE)),
    sigalgs: string(options, 'sigalgs', ''),
    dhparam: bytes(options.dhparam ?? '', 'tls.dhparam'),
    secureOptions: integer(options, 'secureOptions', 0, Number.MAX_SAFE_INTEGER),
    honorCipherOrder: Boolean(options.honorCipherOrder ?? true),
    alpnProtocols: alpnProtocols(options.ALPNProtocols ?? ['http/1.1']),
    requestCert,
    rejectUnauthorized: options.rejectUnauthorized !== false,
    sessionTimeout: integer(options, 'sessionTimeout', 300, MAX_INT32),
    ticketKeys: ticketKeys(options.ticketKeys),
    sessionIdContext: sessionIdContext(options),
    handshakeTimeout: integer(options, 'handshakeTimeout', 120_000, MAX_INT32),
  };
}

/**
 * @param {any} options
 * @param {string[]} known
 * @param {string} where
 */
function checkNames(options, known, where) {
  if (options === null || typeof options !== 'object') {
    throw new TypeError(`option "${where}" must be an object`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || known.includes(name)) continue;
    const reason =
      REFUSED[name] ??
      (KNOWN.includes(name) ? 'it is the same for the whole port' : 'there is no such option');
    throw Object.assign(new TypeError(`option "${where}.${name}" is refused: ${reason}`), {
      code: 'ERR_INVALID_ARG_VALUE',
    });
  }
}

/**
 * @param {any} options
 * @param {string} where
 */
function credentialsOf(options, where) {
  const { key, cert, pfx, passphrase, ca, crl } = options;
  /**
   * Those that may be an object with a passphrase.
   * @param {any} value
   * @param {string} name
   * @param {string} inner
   */
  const secrets = (value, name, inner) =>
    list(value).map((item) => {
      const isOwn = item !== null && typeof item === 'object' && inner in item;
      return {
        bytes: bytes(isOwn ? item[inner] : item, `${where}.${name}`),
        passphrase: String((isOwn ? item.passphrase : undefined) ?? passphrase ?? ''),
      };
    });
  /** @type {(value: any, name: string) => Uint8Array[]} */
  const texts = (value, name) => list(value).map((item) => bytes(item, `${where}.${name}`));
  return {
    keys: secrets(key, 'key', 'pem'),
    pfxs: secrets(pfx, 'pfx', 'buf'),
    certs: texts(cert, 'cert'),
    cas: texts(ca, 'ca'),
    crls: texts(crl, 'crl'),
  };
}

/** @param {ReturnType<typeof credentialsOf>} credentials */
function hasCertificate({ keys, certs, pfxs }) {
  return (keys.length > 0 && certs.length > 0) || pfxs.length > 0;
}

/** @param {any} contexts options by host name */
function namedCredentials(contexts = {}) {
  if (contexts === null || typeof contexts !== 'object') {
    throw new TypeError('option "tls.contexts" must be an object of options by host name');
  }
  return Object.entries(contexts).map(([name, options]) => {
    const where = `tls.contexts[${name}]`;
    checkNames(options, CREDENTIALS, where);
    const credentials = credentialsOf(options, where);
    if (!hasCertificate(credentials)) {
      throw new TypeError(`option "${where}" must have "key" and "cert", or "pfx"`);
    }
    return { name, credentials };
  });
}

/** @param {any} options */
function versions({ secureProtocol, minVersion, maxVersion }) {
  if (secureProtocol !== undefined) {
    if (minVersion ?? maxVersion) {
      throw new TypeError('option "tls.secureProtocol" excludes "minVersion" and "maxVersion"');
    }
    const name = String(secureProtocol).replace(/_(server_)?method$/, '');
    const [min, max] = /** @type {any} */ (METHODS)[name] ?? [];
    if (min === undefined) {
      throw new RangeError(`option "tls.secureProtocol": there is no method "${secureProtocol}"`);
    }
    return { minVersion: min, maxVersion: max };
  }
  return {
    minVersion: version('minVersion', minVersion ?? tls.DEFAULT_MIN_VERSION),
    maxVersion: version('maxVersion', maxVersion ?? tls.DEFAULT_MAX_VERSION),
  };
}

/**
 * @param {string} name
 * @param {string} value
 */
function version(name, value) {
  const number = /** @type {any} */ (VERSIONS)[value];
  if (number !== undefined) return number;
  throw new RangeError(`option "tls.${name}" must be TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3`);
}

/**
 * OpenSSL keeps the ciphers of TLS 1.3 in a separate list.
 * @param {string} text
 */
function cipherLists(text) {
  const names = text.split(':').filter((name) => name !== '');
  if (names.length === 0) throw new RangeError('option "tls.ciphers" must not be empty');
  const isSuite = (/** @type {string} */ name) => name.startsWith('TLS_');
  return {
    cipherSuites: names.filter(isSuite).join(':'),
    ciphers: names.filter((name) => !isSuite(name)).join(':'),
  };
}

/** @param {string} curve */
function groups(curve) {
  return curve === 'auto' ? '' : curve;
}

/** @param {any} value names, or Node's form for the wire: each behind a byte with its length */
function alpnProtocols(value) {
  if (ArrayBuffer.isView(value)) {
    const wire = toBytes(value);
    const names = [];
    for (let at = 0; at < wire.length; at += 1 + wire[at]) {
      names.push(wire.subarray(at + 1, at + 1 + wire[at]));
    }
    return names;
  }
  return list(value).map((item) => {
    const name = bytes(item, 'tls.ALPNProtocols');
    if (name.length >= 1 && name.length <= 255) return name;
    throw new RangeError('option "tls.ALPNProtocols": a name has from 1 to 255 bytes');
  });
}

/** @param {any} value */
function ticketKeys(value) {
  if (value === undefined) return new Uint8Array(0);
  const keys = bytes(value, 'tls.ticketKeys');
  if (keys.length === TICKET_KEYS_BYTES) return keys;
  throw new RangeError(`option "tls.ticketKeys" must have 48 bytes, not ${keys.length}`);
}

/** @param {any} options */
function sessionIdContext(options) {
  // As Node's: processes of one program may share sessions, different programs must not.
  const own = createHash('sha256').update(process.argv.join(' ')).digest('hex');
  const value = string(options, 'sessionIdContext', own.slice(0, MAX_SESSION_ID_CONTEXT_BYTES));
  if (Buffer.byteLength(value) <= MAX_SESSION_ID_CONTEXT_BYTES) return value;
  throw new RangeError('option "tls.sessionIdContext" must have at most 32 bytes');
}

/**
 * @param {any} options
 * @param {string} name
 * @param {string} otherwise
 * @returns {string}
 */
function string(options, name, otherwise) {
  const value = options[name] ?? otherwise;
  if (typeof value === 'string') return value;
  throw new TypeError(`option "tls.${name}" must be a string`);
}

/**
 * @param {any} options
 * @param {string} name
 * @param {number} otherwise
 * @param {number} largest
 */
function integer(options, name, otherwise, largest) {
  const value = options[name] ?? otherwise;
  if (Number.isInteger(value) && value >= 0 && value <= largest) return value;
  throw new RangeError(
    `option "tls.${name}" must be a whole number from 0 to ${largest}, not ${value}`,
  );
}

/**
 * @param {any} value one or many
 * @returns {any[]}
 */
function list(value) {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/**
 * @param {any} value
 * @param {string} name
 */
function bytes(value, name) {
  if (typeof value === 'string' || ArrayBuffer.isView(value)) return toBytes(value);
  throw new TypeError(`option "${name}" must be a string, a Buffer, a TypedArray or a DataView`);
}

/** @param {string | ArrayBufferView} value */
function toBytes(value) {
  if (typeof value === 'string') return Buffer.from(value);
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

module.exports = { createTlsContext };
