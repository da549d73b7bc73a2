/**
 * A key and a self-made certificate for the scenarios over TLS, made once by the openssl program.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

/**
 * @param {string} cacheFolder
 * @returns {{ key: string, cert: string }} files in PEM format. Errors: an Error without openssl
 */
function makeCertificate(cacheFolder) {
  const files = {
    key: path.join(cacheFolder, 'key.pem'),
    cert: path.join(cacheFolder, 'cert.pem'),
  };
  if (Object.values(files).every((file) => fs.existsSync(file))) return files;
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const subject = ['-nodes', '-days', '3650', '-subj', '/CN=localhost'];
  const output = ['-keyout', files.key, '-out', files.cert];
  execFileSync('openssl', [...args, ...subject, ...output], { stdio: 'ignore' });
  return files;
}

module.exports = { makeCertificate };
