'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { cleanUp, get, startServer } = require('../../../support/rigs/rig');
const { isOurs } = require('../../../support/subjects/subject');

const { version } = require(isOurs ? '../../../../package.json' : 'socket.io/package.json');
const clientFolder = path.dirname(require.resolve('socket.io-client/package.json'));
const contentOf = (file) => readFileSync(path.join(clientFolder, 'dist', file));

afterEach(cleanUp);

/**
 * @param {any} io
 * @param {string} url below /socket.io
 * @param {Record<string, string>} [headers]
 */
async function request(io, url, headers = {}) {
  const response = await get(io, `/socket.io${url}`, { headers });
  const body = Buffer.concat(await response.toArray());
  return { status: response.statusCode, headers: response.headers, body };
}

test.each(['socket.io.js', 'socket.io.min.js', 'socket.io.esm.min.js', 'socket.io.msgpack.min.js'])(
  '%s and its map are served',
  async (file) => {
    const io = startServer();
    const code = await request(io, `/${file}?v=1`);
    expect(code.status).toBe(200);
    expect(code.body.equals(contentOf(file))).toBe(true);
    expect(code.headers).toMatchObject({
      'cache-control': 'public, max-age=0',
      'content-type': 'application/javascript; charset=utf-8',
      etag: `"${version}"`,
    });
    const map = await request(io, `/${file}.map`);
    expect(map.status).toBe(200);
    expect(map.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(map.body.equals(contentOf(`${file}.map`))).toBe(true);
  },
);

test.each([
  ['br', zlib.brotliDecompressSync],
  ['gzip', zlib.gunzipSync],
  ['deflate', zlib.inflateSync],
])('compressed with %s', async (encoding, decompress) => {
  const { headers, body } = await request(startServer(), '/socket.io.min.js', {
    'accept-encoding': encoding,
  });
  expect(headers['content-encoding']).toBe(encoding);
  expect(decompress(body).equals(contentOf('socket.io.min.js'))).toBe(true);
});

test('of several encodings, the first that the browser names is taken', async () => {
  const { headers } = await request(startServer(), '/socket.io.min.js', {
    'accept-encoding': 'gzip, deflate, br',
  });
  expect(headers['content-encoding']).toBe('gzip');
});

test.each([`"${version}"`, `W/"${version}"`])('304 for the known ETag %s', async (etag) => {
  const { status, body } = await request(startServer(), '/socket.io.js', {
    'if-none-match': etag,
  });
  expect(status).toBe(304);
  expect(body.length).toBe(0);
});

test('200 for another ETag', async () => {
  const { status } = await request(startServer(), '/socket.io.js', { 'if-none-match': '"1.0.0"' });
  expect(status).toBe(200);
});

test('the cors option applies', async () => {
  const io = startServer({ cors: { origin: 'http://other' } });
  const { headers } = await request(io, '/socket.io.js');
  expect(headers['access-control-allow-origin']).toBe('http://other');
});

test('unknown files are left to the engine', async () => {
  const { status, body } = await request(startServer(), '/other.js');
  expect(status).toBe(400);
  expect(JSON.parse(body.toString())).toEqual({ code: 0, message: 'Transport unknown' });
});

test('other requests are left to the application', async () => {
  const io = startServer();
  const response = await get(io, '/else');
  response.resume();
  expect(response.statusCode).toBe(404);
});

test('serveClient: false', async () => {
  const { status } = await request(startServer({ serveClient: false }), '/socket.io.js');
  expect(status).toBe(400);
});
