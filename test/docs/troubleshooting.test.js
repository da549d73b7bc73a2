'use strict';

/**
 * docs/guide/troubleshooting.md has a heading for every code of an error or a warning, and for no other. Each
 * error and each warning, as an application gets it, names its place on the page.
 */

const fs = require('node:fs');
const path = require('node:path');
const { createServer } = require('node:http');
const { once } = require('node:events');
const { listFiles } = require('../../scripts/support/files');
const { TOP, runProgram, startProgram } = require('../support/programs/programs');
const { connectPair, connectRaw, startServer } = require('../support/rigs/rig');
const { certificate } = require('../support/servers/doors');
const { useAddon } = require('../mixed/support/addon');
const { Server } = require('../../lib');

const PAGE = 'docs/guide/troubleshooting.md';
const HEADINGS = [...fs.readFileSync(path.join(TOP, PAGE), 'utf8').matchAll(/^### (\w+)$/gm)].map(
  ([, code]) => code,
);
/** What makes our errors and warnings. */
const MAKER = 'lib/errors/coded-error.js';
/** Who says it in the words of ws, which applications compare. */
const OTHERS_WORDS = 'lib/engine/session/transport.js';

const addon = useAddon();

/** @param {string} folder @returns {Map<string, string>} texts by file */
function sourcesIn(folder) {
  const files = listFiles(path.join(TOP, folder), /\.(js|mjs|cpp|hpp|h)$/);
  return new Map(files.map((file) => [path.relative(TOP, file), fs.readFileSync(file, 'utf8')]));
}

test('every code has a heading', () => {
  const texts = [...sourcesIn('lib').values(), ...sourcesIn('native').values()].join('\n');
  const codes = texts.match(/\bERR_BEASTIO_[A-Z_]+\b|(?<=')BEASTIO_[A-Z_]+(?=',)/g) ?? [];
  expect([...HEADINGS].sort()).toEqual([...new Set(codes)].sort());
  expect(HEADINGS.length).toBeGreaterThan(10);
});

test('one place in JavaScript makes what has a code, and one in C++', () => {
  const makes = /emitWarning\(|\b(code|value): '(ERR_)?BEASTIO_/;
  const makers = [...sourcesIn('lib')].filter(([, text]) => makes.test(text));
  expect(makers.map(([file]) => file).sort()).toEqual([OTHERS_WORDS, MAKER].sort());
  for (const [file, text] of sourcesIn('native/include')) {
    const throwing = text.match(/napi_throw_error\(/g) ?? [];
    expect([file, throwing.length]).toEqual([file, file.endsWith('beastio/native.hpp') ? 1 : 0]);
  }
});

/** What a call throws. @param {() => unknown} call @returns {any} */
function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** What `io.native` tells of an event that a client has sent. @param {any[]} args */
async function failureOf(...args) {
  const io = startServer();
  addon.open(io.native, ['/']);
  const failed = once(io.native, 'error');
  const { client } = await connectPair(io);
  client.emit(...args);
  return (await failed)[0];
}

/** Makes a server, and prints why there is none. */
const serve = (/** @type {any} */ { require: load, needsNative, isWithoutFiles }) => {
  if (needsNative) process.env.BEASTIO_REQUIRE_NATIVE = '1';
  const { closeSync, openSync } = load('node:fs');
  const { Server: Class } = load('./lib');
  load('engine.io');
  process.on('warning', ({ code, message }) => console.log(JSON.stringify({ code, message })));
  let last = 0;
  try {
    if (isWithoutFiles) for (;;) last = openSync('/dev/null');
  } catch {
    closeSync(last); // the addon is read by this one
  }
  try {
    new Class(load('node:http').createServer());
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    process._rawDebug(JSON.stringify({ code, message }));
  }
};

/** Has C++ know more namespaces than it can. It ends by force: to give them back takes a second. */
const fillNative = (/** @type {any} */ { require: load }) => {
  const { Server: Class } = load('./lib');
  const io = new Class(0);
  try {
    for (let i = 0; ; i++) void io.of(`/${i}`).native;
  } catch (error) {
    const { code, message } = /** @type {any} */ (error);
    load('node:fs').writeSync(1, JSON.stringify({ code, message }));
    process.kill(process.pid, 'SIGKILL');
  }
};

/** Provokes each of them. @type {Record<string, () => any>} */
const PROVOKED = {
  async ERR_BEASTIO_ADDON() {
    const { stderr } = await runProgram(serve, { needsNative: true }, ['--no-addons']);
    return JSON.parse(stderr);
  },
  async ERR_BEASTIO_IO_THREADS() {
    const run = startProgram(serve, { isWithoutFiles: true }, [], 80);
    run.child.stdin.end();
    await run.closed;
    return JSON.parse(run.stderr);
  },
  ERR_BEASTIO_TLS() {
    const io = new Server(0, { tls: certificate() });
    const thrown = thrownBy(() => io.httpServer.on('keylog', () => {}));
    io.close();
    return thrown;
  },
  async ERR_BEASTIO_TOO_MANY_ACKS() {
    const { socket } = await connectPair(startServer({ maxPendingAcks: 1 }));
    socket.emit('ask', () => {});
    return socket.emitWithAck('ask').catch((/** @type {any} */ error) => error);
  },
  ERR_BEASTIO_ABI: () => thrownBy(() => addon.open({ abi: '2.0' }, [])),
  ERR_BEASTIO_UNSUPPORTED: () => thrownBy(() => new Server().native),
  ERR_BEASTIO_TAKEN() {
    const io = startServer();
    addon.open(io.native, ['/']);
    io.sockets.native.on('double', addon.doubler());
    return thrownBy(() => io.sockets.native.on('double', addon.doubler()));
  },
  ERR_BEASTIO_ARGUMENTS: () => failureOf('sum', 'a', {}, () => {}),
  ERR_BEASTIO_HANDLER: () => failureOf('fail', 'on purpose'),
  ERR_BEASTIO_SLOW_HANDLER: () => failureOf('hold up', 100),
  async ERR_BEASTIO_NATIVE() {
    const { stdout } = await runProgram(fillNative);
    return JSON.parse(stdout);
  },
  async BEASTIO_FALLBACK() {
    const { stdout } = await runProgram(serve, {}, ['--no-addons']);
    return JSON.parse(stdout);
  },
  async BEASTIO_HOOK_FAILURE() {
    const allowRequest = () => {
      throw new Error('on purpose');
    };
    const io = new Server(createServer().listen(0), /** @type {any} */ ({ allowRequest }));
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue();
    await fetch(
      `http://localhost:${io.httpServer.address().port}/socket.io/?EIO=4&transport=polling`,
    );
    io.close();
    const [[message, options]] = /** @type {any[]} */ (emitWarning.mock.calls);
    emitWarning.mockRestore();
    return { ...options, message };
  },
};

const IN_OTHERS_WORDS = 'ERR_BEASTIO_TOO_LARGE';

test.each(HEADINGS.filter((code) => code !== IN_OTHERS_WORDS))(
  '%s names its place on the page, once and at the end',
  async (code) => {
    const { code: told, message } = await PROVOKED[code]();
    const place = `${PAGE}#${code.toLowerCase()}`;
    expect([told, message.match(/ See docs.*/)?.[0]]).toEqual([
      code,
      ` See ${place} in the package beast.io.`,
    ]);
    expect(message).toMatch(/[.!?] See docs/);
  },
);

test(`${IN_OTHERS_WORDS} says what ws says`, async () => {
  const { raw, socket } = await connectRaw(startServer({ maxHttpBufferSize: 1000 }));
  const left = once(socket, 'disconnect');
  raw.ws.send(`42["x","${'y'.repeat(1000)}"]`);
  const [, { code, message }] = await left;
  expect([code, message]).toEqual([IN_OTHERS_WORDS, 'RangeError: Max payload size exceeded']);
});
