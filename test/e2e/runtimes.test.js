/**
 * Other runtimes than that of the tests, from their npm packages, with the same binaries. Bun and Deno load
 * the addon's first file, which has no symbol of OpenSSL: plain WebSocket and polling run on the native
 * engine there. Later Nodes load both, though their OpenSSL is another one than they were built with.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');
const {
  INSTALL_TIMEOUT_MS,
  RUNTIMES,
  installKept,
  runtime,
} = require('../support/programs/kept-packages');
const { Authority } = require('../support/servers/certificates');
const { TOP } = require('../support/programs/programs');
const { EXPECTED } = require('./runtimes/expected');

beforeAll(() => installKept(RUNTIMES), INSTALL_TIMEOUT_MS);

const authority = new Authority();
afterAll(() => authority.remove());

test.each(Object.entries(EXPECTED))(
  '%s loads the addon, listens and echoes, also with TLS or says why not',
  (name, seen) => {
    const args = name === 'deno' ? ['run', '--allow-all'] : [];
    const { keyFile, certFile } = authority.issue('localhost');
    const program = [...args, path.join(RUNTIMES, 'echo.cjs'), keyFile, certFile];
    const output = execFileSync(runtime(name), program, { cwd: TOP, timeout: 60_000 });
    expect(JSON.parse(String(output))).toEqual(seen);
  },
);
