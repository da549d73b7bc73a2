/**
 * Serves the page and its files. They are the same for everybody, and tell nothing of the server: numbers
 * come only through the namespace, behind the application's middleware.
 */
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const PUBLIC = path.join(__dirname, '../public');
const UPLOT = path.join(path.dirname(require.resolve('uplot/package.json')), 'dist');
const CLIENT = path.join(path.dirname(require.resolve('socket.io-client/package.json')), 'dist');

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

const HEADERS = {
  'Cache-Control': 'no-cache',
  // 'self' has the WebSockets of this host and port as well.
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** @typedef {Map<string, { body: Buffer, headers: Record<string, string> }>} Files by their URLs below that of the page */

class Page {
  /** Made for the first request. @type {Files | undefined} */
  #files;
  #path;
  #config;

  /**
   * @param {string} base its path, without a slash at the end
   * @param {{ namespace: string, interval: number, path: string }} config what the page has to know
   */
  constructor(base, config) {
    this.#path = base;
    this.#config = config;
  }

  /**
   * Answers the requests for the page. They reach no listener of the server, whenever it is added: a second answer
   * to a request throws.
   * @param {import('node:http').Server} server
   * @returns {() => void} leaves them to the listeners
   */
  takeRequests(server) {
    const { emit } = server;
    const isOwn = Object.hasOwn(server, 'emit');
    let isOver = false;
    /** @param {string | symbol} event @param {any[]} args */
    const emitOthers = (event, ...args) => {
      if (event === 'request' && !isOver && this.#answer(args[0], args[1])) return true;
      return Reflect.apply(emit, server, [event, ...args]);
    };
    /** @type {any} */ (server).emit = emitOthers;
    return () => {
      isOver = true;
      if (server.emit !== emitOthers) return; // somebody has put himself before, and still calls it
      if (isOwn) server.emit = emit;
      else delete (/** @type {any} */ (server).emit);
    };
  }

  /**
   * @param {import('node:http').IncomingMessage} req
   * @param {import('node:http').ServerResponse} res
   * @returns {boolean} whether the request was for the page
   */
  #answer(req, res) {
    const url = /** @type {string} */ (req.url).replace(/\?.*/, '');
    if (url !== this.#path && !url.startsWith(`${this.#path}/`)) return false;
    this.#files ??= this.#read();
    const file = this.#files.get(url.slice(this.#path.length + 1));
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(405, { Allow: 'GET, HEAD' }).end();
    } else if (url === this.#path) {
      res.writeHead(307, { Location: `${path.posix.basename(url)}/` }).end();
    } else if (file === undefined) {
      res.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
    } else if (req.headers['if-none-match'] === file.headers.ETag) {
      res.writeHead(304, file.headers).end();
    } else {
      res.writeHead(200, { ...file.headers, 'Content-Length': file.body.length });
      res.end(req.method === 'HEAD' ? undefined : file.body);
    }
    return true;
  }

  #read() {
    /** @type {Files} */
    const files = new Map();
    /** @param {string} name @param {Buffer} body */
    const add = (name, body) => {
      const hash = crypto.createHash('sha256').update(body).digest('base64url');
      const headers = { ...HEADERS, 'Content-Type': TYPES[path.extname(name)], ETag: `"${hash}"` };
      files.set(name === 'index.html' ? '' : name, { body, headers });
    };
    for (const name of fs.readdirSync(PUBLIC, { recursive: true, encoding: 'utf8' })) {
      if (!(path.extname(name) in TYPES)) continue;
      add(name.split(path.sep).join('/'), fs.readFileSync(path.join(PUBLIC, name)));
    }
    add('uplot.js', fs.readFileSync(path.join(UPLOT, 'uPlot.iife.min.js')));
    add('uplot.css', fs.readFileSync(path.join(UPLOT, 'uPlot.min.css')));
    add('socket.io.js', fs.readFileSync(path.join(CLIENT, 'socket.io.min.js')));
    add('config.json', Buffer.from(JSON.stringify(this.#config)));
    return files;
  }
}

module.exports = { Page };
