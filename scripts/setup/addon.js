'use strict';

/**
 * Step 3 of the set-up: builds build/Release/beastio.node and beastio-tls.node, and only what changed since the last time.
 * node-gyp writes the makefiles when their inputs changed; make compiles when a source changed; otherwise
 * a look at the files' times is all that happens. Nothing is downloaded: Node's headers must be on the machine.
 * Node core modules only.
 */

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { addonSources, coreSources, tlsSources } = require('../native-sources');
const { compilerCacheEnv } = require('./compiler-cache');
const { listFiles } = require('../support/files');
const { TOP, compileJobs, run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

const BUILD = path.join(TOP, 'build');
const ADDONS = ['beastio.node', 'beastio-tls.node'].map((file) =>
  path.join(BUILD, 'Release', file),
);
const STAMP = path.join(BUILD, 'beastio-stamp.json');

/** What make says besides: its folders, and the housekeeping of gyp's rules. */
const MAKE_CHATTER = /^make(\[\d+\])?: (Entering|Leaving|Nothing)|^\s*(AR|COPY|STAMP|TOUCH|rm|ar) /;
const NODE_GYP = 'node_modules/node-gyp/bin/node-gyp.js';

/**
 * What the last build was made from.
 *
 * @typedef {object} Stamp
 * @property {string} runtime Node's version and the place of its headers; a change rebuilds everything.
 * @property {string} makefiles Digest of what node-gyp's makefiles depend on.
 * @property {string} sources Digest of names, times and sizes of all sources; empty before a build succeeded.
 */

/**
 * Finds the C headers of the running Node: beside its executable, in the system, or where
 * npm_config_nodedir says.
 * Errors: throws a SetUpError that lists where it looked.
 *
 * @returns {string} The folder that holds include/node/.
 */
function findNodeHeaders() {
  const prefix = path.join(fs.realpathSync(process.execPath), '../..');
  const configured = process.env.npm_config_nodedir;
  const places = [...new Set([configured ?? prefix, prefix, '/usr', '/usr/local'])];
  const [major] = process.versions.node.split('.');
  const found = places.find((place) => {
    const header = path.join(place, 'include/node/node_version.h');
    if (!fs.existsSync(header)) return false;
    const version = /#define NODE_MAJOR_VERSION (\d+)/.exec(fs.readFileSync(header, 'utf8'));
    return version?.[1] === major && fs.existsSync(path.join(place, 'include/node/node_api.h'));
  });
  if (found !== undefined) return found;
  throw new SetUpError(
    `The C headers of Node ${major} were not found in ${places.join('/include/node, ')}/include/node.\n` +
      'They come with the official builds of Node and with NodeSource packages (Debian: libnode-dev). ' +
      'Elsewhere, set npm_config_nodedir to the folder that holds include/node/.',
  );
}

/**
 * @param {string[]} parts
 * @returns {string}
 */
function digest(parts) {
  return crypto.createHash('sha256').update(parts.join('\0')).digest('hex');
}

/**
 * @param {string} nodedir
 * @returns {Stamp} What a build of the tree as it is now is made from.
 */
function currentStamp(nodedir) {
  /** @param {string} file */
  const text = (file) => fs.readFileSync(path.join(TOP, file), 'utf8');
  const runtime = `${process.version} ${process.arch} ${nodedir} ${TOP}`;
  const makefiles = digest([
    runtime,
    text('binding.gyp'),
    text('node_modules/node-gyp/package.json'),
    text('node_modules/node-addon-api/package.json'),
    ...coreSources(),
    ...addonSources(),
    ...tlsSources(),
  ]);
  const sources = listFiles(path.join(TOP, 'native'), /\.(cpp|hpp|h)$/).map((file) => {
    const { mtimeMs, size } = fs.statSync(file);
    return `${path.relative(TOP, file)} ${mtimeMs} ${size}`;
  });
  return { runtime, makefiles, sources: digest([makefiles, ...sources]) };
}

/** @returns {Stamp} The stamp of the last build, with empty parts where there is none. */
function lastStamp() {
  try {
    return JSON.parse(fs.readFileSync(STAMP, 'utf8'));
  } catch {
    return { runtime: '', makefiles: '', sources: '' };
  }
}

/** @param {Stamp} stamp */
function writeStamp(stamp) {
  fs.writeFileSync(STAMP, JSON.stringify(stamp));
}

/** @param {string} nodedir */
async function configure(nodedir) {
  console.log(`Configuring the addon (headers of Node in ${nodedir}/include/node)`);
  const args = [NODE_GYP, 'configure', '--release', `--nodedir=${nodedir}`];
  const { code, output } = await run(process.execPath, args);
  if (code !== 0) throw new SetUpError(`${output}\nnode-gyp configure failed with code ${code}.`);
}

/**
 * @param {string} line A line of make's output, or of its dry run.
 * @returns {string | undefined} The source that it announces to compile, relative to native/.
 */
function compiledSource(line) {
  const announcement = /^(?:printf '%s\\n' ')?\s*CXX\(target\) \S+?\/native\/(\S+)\.o/.exec(line);
  return announcement === null ? undefined : `${announcement[1]}.cpp`;
}

/** Compiles and links, with one line per source file; a dry run tells how many there will be. */
async function make() {
  const { CXX = 'g++' } = process.env;
  const env = { ...compilerCacheEnv(), MAKEFLAGS: '', V: '' };
  const args = ['-C', 'build', 'BUILDTYPE=Release', `CXX=ccache ${CXX}`];
  const plan = await run('make', ['--dry-run', ...args], { env });
  const total = plan.output.split('\n').filter((line) => compiledSource(line)).length;
  const jobs = compileJobs();
  console.log(`Building the addon: ${total} files to compile, ${jobs} at a time`);
  let started = 0;
  const { code } = await run('make', ['--output-sync=line', `--jobs=${jobs}`, ...args], {
    env,
    output: (line) => {
      const source = compiledSource(line);
      if (source !== undefined) console.log(`  [${++started}/${total}] ${source}`);
      else if (line.includes('SOLINK_MODULE(target)')) console.log('  linking');
      else if (!MAKE_CHATTER.test(line)) console.log(line);
    },
  });
  if (code !== 0) throw new SetUpError(`Building the addon failed: make ended with code ${code}.`);
}

/**
 * Order: after npm's packages are there, whose versions count.
 * @returns {boolean} Whether the addon is built from the tree as it is now.
 */
function isAddonCurrent() {
  if (!ADDONS.every((file) => fs.existsSync(file))) return false;
  return lastStamp().sources === currentStamp(findNodeHeaders()).sources;
}

/**
 * Brings the addon up to date.
 * Order: after the system's and npm's packages, whose tools it runs.
 * Errors: throws a SetUpError; the compiler has shown its reasons by then.
 */
async function buildAddon() {
  const nodedir = findNodeHeaders();
  const wanted = currentStamp(nodedir);
  const last = lastStamp();
  if (wanted.runtime !== last.runtime) fs.rmSync(BUILD, { recursive: true, force: true });
  if (wanted.makefiles !== last.makefiles) await configure(nodedir);
  writeStamp({ ...wanted, sources: '' });
  await make();
  writeStamp(wanted);
}

module.exports = { buildAddon, compiledSource, findNodeHeaders, isAddonCurrent };
