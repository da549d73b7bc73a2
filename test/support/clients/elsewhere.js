/**
 * Official clients that connect elsewhere than their URL says, to unix sockets for example, and a
 * cluster whose workers they find behind one port.
 */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const path = require('node:path');
const tls = require('node:tls');
const { io: connect } = require('socket.io-client');

/** @typedef {net.NetConnectOpts & { ca?: string }} Place with `ca` over TLS */

/**
 * @param {Place} place
 * @param {string[]} transports
 * @param {(() => unknown)[]} closers of the test: one is added that closes the client
 */
function clientElsewhere({ ca, ...where }, transports, closers) {
  const hasTls = ca !== undefined;
  class Agent extends (hasTls ? https : http).Agent {
    createConnection() {
      return hasTls ? tls.connect({ ...where, ca, servername: 'localhost' }) : net.connect(where);
    }
  }
  const agent = /** @type {any} */ (new Agent());
  const client = connect(`${hasTls ? 'https' : 'http'}://localhost`, {
    agent,
    transports,
    forceNew: true,
    reconnection: false,
  });
  closers.push(() => client.close());
  return client;
}

/**
 * Checks that two workers of a cluster listen on one port and both are found there.
 * @param {(() => unknown)[]} closers of the test
 * @param {{ keyFile: string, certFile: string, ca: string }} [identity] none: without TLS
 */
async function expectSharedPort(closers, identity) {
  const files = identity ? [identity.keyFile, identity.certFile] : [];
  const primary = fork(path.join(__dirname, '../programs/port-cluster.js'), files);
  closers.push(async () => {
    if (primary.exitCode !== null) return;
    const exited = once(primary, 'exit');
    primary.disconnect();
    await exited;
  });
  const [{ port, pids }] = await once(primary, 'message');
  const seen = new Set();
  // Node gives the connections to the workers in turn.
  for (let n = 0; n < 4; n++) {
    const place = { port, host: '127.0.0.1', ca: identity?.ca };
    const client = clientElsewhere(place, ['websocket'], closers);
    seen.add(await client.timeout(20_000).emitWithAck('who'));
  }
  expect(seen).toEqual(new Set(pids));
}

module.exports = { clientElsewhere, expectSharedPort };
