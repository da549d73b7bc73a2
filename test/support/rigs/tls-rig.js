/**
 * Servers with TLS on their own port, with Express beside the engine, and programs that talk to them;
 * `cleanUp()` closes all.
 */
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const tls = require('node:tls');
const express = require('express');
const { Server } = require('../../..');
const { Authority } = require('../servers/certificates');

const PROGRAM_TIMEOUT_MS = 60_000;

const authority = new Authority();
const identity = authority.issue('localhost');
/** @type {(() => unknown)[]} */
const closers = [];

/**
 * A server that listens, and whose sockets echo.
 * @param {any} [tlsOptions] besides key and certificate
 * @param {any} [opts]
 */
async function startServer(tlsOptions, opts) {
  const { key, cert } = identity;
  const app = express();
  const io = new Server(0, {
    ioThreads: 2,
    requestListener: app,
    ...opts,
    tls: { key, cert, ...tlsOptions },
  });
  const { httpServer } = io;
  app.get('/', (req, res) => void res.send(req.secure ? 'secure' : 'plain'));
  app.post('/echo', (req, res) => void req.pipe(res));
  io.on('connection', (socket) => {
    socket.on('echo', (...args) => args.pop()(...args));
  });
  closers.push(() => io.close());
  await once(httpServer, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (httpServer.address());
  return { io, app, httpServer, port, url: `https://localhost:${port}` };
}

/**
 * A TLS connection after its handshake.
 * @param {number} port
 * @param {any} [options]
 * @returns {Promise<tls.TLSSocket>}
 */
async function connectTls(port, options) {
  const socket = tls.connect({ port, ca: authority.own.cert, servername: 'localhost', ...options });
  closers.push(() => socket.destroy());
  socket.on('error', () => {}); // the promise below tells
  await once(socket, 'secureConnect');
  return socket;
}

/**
 * Why a handshake fails, seen from the client.
 * @param {number} port
 * @param {any} options
 * @returns {Promise<string>} the code of the error, or of the first one after the handshake
 */
async function refusalOf(port, options) {
  const socket = tls.connect({ port, ca: authority.own.cert, servername: 'localhost', ...options });
  closers.push(() => socket.destroy());
  const [error] = await once(socket, 'error').catch((reason) => [reason]);
  return error.code;
}

/**
 * The answer of one request.
 * @param {tls.TLSSocket} socket
 * @param {string} [path]
 */
async function get(socket, path = '/') {
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  let answer = '';
  while (!/\r\n\r\n[^]/.test(answer)) answer += (await once(socket, 'data'))[0];
  return answer;
}

/**
 * Runs a program with its input.
 * @param {string} command
 * @param {string[]} args
 * @param {string | Buffer} [input] its whole input; none: it is closed at once
 * @returns {Promise<{ code: number | null, stdout: Buffer, stderr: string }>}
 */
async function run(command, args, input = '') {
  const child = spawn(command, args, { timeout: PROGRAM_TIMEOUT_MS });
  /** @type {Buffer[]} */
  const chunks = [];
  let stderr = '';
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  child.stdin.on('error', () => {}); // it may end before it has read all
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { code, stdout: Buffer.concat(chunks), stderr };
}

/** Closes everything that was opened. */
async function cleanUp() {
  await Promise.all(closers.splice(0).map((close) => close()));
}

module.exports = {
  authority,
  cleanUp,
  closers,
  connectTls,
  get,
  identity,
  refusalOf,
  run,
  startServer,
};
