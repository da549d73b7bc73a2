'use strict';

/**
 * Plays the session of the smoke test with servers from a package, in one Node after another. As a program it does so in
 * the Node that runs it, on whatever machine: `node scripts/prebuilds/smoke/package.js beast.io-VERSION.tgz`.
 */

const fs = require('node:fs');
const path = require('node:path');
const { differences, smoke } = require('./smoke');
const { platformFolder } = require('../../../lib/engine/wire/platform');
const { TOP, run } = require('../../support/processes');
const { SetUpError } = require('../../support/set-up-error');

/**
 * @typedef {object} Runner
 * @property {string} name the folder of prebuilds/ that it is to load from
 * @property {string[]} node the words of a command
 */

/** It finds the packages that it depends on in ours. */
const PLACE = path.join(TOP, '.cache/prebuilds/application/node_modules/beast.io');

/** @param {string} tarball */
async function unpack(tarball) {
  fs.rmSync(PLACE, { recursive: true, force: true });
  fs.mkdirSync(PLACE, { recursive: true });
  const { code, output } = await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', PLACE]);
  if (code !== 0) throw new SetUpError(output);
}

/**
 * Order: npm's packages are installed.
 * Errors: throws a SetUpError that says what went otherwise than with the genuine package.
 *
 * @param {string} tarball
 * @param {Runner[]} runners
 */
async function tryOut(tarball, runners) {
  await unpack(tarball);
  const { Authority } = require('../../../test/support/servers/certificates'); // it makes a folder
  const authority = new Authority();
  try {
    const identity = authority.issue('localhost');
    const genuine = await smoke([process.execPath], 'socket.io', identity);
    for (const { name, node } of runners) {
      const { seen, files, runtime } = await smoke(node, PLACE, identity);
      const expected = ['beastio-tls.node', 'beastio.node'].map(
        (file) => `prebuilds/${name}/${file}`,
      );
      if (String(files) !== String(expected)) {
        throw new SetUpError(`${name}: it has loaded ${files.join(' and ') || 'nothing'}.`);
      }
      const others = differences(seen, genuine.seen);
      if (others.length > 0) {
        throw new SetUpError(`${name}: these went otherwise: ${others.join('; ')}.`);
      }
      console.log(`${name}: serves in ${runtime}`);
    }
  } finally {
    authority.remove();
  }
}

if (require.main === module) {
  tryOut(path.resolve(process.argv[2]), [
    { name: platformFolder(), node: [process.execPath] },
  ]).catch((error) => {
    console.error(error instanceof SetUpError ? error.message : error);
    process.exitCode = 1;
  });
}

module.exports = { tryOut };
