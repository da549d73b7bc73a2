/**
 * What the docs show of C++ as whole programs: the server of the README, compiled from its text, and the echo
 * of docs/cpp.md. The official client talks to both.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { setImmediate } = require('node:timers/promises');
const { io } = require('socket.io-client');
const { BUILD_MS, PRESET, builtProgram } = require('../support/programs/cpp-program');
const { TOP } = require('../support/programs/programs');
const { endAll, ended, printed, start } = require('../support/programs/server-program');

const SANITIZERS = {
  'asan-ubsan': ['-fsanitize=address,undefined', '-fno-sanitize=vptr'],
  tsan: ['-fsanitize=thread'],
};

/** @type {string} */
let folder;
/** @type {import('socket.io-client').Socket[]} */
let sockets = [];

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-readme-'));
});

afterEach(() => {
  for (const socket of sockets) socket.disconnect();
  sockets = [];
});

afterAll(() => {
  endAll();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** @param {number} port */
async function connect(port) {
  const socket = io(`http://127.0.0.1:${port}`, { forceNew: true });
  sockets.push(socket);
  await once(/** @type {any} */ (socket), 'connect');
  return /** @type {any} */ (socket);
}

/** @returns {Promise<number>} a port that is free now */
async function freePort() {
  const server = net.createServer().listen(0);
  await once(server, 'listening');
  const { port } = /** @type {net.AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * @param {import('../support/programs/server-program').Run} server
 * @returns {boolean} whether it waits for SIGTERM, and hence listens
 */
function isRunning({ child }) {
  const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const [, caught] = /SigCgt:\s*(\w+)/.exec(status) ?? [];
  return (BigInt(`0x${caught}`) & (1n << 14n)) !== 0n;
}

test(
  'the server of the README',
  async () => {
    const readme = fs.readFileSync(path.join(TOP, 'README.md'), 'utf8');
    const [, text] = /```cpp\n([^`]+)```/.exec(readme) ?? [];
    expect(text.trim().split('\n')).toHaveLength(12);
    const port = await freePort();
    const source = path.join(folder, 'readme.cpp');
    const program = path.join(folder, 'readme');
    fs.writeFileSync(source, text.replace('3000', `${port}`));
    const library = await builtProgram('beastio_core', 'libbeastio.a');
    execFileSync(process.env.CXX || 'g++', [
      ...['-std=c++20', '-Wall', '-Wextra', '-Werror', `-I${path.join(TOP, 'native/include')}`],
      .../** @type {Record<string, string[]>} */ (SANITIZERS[PRESET] ?? []),
      ...[source, library, '-lz', '-pthread', '-o', program],
    ]);
    const server = start(program);
    while (!isRunning(server)) await setImmediate();
    const [ada, grace] = [await connect(port), await connect(port)];
    const heard = [once(ada, 'chat message'), once(grace, 'chat message')];
    ada.emit('chat message', 'Grüße 🦊');
    expect(await Promise.all(heard)).toEqual([['Grüße 🦊'], ['Grüße 🦊']]);
    expect(await ended(server, 'SIGTERM')).toEqual([0, null]);
    expect(server.err).toBe('');
  },
  BUILD_MS,
);

test(
  'the echo of docs/cpp.md',
  async () => {
    const program = await builtProgram('echo', 'examples/cpp-echo/echo');
    const server = start(program, ['0']);
    const [, port] = await printed(server, /localhost:(\d+)\n$/);
    const client = await connect(Number(port));
    const args = [
      'text',
      1.5,
      null,
      [true, { a: 'b' }],
      Buffer.from([0, 255]),
      { c: Buffer.of(1) },
    ];
    const echo = once(client, 'echo');
    client.emit('echo', ...args);
    expect(await echo).toEqual(args);
    expect(await client.timeout(20_000).emitWithAck('ask', 'why?')).toBe('why?');
    expect(await ended(server, 'SIGINT')).toEqual([0, null]);
    for (const wrong of ['65536', '-1', 'x']) {
      const refused = start(program, [wrong]);
      expect(await ended(refused)).toEqual([1, null]);
      expect(refused.err).toMatch(/^echo: /);
    }
  },
  BUILD_MS,
);
