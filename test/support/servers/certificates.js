/**
 * Certificates for the tests, made by the `openssl` command when they run: an authority, and what it
 * vouches for. Node has no function that makes them.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * @typedef {object} Identity
 * @property {string} key PEM
 * @property {string} cert PEM
 * @property {string} keyFile
 * @property {string} certFile
 */

class Authority {
  #folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-certificates-'));
  #count = 0;

  constructor(name = 'beast.io test authority') {
    /** @type {Identity} */
    this.own = this.#make(name, ['-addext', 'basicConstraints=critical,CA:TRUE']);
  }

  /**
   * A key, and a certificate for some names.
   * @param {string[]} names DNS names; the first is the subject's
   * @returns {Identity}
   */
  issue(...names) {
    const list = ['IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)].join();
    const { certFile, keyFile } = this.own;
    const more = ['-CA', certFile, '-CAkey', keyFile, '-addext', 'basicConstraints=CA:FALSE'];
    return this.#make(names[0], [...more, '-addext', `subjectAltName=${list}`]);
  }

  /**
   * @param {Identity} identity
   * @param {string} passphrase
   * @returns {string} its key, encrypted
   */
  encryptKey({ keyFile }, passphrase) {
    const out = `pass:${passphrase}`;
    return String(openssl('pkcs8', '-topk8', '-in', keyFile, '-passout', out));
  }

  /**
   * @param {Identity} identity
   * @param {string} passphrase
   * @returns {Buffer} key and certificate in one
   */
  bundle({ keyFile, certFile }, passphrase) {
    const out = ['-passout', `pass:${passphrase}`];
    return openssl('pkcs12', '-export', '-inkey', keyFile, '-in', certFile, ...out);
  }

  /** Removes the files. */
  remove() {
    fs.rmSync(this.#folder, { recursive: true });
  }

  /**
   * @param {string} name
   * @param {string[]} more
   */
  #make(name, more) {
    const base = path.join(this.#folder, String(++this.#count));
    const keyFile = `${base}.key`;
    const certFile = `${base}.pem`;
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', keyFile, '-out', certFile];
    openssl('req', '-x509', '-days', '2', '-subj', `/CN=${name}`, ...key, ...files, ...more);
    const text = (/** @type {string} */ file) => fs.readFileSync(file, 'utf8');
    return { key: text(keyFile), cert: text(certFile), keyFile, certFile };
  }
}

/** @param {string[]} args */
function openssl(...args) {
  return execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

module.exports = { Authority };
