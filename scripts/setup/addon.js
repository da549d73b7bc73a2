'use strict';

/**
 * Step 3 of the set-up: builds beastio.node and beastio-tls.node in build/Release, or in the folder of
 * another configuration of binding.gyp. It builds only what changed since the last time. node-gyp writes the
 * makefiles when their inputs changed; make compiles when a source changed. The contents of the sources tell
 * what has changed, not their times. So a checkout that was copied or moved with its build has nothing to do.
 * Nothing is downloaded: Node's headers must be on the machine. Node core modules only.
 */

const { spawnSync } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { isDeepStrictEqual } = require('node:util');
const { platformFolder } = require('../../lib/engine/wire/platform');
const { addonSources, coreSources, tlsSources } = require('../native-sources');
const { compilerCacheEnv } = require('./compiler-cache');
const { listFiles } = require('../support/files');
const { TOP, compileJobs, run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

const BUILD = path.join(TOP, 'build');
const ADDONS = ['beastio.node', 'beastio-tls.node'];

/**
 * The configurations of binding.gyp: what users get; asserts on, for debuggers; Release with frame pointers.
 * @typedef {'Release' | 'Debug' | 'Profile'} Configuration
 */

/** What make says besides: its folders, and the housekeeping of gyp's rules. */
const MAKE_CHATTER = /^make(\[\d+\])?: (Entering|Leaving|Nothing)|^\s*(AR|COPY|STAMP|TOUCH|rm|ar) /;
const NODE_GYP = 'node_modules/node-gyp/bin/node-gyp.js';

/**
 * What the last build was made from.
 *
 * @typedef {object} Stamp
 * @property {string} place The checkout, whose path stands in the makefiles. Elsewhere everything is rebuilt, if anything is.
 * @property {string} runtime The platform, Node's version and the place of its headers; a change rebuilds everything.
 * @property {string} makefiles Digest of what node-gyp's makefiles depend on.
 * @property {Record<string, string>} sources Digests of all sources by their paths.
 * @property {boolean} isBuilt Whether the build of them succeeded.
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
  const runtime = `${platformFolder()} ${process.version} ${nodedir}`;
  const makefiles = digest([
    runtime,
    text('binding.gyp'),
    text('node_modules/node-gyp/package.json'),
    text('node_modules/node-addon-api/package.json'),
    ...coreSources(),
    ...addonSources(),
    ...tlsSources(),
  ]);
  const files = listFiles(path.join(TOP, 'native'), /\.(cpp|hpp|h)$/);
  const names = files.map((file) => path.relative(TOP, file)).sort();
  const sources = Object.fromEntries(names.map((name) => [name, digest([text(name)])]));
  return { place: TOP, runtime, makefiles, sources, isBuilt: true };
}

/** @param {Configuration} configuration */
function stampFile(configuration) {
  return path.join(BUILD, `beastio-stamp-${configuration}.json`);
}

/**
 * @param {Configuration} configuration
 * @returns {Partial<Stamp>} The stamp of its last build; nothing where there is none.
 */
function lastStamp(configuration) {
  try {
    return JSON.parse(fs.readFileSync(stampFile(configuration), 'utf8'));
  } catch {
    return {};
  }
}

/**
 * Makes changed sources newer than their objects, as make expects: a copy may have brought older times.
 * @param {Record<string, string>} sources
 * @param {Record<string, string>} [built] those of the last build, even if it failed
 */
function touchChanged(sources, built = {}) {
  const now = new Date();
  for (const [name, content] of Object.entries(sources)) {
    if (built[name] !== content) fs.utimesSync(path.join(TOP, name), now, now);
  }
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

/**
 * Compiles and links, with one line per source file; a dry run tells how many there will be.
 * @param {Configuration} configuration
 */
async function make(configuration) {
  const { CXX = 'g++' } = process.env;
  const env = { ...compilerCacheEnv(), MAKEFLAGS: '', V: '' };
  const args = ['-C', 'build', `BUILDTYPE=${configuration}`, `CXX=ccache ${CXX}`];
  const plan = await run('make', ['--dry-run', ...args], { env });
  const total = plan.output.split('\n').filter((line) => compiledSource(line)).length;
  const jobs = compileJobs();
  const addon = configuration === 'Release' ? 'the addon' : `the addon (${configuration})`;
  console.log(`Building ${addon}: ${total} files to compile, ${jobs} at a time`);
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
 * @param {Configuration} configuration
 * @returns {string[]} The files that its build makes.
 */
function addonFiles(configuration) {
  return ADDONS.map((name) => path.join(BUILD, configuration, name));
}

/**
 * Order: after npm's packages are there, whose versions count.
 * @param {Configuration} [configuration]
 * @returns {boolean} Whether the addon is built from the tree as it is now.
 */
function isAddonCurrent(configuration = 'Release') {
  const files = addonFiles(configuration);
  if (!files.every((file) => fs.existsSync(file))) return false;
  const { place, ...last } = lastStamp(configuration);
  const { place: here, ...wanted } = currentStamp(findNodeHeaders());
  if (!isDeepStrictEqual(last, wanted)) return false;
  return place === here || files.every(canBeLoaded);
}

/**
 * A build that was made in another place may have been made on another machine, for other libraries.
 * @param {string} file
 */
function canBeLoaded(file) {
  const { status } = spawnSync(process.execPath, ['-e', 'require(process.argv[1])', file]);
  return status === 0;
}

/**
 * Brings the addon up to date.
 * Order: after the system's and npm's packages, whose tools it runs.
 * Errors: throws a SetUpError; the compiler has shown its reasons by then.
 *
 * @param {Configuration} [configuration]
 */
async function buildAddon(configuration = 'Release') {
  const nodedir = findNodeHeaders();
  const wanted = currentStamp(nodedir);
  const last = lastStamp(configuration);
  const isElsewhere = wanted.runtime !== last.runtime || wanted.place !== last.place;
  if (isElsewhere) fs.rmSync(path.join(BUILD, configuration), { recursive: true, force: true });
  else touchChanged(wanted.sources, last.sources);
  if (isElsewhere || wanted.makefiles !== last.makefiles) await configure(nodedir);
  /** @param {Stamp} stamp */
  const write = (stamp) => fs.writeFileSync(stampFile(configuration), JSON.stringify(stamp));
  write({ ...wanted, isBuilt: false });
  await make(configuration);
  write(wanted);
}

module.exports = { buildAddon, compiledSource, findNodeHeaders, isAddonCurrent };
