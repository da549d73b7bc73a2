'use strict';

/**
 * Packages of Debian that are not installed, but taken apart: sources, and those of another architecture. apt fetches
 * them and checks their signatures. Its lists lie in the cache, so the system's are as they were.
 */

const fs = require('node:fs');
const path = require('node:path');
const { CACHE } = require('./places');
const { run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
/** As libraries change within a release for the sake of security only, it is what pins them. */
const RELEASE = 'bookworm';

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} cwd
 */
async function must(command, args, cwd) {
  const { code, output } = await run(command, args, { cwd });
  if (code !== 0) throw new SetUpError(`${output}\n${command} ${args.at(-1)} failed.`);
}

/**
 * Fetches one package into an empty folder.
 *
 * @param {string} folder
 * @param {string} kind `deb` or `deb-src`
 * @param {string} arch as Debian names it
 * @param {string[]} command of apt-get
 */
async function fetch(folder, kind, arch, command) {
  fs.rmSync(folder, { recursive: true, force: true });
  const apt = path.join(folder, 'apt');
  fs.mkdirSync(path.join(apt, 'lists/partial'), { recursive: true });
  fs.mkdirSync(path.join(apt, 'archives/partial'), { recursive: true });
  fs.writeFileSync(path.join(apt, 'status'), '');
  const place = `[signed-by=${KEYS}] http://deb.debian.org/debian ${RELEASE} main`;
  fs.writeFileSync(path.join(apt, 'sources.list'), `${kind} ${place}\n`);
  const settings = {
    'Dir::State': apt,
    'Dir::State::status': path.join(apt, 'status'),
    'Dir::Cache': apt,
    'Dir::Etc::SourceList': path.join(apt, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'APT::Architecture': arch,
    'APT::Architectures': arch,
    'APT::Sandbox::User': 'root', // or it complains that the folder is not its user's
  };
  const options = Object.entries(settings).map(([name, value]) => `--option=${name}=${value}`);
  await must('apt-get', [...options, 'update'], folder);
  await must('apt-get', [...options, ...command], folder);
  fs.rmSync(apt, { recursive: true });
}

/** @param {string} folder @param {RegExp} pattern */
function fileIn(folder, pattern) {
  const name = fs.readdirSync(folder).find((each) => pattern.test(each));
  if (name === undefined) throw new SetUpError(`There is no ${pattern} in ${folder}.`);
  return path.join(folder, name);
}

/**
 * What a folder has once it is complete; it is made if it does not.
 *
 * @param {string} folder
 * @param {() => Promise<void>} make
 */
async function once(folder, make) {
  const mark = path.join(folder, '.complete');
  if (fs.existsSync(mark)) return folder;
  await make();
  fs.writeFileSync(mark, '');
  return folder;
}

/**
 * @param {string} name of a package
 * @param {'x64' | 'arm64'} arch
 * @returns {Promise<string>} the folder with its files
 */
function unpackedPackage(name, arch) {
  const folder = path.join(CACHE, 'debian', `${name}-${arch}`);
  return once(folder, async () => {
    await fetch(folder, 'deb', arch === 'x64' ? 'amd64' : arch, ['download', name]);
    await must('dpkg-deb', ['--extract', fileIn(folder, /\.deb$/), folder], folder);
  });
}

/**
 * @param {string} name of a source package
 * @returns {Promise<string>} the folder with its sources, as upstream publishes them
 */
function unpackedSource(name) {
  const folder = path.join(CACHE, 'debian', `${name}-source`);
  return once(folder, async () => {
    await fetch(folder, 'deb-src', 'amd64', ['source', '--download-only', name]);
    const archive = fileIn(folder, /\.orig\.tar\./);
    await must('tar', ['--strip-components=1', '--extract', `--file=${archive}`], folder);
  });
}

module.exports = { unpackedPackage, unpackedSource };
