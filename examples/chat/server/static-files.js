/**
 * Serves the files of one folder, which are listed once at start. A path that is not on the list is a 404, so
 * no request can walk out of the folder. The browser asks again by ETag.
 */
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

const SECURITY_HEADERS = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws: wss: blob:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * @param {string} root
 * @returns {Map<string, { body: Buffer, headers: Record<string, string | number> }>} by URL path
 */
function readFolder(root) {
  const files = new Map();
  for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    const type = TYPES[path.extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const body = fs.readFileSync(file);
    const etag = `"${crypto.createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const headers = {
      ...SECURITY_HEADERS,
      'Cache-Control': 'no-cache',
      'Content-Type': type,
      ETag: etag,
    };
    files.set(`/${path.relative(root, file).split(path.sep).join('/')}`, { body, headers });
  }
  files.set('/', files.get('/index.html'));
  return files;
}

/**
 * @param {string} root
 * @returns {import('node:http').RequestListener}
 */
function serveStatic(root) {
  const files = readFolder(root);
  return (req, res) => {
    const file = files.get((req.url ?? '/').split('?', 1)[0]);
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.writeHead(405, { Allow: 'GET, HEAD' }).end();
    } else if (file === undefined) {
      res.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found\n');
    } else if (req.headers['if-none-match'] === file.headers.ETag) {
      res.writeHead(304, file.headers).end();
    } else {
      res.writeHead(200, { ...file.headers, 'Content-Length': file.body.length });
      res.end(req.method === 'HEAD' ? undefined : file.body);
    }
  };
}

module.exports = { serveStatic };
