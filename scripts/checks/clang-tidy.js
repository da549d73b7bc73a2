'use strict';

/**
 * clang-tidy over the sources of native/, as many at a time as there are compilers. It takes the core's flags
 * from CMake's compile_commands.json, and the addon's from here, because gyp writes no such file. It begins
 * before its turn, and gets what the tests leave of the machine: they often wait.
 */

const fs = require('node:fs');
const path = require('node:path');
const { configurePreset } = require('./cmake');
const { addonSources, coreSources } = require('../native-sources');
const { findNodeHeaders } = require('../setup/addon');
const { TOP, compileJobs, run } = require('../support/processes');

const PRESET = 'asan-ubsan';

/** @returns {string[]} The flags with which clang understands native/node/. */
function addonFlags() {
  const nodeAddonApi = path.join(TOP, 'node_modules/node-addon-api');
  return [
    '-std=c++20',
    '-DNAPI_VERSION=8',
    '-DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS',
    '-DNODE_ADDON_API_DISABLE_DEPRECATED',
    '-Inative/include',
    ...['-isystem', path.join(findNodeHeaders(), 'include/node'), '-isystem', nodeAddonApi],
  ];
}

/**
 * Reads all sources.
 * @returns {Promise<string[]>} What clang-tidy says of those that it finds something in.
 */
async function tidyAll() {
  const buildFolder = await configurePreset(PRESET);
  const jobs = [
    ...coreSources().map((source) => [source, '-p', buildFolder]),
    ...addonSources().map((source) => [source, '--', ...addonFlags()]),
  ].filter(([source]) => fs.existsSync(path.join(TOP, source)));
  /** @type {string[]} */
  const complaints = [];
  const worker = async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const { code, output } = await run('nice', ['-n', '19', 'clang-tidy', '--quiet', ...job]);
      if (code !== 0) complaints.push(output);
    }
  };
  await Promise.all(Array.from({ length: compileJobs() }, worker));
  return complaints;
}

/** @returns {import('./steps').Step} Counts one check for all files. */
function tidyStep() {
  /** @type {Promise<string[]> | undefined} */
  let running;
  const begin = () => {
    running ??= tidyAll();
    running.catch(() => {}); // told by `run`
    return running;
  };
  return {
    name: 'clang-tidy',
    begin,
    async run() {
      const complaints = await begin();
      for (const complaint of complaints) console.log(complaint);
      return complaints.length === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
  };
}

module.exports = { tidyStep };
