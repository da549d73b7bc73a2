'use strict';

/**
 * Step 1 of the set-up: installs the Debian packages of the needs that are not met, and nothing when all are.
 * Without the right to install, it ends with the exact command for someone who has it.
 * Node core modules only.
 */

const { findProgram } = require('../support/files');
const { run } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');

/** @typedef {import('./needs').Need} Need */
/** @typedef {typeof run} Run */

const INSTALL_OPTIONS = ['--yes', '--no-install-recommends'];

/**
 * @param {Run} runCommand
 * @returns {Promise<string[] | undefined>} The words that make a command run as root: none for
 *   root itself, sudo where it asks for no password, undefined where neither works.
 */
async function rootPrefix(runCommand) {
  if (process.getuid?.() === 0) return [];
  const sudo = await runCommand('sudo', ['--non-interactive', 'true']);
  return sudo.code === 0 ? ['sudo', '--non-interactive'] : undefined;
}

/**
 * Installs with apt-get, showing one line per package and everything when it fails.
 *
 * @param {string[]} packages
 * @param {string[]} prefix
 * @param {Run} runCommand
 */
async function aptInstall(packages, prefix, runCommand) {
  // On a developer's machine a conflict (say, another Boost) is theirs to resolve; CI has no such state.
  const keepOthers = process.env.CI ? [] : ['--no-remove'];
  const commands = [
    ['update'],
    ['install', ...INSTALL_OPTIONS, ...keepOthers, '--option', 'Dpkg::Use-Pty=0', ...packages],
  ];
  for (const args of commands) {
    const [command, ...rest] = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '--quiet',
      ...args,
    ];
    const { code, output } = await runCommand(command, rest, {
      output: (line) => {
        if (line.startsWith('Setting up ')) console.log(`  ${line}`);
      },
    });
    if (code !== 0) throw new SetUpError(`${output}\napt-get ${args[0]} failed with code ${code}.`);
  }
}

/**
 * Installs what the needs that are not met are missing.
 * Errors: throws a SetUpError that says what is missing and how to get it.
 *
 * @param {Need[]} needs
 * @param {Run} [runCommand] How to run apt-get and sudo; a test passes another one.
 */
async function installSystemPackages(needs, runCommand = run) {
  const missing = needs.filter((need) => !need.isMet());
  const names = missing.map((need) => need.name).join(', ');
  const packages = missing.map((need) => need.debianPackage);
  if (findProgram('apt-get') === undefined) {
    throw new SetUpError(
      `Missing: ${names}.\nThis is not a Debian system, so please install them your system's way ` +
        `(in Debian the packages are: ${packages.join(' ')}) and run this again.`,
    );
  }
  const prefix = await rootPrefix(runCommand);
  if (prefix === undefined) {
    throw new SetUpError(
      `Missing: ${names}.\nThis user may not install packages. Please run\n\n` +
        `  sudo apt-get update && sudo apt-get install ${INSTALL_OPTIONS.join(' ')} ${packages.join(' ')}\n\n` +
        'and then this command again.',
    );
  }
  console.log(`Installing Debian packages: ${packages.join(' ')}`);
  await aptInstall(packages, prefix, runCommand);

  const stillMissing = needs.filter((need) => !need.isMet());
  if (stillMissing.length > 0) {
    throw new SetUpError(
      `Installed ${packages.join(' ')}, and still missing: ` +
        `${stillMissing.map((need) => need.name).join(', ')}.`,
    );
  }
}

module.exports = { installSystemPackages };
