/**
 * A separate Redis server for one test file: on a free port of the loopback, without persistence, ended with
 * the file.
 */
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { freePort } = require('./free-port');

/**
 * Waits until nobody else is connected: adapters end their connections some time after their server,
 * and would try to open them again.
 * @param {number} port
 */
async function untilAlone(port) {
  const socket = net.connect(port, '127.0.0.1');
  for (let others = true; others;) {
    socket.write('INFO clients\r\n');
    const [answer] = await once(socket, 'data');
    others = !`${answer}`.includes('connected_clients:1\r');
  }
  socket.destroy();
}

/**
 * Starts a server; another one if somebody else has taken the port meanwhile.
 * @returns {Promise<{ port: number, stop: () => Promise<void> }>}
 */
async function startRedis(attempts = 5) {
  const port = await freePort();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-redis-'));
  const options = { port, bind: '127.0.0.1', dir: directory, save: '', appendonly: 'no' };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close').then(() => fs.rmSync(directory, { recursive: true }));
  const stop = async () => {
    await untilAlone(port);
    child.kill('SIGKILL'); // nothing in it is worth keeping
    await closed;
  };
  let said = '';
  const isReady = await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.stdout.on('data', (text) => {
      said += text;
      if (said.includes('Ready to accept connections')) resolve(true);
    });
    child.on('close', () => resolve(false));
  });
  if (isReady) return { port, stop };
  if (attempts === 1) throw new Error(`redis-server did not start:\n${said}`);
  return startRedis(attempts - 1);
}

module.exports = { startRedis };
