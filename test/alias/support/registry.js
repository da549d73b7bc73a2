'use strict';

/**
 * An npm registry that has beast.io as it was just packed, and sends npm on to the usual registry for
 * everything else. So npm can be given the very commands and package.json files that users write.
 */

const { execFile, execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { once } = require('node:events');
const fs = require('node:fs');
const { createServer } = require('node:http');
const { promisify } = require('node:util');

const TARBALL_PATH = '/beast.io/-/beast.io.tgz';

/**
 * @typedef {object} Registry
 * @property {string} url
 * @property {string} upstream the usual registry
 * @property {any} manifest the package.json of beast.io
 * @property {() => void} close
 */

/**
 * Starts the registry.
 * @param {string} tarball what `npm run pack` made
 * @returns {Promise<Registry>}
 */
async function startRegistry(tarball) {
  const bytes = fs.readFileSync(tarball);
  const manifest = JSON.parse(
    String(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'])),
  );
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry']);
  const upstream = stdout.trim();
  const server = createServer((req, res) => {
    if (req.url === '/beast.io') res.end(JSON.stringify(document));
    else if (req.url === TARBALL_PATH) res.end(bytes);
    else res.writeHead(302, { Location: new URL(`.${req.url}`, upstream).href }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${port}`;
  const dist = {
    tarball: url + TARBALL_PATH,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
  };
  const document = {
    name: manifest.name,
    'dist-tags': { latest: manifest.version },
    versions: { [manifest.version]: { ...manifest, dist } },
  };
  return { url, upstream, manifest, close: () => server.close() };
}

module.exports = { startRegistry };
