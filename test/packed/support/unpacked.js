'use strict';

/** The packed package, unpacked into an application without a package manager; and a client for such applications. */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { io: connect } = require('socket.io-client');
const { dependencies } = require('../../../package.json');
const { TOP } = require('../../support/programs/programs');

const APP = 'app.cjs';

/**
 * Makes an application of `app.cjs` and the package.
 * @param {string} tarball
 * @param {string} folder that is made
 * @returns {string} the folder of the package in it
 */
function unpackInto(tarball, folder) {
  const modules = path.join(folder, 'node_modules');
  const place = path.join(modules, 'beast.io');
  fs.mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', place, '--strip-components=1']);
  for (const name of Object.keys(dependencies)) {
    fs.symlinkSync(path.join(TOP, 'node_modules', name), path.join(modules, name));
  }
  fs.copyFileSync(path.join(__dirname, APP), path.join(folder, APP));
  return place;
}

/**
 * What real clients get back from an application, one on each transport.
 * @param {number} port
 * @returns {Promise<unknown[]>}
 */
async function echoes(port) {
  const answers = [];
  for (const transport of ['websocket', 'polling']) {
    const options = { transports: [transport], forceNew: true, reconnection: false };
    const client = connect(`http://localhost:${port}`, options);
    const [text, bytes] = await client.timeout(20_000).emitWithAck('echo', ['é', Buffer.from('b')]);
    answers.push([client.io.engine.transport.name, text, String(bytes)]);
    client.close();
  }
  return answers;
}

/** What `echoes` gives. */
const ECHOES = [
  ['websocket', 'é', 'b'],
  ['polling', 'é', 'b'],
];

module.exports = { APP, ECHOES, echoes, unpackInto };
