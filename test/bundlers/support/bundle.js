'use strict';

/**
 * The program that bundles, or traces, an application. It runs in a separate process: bundlers want the
 * global classes of Node, which Jest replaces.
 */

const esbuild = require('esbuild');
const webpack = require('webpack');
const { nodeFileTrace } = require('@vercel/nft');
const fs = require('node:fs');
const path = require('node:path');

/** `ws` asks for these if they are there; with socket.io they are warned of as well. */
const OPTIONAL = ['bufferutil', 'utf-8-validate'];
const isOfInterest = (/** @type {string} */ text) => !OPTIONAL.some((name) => text.includes(name));

/** What an ES module lacks that CommonJS sources ask for. */
const REQUIRE_FOR_ESM =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * @typedef {(entry: string, folder: string) => Promise<{ file: string, warnings: string[] }>} Bundler
 */

/** @type {Record<string, Bundler>} */
const bundlers = {
  esbuild: (entry, folder) => runEsbuild(entry, path.join(folder, 'app.js'), { format: 'cjs' }),
  'esbuild, minified': (entry, folder) =>
    runEsbuild(entry, path.join(folder, 'app.js'), { format: 'cjs', minify: true }),
  'esbuild to an ES module': (entry, folder) =>
    runEsbuild(entry, path.join(folder, 'app.mjs'), {
      format: 'esm',
      banner: { js: REQUIRE_FOR_ESM },
    }),
  'webpack for development': (entry, folder) => runWebpack(entry, folder, 'development'),
  'webpack for production': (entry, folder) => runWebpack(entry, folder, 'production'),
  '@vercel/nft': trace,
};

/**
 * @param {string} entry
 * @param {string} file
 * @param {import('esbuild').BuildOptions} options
 */
async function runEsbuild(entry, file, options) {
  const result = await esbuild.build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    logLevel: 'silent',
    outfile: file,
    ...options,
  });
  return { file, warnings: result.warnings.map(({ text }) => text) };
}

/**
 * @param {string} entry
 * @param {string} folder
 * @param {'development' | 'production'} mode
 */
async function runWebpack(entry, folder, mode) {
  const compiler = webpack({
    mode,
    entry,
    target: 'node',
    output: { path: folder, filename: 'app.js' },
  });
  /** @type {any} */
  const stats = await new Promise((resolve, reject) => {
    compiler.run((error, result) => (error ? reject(error) : resolve(result)));
  });
  const { errors, warnings } = stats.toJson({ all: false, errors: true, warnings: true });
  if (errors.length > 0) throw new Error(errors[0].message);
  const messages = warnings.map((/** @type {any} */ { message }) => message);
  return { file: path.join(folder, 'app.js'), warnings: messages.filter(isOfInterest) };
}

/**
 * Copies what the application needs to run, and nothing else.
 * @param {string} entry
 * @param {string} folder
 */
async function trace(entry, folder) {
  const { fileList, warnings } = await nodeFileTrace([entry], { base: '/' });
  for (const name of fileList) {
    const source = path.join('/', name);
    const copy = path.join(folder, name);
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    if (fs.lstatSync(source).isSymbolicLink()) {
      fs.symlinkSync(path.join(folder, fs.realpathSync(source)), copy);
    } else {
      fs.copyFileSync(source, copy);
    }
  }
  const messages = [...warnings].map(({ message }) => message);
  return { file: path.join(folder, entry), warnings: messages.filter(isOfInterest) };
}

const [, , bundler, entry, folder] = process.argv;
bundlers[bundler](entry, folder).then((result) => console.log(JSON.stringify(result)));
