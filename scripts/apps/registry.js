'use strict';

/**
 * An npm registry that has packages of ours as they were just packed, and sends npm on to the usual registry for
 * everything else. So npm can be given the very commands and package.json files that users write.
 */

const { execFile, execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const { createServer } = require('node:http');
const { promisify } = require('node:util');

/** Package managers may refuse what is new. */
const LONG_AGO = '2020-01-01T00:00:00.000Z';

/**
 * @typedef {object} Registry
 * @property {string} url
 * @property {string} upstream the usual registry
 * @property {any} manifest the package.json of beast.io
 * @property {() => void} close
 */

/** The package.json in a tarball. @param {string} tarball */
function manifestOf(tarball) {
  return JSON.parse(String(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'])));
}

/**
 * What a registry says of a package.
 * @param {any} manifest
 * @param {Buffer} bytes of its tarball
 * @param {string} tarball its URL
 * @param {any} [known] of another version of it
 */
function documentOf(manifest, bytes, tarball, known) {
  const { name, version } = manifest;
  const time = { created: LONG_AGO, modified: LONG_AGO, ...known?.time, [version]: LONG_AGO };
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  return {
    name,
    'dist-tags': { latest: version },
    time,
    versions: { ...known?.versions, [version]: { ...manifest, dist: { tarball, integrity } } },
  };
}

/**
 * Starts the registry.
 * @param {string} tarball what `npm run pack` made
 * @param {string[]} others of further packages
 * @returns {Promise<Registry>}
 */
async function startRegistry(tarball, ...others) {
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry']);
  return serve([tarball, ...others], stdout.trim());
}

/**
 * Starts one that has these packages, and knows of no other.
 * @param {string} tarball
 * @param {string[]} others
 */
function startClosedRegistry(tarball, ...others) {
  return serve([tarball, ...others], '');
}

/**
 * @param {string[]} tarballs
 * @param {string} upstream nothing for a closed one
 * @returns {Promise<Registry>}
 */
async function serve(tarballs, upstream) {
  /** What it answers, by paths. @type {Map<string, string | Buffer>} */
  const answers = new Map();
  const server = createServer((req, res) => {
    const { url: wanted = '' } = req;
    const answer = answers.get(decodeURIComponent(wanted));
    if (answer !== undefined) return res.end(answer);
    if (upstream === '') return res.writeHead(404).end('{}');
    return res.writeHead(302, { Location: new URL(`.${wanted}`, upstream).href }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${port}`;
  for (const file of tarballs) {
    const manifest = manifestOf(file);
    const document = `/${manifest.name}`;
    // Bun asks for it there without having been told.
    const place = `${document}/-/${manifest.name}-${manifest.version}.tgz`;
    const bytes = fs.readFileSync(file);
    const known = JSON.parse(String(answers.get(document) ?? '{}'));
    answers.set(place, bytes);
    answers.set(document, JSON.stringify(documentOf(manifest, bytes, url + place, known)));
  }
  return { url, upstream, manifest: manifestOf(tarballs[0]), close: () => server.close() };
}

module.exports = { startClosedRegistry, startRegistry };
