/**
 * Attaching to a µWebSockets.js application: its engine is the one of the `engine.io` package, since
 * that library does all I/O by itself.
 */
'use strict';

const { createReadStream, statSync } = require('node:fs');
const { createUwsEngine } = require('../../engine');
const { bundleFileOf, bundleHeaders, findBundle, isCached } = require('./client-bundle');

/**
 * Creates the engine of an application.
 * @param {any} app
 * @param {any} opts
 */
function attachToUws(app, opts) {
  const engine = createUwsEngine(opts);
  engine.attach(app, opts);
  return engine;
}

/**
 * Serves the client bundles from an application.
 * @param {any} app
 * @param {string} basePath
 */
function serveBundlesFromUws(app, basePath) {
  app.get(`${basePath}/*`, (/** @type {any} */ res, /** @type {any} */ req) => {
    const file = bundleFileOf(req.getUrl(), basePath);
    const filePath = file === undefined ? undefined : findBundle(file);
    if (file === undefined) {
      req.setYield(true);
    } else if (filePath === undefined) {
      res.writeStatus('404 Not Found').end();
    } else if (isCached(req.getHeader('if-none-match'))) {
      res.writeStatus('304 Not Modified').end();
    } else {
      for (const [name, value] of Object.entries(bundleHeaders(file))) res.writeHeader(name, value);
      streamFile(res, filePath);
    }
  });
}

/**
 * Writes a file as fast as the client reads.
 * @param {any} res
 * @param {string} filePath
 */
function streamFile(res, filePath) {
  const { size } = statSync(filePath);
  const source = createReadStream(filePath);
  res.onAborted(() => source.destroy());
  source.on('error', () => res.close());
  source.on('data', (chunk) => {
    const bytes = /** @type {Buffer} */ (chunk);
    res.cork(() => {
      const start = res.getWriteOffset();
      const [wasWritten, isDone] = res.tryEnd(bytes, size);
      if (wasWritten || isDone) return;
      source.pause();
      res.onWritable((/** @type {number} */ offset) => {
        const [isWritten] = res.tryEnd(bytes.subarray(offset - start), size);
        if (isWritten) source.resume();
        return isWritten;
      });
    });
  });
}

module.exports = { attachToUws, serveBundlesFromUws, streamFile };
