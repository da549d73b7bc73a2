/**
 * A service manager holds the listening socket, as systemd does, and gives it to each process of the server.
 * Who connects while no process listens waits, and is not refused.
 */
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const readline = require('node:readline');
const { io: connect } = require('socket.io-client');
const { TOP } = require('../support/programs/programs');

const PYTHON = '/usr/bin/python3';
/** Starts a process for each line that it reads, with the socket as descriptor 3. */
const MANAGER = `
import os, socket, subprocess, sys
listening = socket.create_server(('127.0.0.1', 0))
listening.set_inheritable(True)
print(listening.getsockname()[1], flush=True)
for program in sys.stdin:
    process = subprocess.Popen([os.environ['NODE'], '-e', program], close_fds=False,
        env={**os.environ, 'LISTEN_FDS': '1'}, preexec_fn=lambda: os.dup2(listening.fileno(), 3))
    print(process.pid, flush=True)
    print(process.wait(), flush=True)
`;

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** @param {boolean} isOwnPort */
function serverProgram(isOwnPort) {
  const program = (/** @type {any} */ { Server, http, isOwn }) => {
    const fd = Number(process.env.LISTEN_FDS) > 0 ? 3 : undefined;
    const server = isOwn ? undefined : http.createServer();
    const io = new Server(server);
    if (server) server.listen({ fd });
    else io.listen({ fd });
    io.on('connection', (/** @type {any} */ socket) =>
      socket.on('pid', (/** @type {any} */ answer) => answer(process.pid)),
    );
    process.once('SIGTERM', () => io.close({ drain: 200 }));
  };
  const parts = `{ Server: require('${TOP}').Server, http: require('http'), isOwn: ${isOwnPort} }`;
  return `(${program})(${parts})`.replaceAll('\n', ' ');
}

test.each([
  ['own port', true],
  ['an HTTP server of the application', false],
])('nobody is refused while one process takes the place of another: %s', async (_door, isOwn) => {
  const manager = spawn(PYTHON, ['-c', MANAGER], {
    env: { ...process.env, NODE: process.execPath },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  closers.push(() => manager.kill('SIGKILL'));
  const lines = readline.createInterface({ input: manager.stdout })[Symbol.asyncIterator]();
  const said = async () => Number((await lines.next()).value);
  const start = () => {
    manager.stdin.write(`${serverProgram(isOwn)}\n`);
    return said();
  };

  // Before there is a server.
  const client = connect(`http://127.0.0.1:${await said()}`, {
    transports: ['websocket'],
    reconnectionDelay: 3000, // longer than a process takes to end
    randomizationFactor: 0,
  });
  closers.push(() => client.disconnect());
  /** @type {string[]} */
  const errors = [];
  client.on('connect_error', ({ message }) => errors.push(message));
  const first = await start();
  closers.push(() => end(first));
  await once(/** @type {any} */ (client), 'connect');
  expect(await client.emitWithAck('pid')).toBe(first);

  const away = once(/** @type {any} */ (client), 'disconnect');
  const attempt = once(client.io, 'reconnect_attempt');
  process.kill(first, 'SIGTERM');
  await away;
  expect(await said()).toBe(0); // it has ended, and well
  await attempt;
  const again = once(/** @type {any} */ (client), 'connect');
  const second = await start();
  closers.push(() => end(second));
  await again;
  expect(await client.emitWithAck('pid')).toBe(second);
  expect(second).not.toBe(first);
  expect(errors).toEqual([]);
  client.disconnect();
  process.kill(second, 'SIGTERM');
  expect(await said()).toBe(0);
});

/** @param {number} pid of a process that may have ended */
function end(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has
  }
}
