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
 */
function documentOf(manifest, bytes, tarball) {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist: { tarball, integrity } } },
  };
}

/**
 * Starts the registry.
 * @param {string} tarball what `npm run pack` made
 * @param {string[]} others of further packages
 * @returns {Promise<Registry>}
 */
async function startRegistry(tarball, ...others) {
  /** What it answers, by paths. @type {Map<string, string | Buffer>} */
  const answers = new Map();
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry']);
  const upstream = stdout.trim();
  const server = createServer((req, res) => {
    const answer = answers.get(req.url ?? '');
    if (answer !== undefined) res.end(answer);
    else res.writeHead(302, { Location: new URL(`.${req.url}`, upstream).href }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${port}`;
  for (const file of [tarball, ...others]) {
    const manifest = manifestOf(file);
    const place = `/${manifest.name}/-/${manifest.name}.tgz`;
    const bytes = fs.readFileSync(file);
    answers.set(place, bytes);
    answers.set(`/${manifest.name}`, JSON.stringify(documentOf(manifest, bytes, url + place)));
  }
  return { url, upstream, manifest: manifestOf(tarball), close: () => server.close() };
}

module.exports = { startRegistry };
