/**
 * Serves the browser client below the path of the server: the bundles of the `socket.io-client` package.
 * Requests for anything else go on to the listeners that were there before. The files are looked up when
 * they are asked for: an application that is a bundle itself may lack them.
 */
'use strict';

const { createReadStream } = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream');
const zlib = require('node:zlib');
const accepts = require('accepts');
const debug = require('debug')('socket.io:server');
const { HookFailure } = require('../../engine/http/guard');
const { PACKAGE_FOLDER, bundleFolders, isThere } = require('../../engine/wire/package-files');
const { version } = require('../../../package.json');

const ETAG = `"${version}"`;

const BUNDLES = ['socket.io', 'socket.io.min', 'socket.io.esm.min', 'socket.io.msgpack.min'];
const BUNDLE_FILES = new Set(BUNDLES.flatMap((name) => [`${name}.js`, `${name}.js.map`]));

/** @type {Record<string, () => import('node:stream').Transform>} */
const COMPRESSORS = {
  br: () => zlib.createBrotliCompress(),
  gzip: () => zlib.createGzip(),
  deflate: () => zlib.createDeflate(),
};

/**
 * The bundle file that a URL asks for, or undefined.
 * @param {string} url
 * @param {string} basePath the path of the server, without its last slash
 * @returns {string | undefined}
 */
function bundleFileOf(url, basePath) {
  if (!url.startsWith(basePath)) return undefined;
  const file = url.slice(basePath.length + 1).split('?', 1)[0];
  return BUNDLE_FILES.has(file) ? file : undefined;
}

/**
 * Where a bundle file lies.
 * @param {string} file
 * @returns {string | undefined} nothing if it is not there
 */
function findBundle(file) {
  const places = PACKAGE_FOLDER === undefined ? placesByBundle(file) : placesInPackage(file);
  return places.find(isThere);
}

/**
 * Each path is built from `__dirname` in one expression: @vercel/nft looks for such when it lists the
 * files to deploy.
 * @param {string} file
 */
function placesInPackage(file) {
  return [
    path.join(__dirname, '../../../client-dist', file),
    // Only a developer's folder has this one: `npm run pack` copies it to the first.
    path.join(__dirname, '../../../node_modules/socket.io-client/dist', file),
  ];
}

/**
 * An application that is a bundle itself may have `client-dist/` beside its file, or one folder up, where
 * socket.io looks for it.
 * @param {string} file
 */
function placesByBundle(file) {
  return bundleFolders().flatMap((folder) => [
    path.join(folder, 'client-dist', file),
    path.join(folder, '../client-dist', file),
  ]);
}

/**
 * The headers of a bundle file.
 * @param {string} file
 */
function bundleHeaders(file) {
  const type = file.endsWith('.map') ? 'json' : 'javascript';
  return {
    'Cache-Control': 'public, max-age=0',
    'Content-Type': `application/${type}; charset=utf-8`,
    ETag: ETAG,
  };
}

/**
 * Whether a conditional request names the version that would be served.
 * @param {string | undefined} ifNoneMatch
 */
function isCached(ifNoneMatch) {
  return ifNoneMatch === ETAG || ifNoneMatch === `W/${ETAG}`;
}

/**
 * Answers a request with a bundle file, in the browser's preferred compression.
 * @param {string} file
 * @param {import('node:http').IncomingMessage} req
 * @param {import('node:http').ServerResponse} res
 */
function sendBundle(file, req, res) {
  const filePath = findBundle(file);
  if (filePath === undefined) {
    debug('serve client %s 404', file);
    res.writeHead(404).end();
    return;
  }
  if (isCached(req.headers['if-none-match'])) {
    debug('serve client %s 304', file);
    res.writeHead(304).end();
    return;
  }
  debug('serve client %s', file);
  for (const [name, value] of Object.entries(bundleHeaders(file))) res.setHeader(name, value);
  const source = createReadStream(filePath);
  /** @param {Error | null | undefined} err */
  const onEnd = (err) => {
    if (err) res.end();
  };
  const encoding = accepts(req).encodings(Object.keys(COMPRESSORS));
  const compressor = encoding ? COMPRESSORS[encoding] : undefined;
  if (compressor) {
    res.writeHead(200, { 'content-encoding': String(encoding) });
    pipeline(source, compressor(), res, onEnd);
  } else {
    res.writeHead(200);
    pipeline(source, res, onEnd);
  }
}

/**
 * Puts the bundles in front of an HTTP server's request listeners.
 * @param {any} httpServer
 * @param {() => string} basePath
 * @param {((req: any, res: any, next: (err?: any) => void) => void) | undefined} cors
 */
function attachBundles(httpServer, basePath, cors) {
  const others = httpServer.listeners('request');
  httpServer.removeAllListeners('request');
  httpServer.on('request', (/** @type {any} */ req, /** @type {any} */ res) => {
    const file = bundleFileOf(req.url, basePath());
    if (file === undefined) {
      for (const listener of others) listener.call(httpServer, req, res);
      return;
    }
    if (!cors) {
      sendBundle(file, req, res);
      return;
    }
    cors(req, res, (err) => {
      if (err instanceof HookFailure) {
        err.warn();
        res.writeHead(500).end();
      } else {
        sendBundle(file, req, res);
      }
    });
  });
}

module.exports = { attachBundles, bundleFileOf, bundleHeaders, findBundle, isCached };
