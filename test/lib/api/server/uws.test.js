'use strict';

/** With a stand-in for a µWebSockets.js application, which is no npm package. */

const fs = require('node:fs');
const path = require('node:path');
const { Server } = require('../../../../lib');

const bundle = path.join(path.dirname(require.resolve('socket.io-client/package.json')), 'dist');

/** Keeps the routes that are added. */
function fakeApp() {
  const routes = {};
  const add = (kind) =>
    function (route, handler) {
      routes[`${kind} ${route}`] = handler;
      return this;
    };
  return { routes, any: add('any'), ws: add('ws'), get: add('get') };
}

/** An answer whose client takes at most `window` bytes at a time. */
class FakeResponse {
  headers = {};
  body = Buffer.alloc(0);
  /** @param {number} window */
  constructor(window) {
    this.window = window;
    this.done = new Promise((resolve) => (this.finish = resolve));
  }
  writeStatus(status) {
    this.status = status;
    return this;
  }
  writeHeader(name, value) {
    this.headers[name] = value;
    return this;
  }
  end() {
    this.finish();
    return this;
  }
  cork(callback) {
    callback();
  }
  onAborted(callback) {
    this.abort = callback;
  }
  getWriteOffset() {
    return this.body.length;
  }
  tryEnd(chunk, size) {
    const taken = chunk.subarray(0, this.window);
    this.body = Buffer.concat([this.body, taken]);
    const isDone = this.body.length === size;
    if (isDone) this.finish();
    const isWritten = taken.length === chunk.length;
    if (!isWritten) setImmediate(() => this.writable(this.body.length));
    return [isWritten, isDone];
  }
  onWritable(callback) {
    this.writable = callback;
  }
}

const request = (url, etag = '') => ({
  getUrl: () => url,
  getHeader: (name) => (name === 'if-none-match' ? etag : ''),
  setYield: jest.fn(),
});

test('the engine of the application is bound', () => {
  const io = new Server({ pingInterval: 1234 });
  const app = fakeApp();
  io.attachApp(app);
  expect(Object.keys(app.routes).sort()).toEqual([
    'any /socket.io/',
    'get /socket.io/*',
    'ws /socket.io/',
  ]);
  expect(io.engine.opts.pingInterval).toBe(1234);
  expect(io.engine.listenerCount('connection')).toBe(1);
});

test.each([1e9, 5000])('a bundle is sent, %i bytes at a time', async (window) => {
  const app = fakeApp();
  new Server().attachApp(app);
  const res = new FakeResponse(window);
  app.routes['get /socket.io/*'](res, request('/socket.io/socket.io.min.js'));
  await res.done;
  const file = path.join(bundle, 'socket.io.min.js');
  expect(res.body.length).toBe(fs.statSync(file).size);
  expect(res.body.equals(fs.readFileSync(file))).toBe(true);
  expect(res.headers['Content-Type']).toBe('application/javascript; charset=utf-8');
});

test('a cached bundle is not sent, and other files are left to other routes', async () => {
  const app = fakeApp();
  new Server().attachApp(app);
  const first = new FakeResponse(1e9);
  app.routes['get /socket.io/*'](first, request('/socket.io/socket.io.js'));
  await first.done;
  const cached = new FakeResponse(1e9);
  app.routes['get /socket.io/*'](cached, request('/socket.io/socket.io.js', first.headers.ETag));
  await cached.done;
  expect(cached.status).toBe('304 Not Modified');
  const other = request('/socket.io/other.js');
  app.routes['get /socket.io/*'](new FakeResponse(1e9), other);
  expect(other.setYield).toHaveBeenCalledWith(true);
});

test('a bundle that is not there is answered with 404', async () => {
  const app = fakeApp();
  new Server().attachApp(app);
  const res = new FakeResponse(1e9);
  const exists = jest.spyOn(fs, 'existsSync').mockReturnValue(false);
  app.routes['get /socket.io/*'](res, request('/socket.io/socket.io.js'));
  await res.done;
  expect(res.status).toBe('404 Not Found');
  exists.mockRestore();
});

test('without serveClient there is no such route', () => {
  const app = fakeApp();
  new Server({ serveClient: false }).attachApp(app);
  expect(Object.keys(app.routes)).not.toContain('get /socket.io/*');
});
