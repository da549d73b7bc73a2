'use strict';

/**
 * clang-tidy over the sources of native/, as many at a time as there are compilers. It takes the core's flags
 * from CMake's compile_commands.json, and the addon's from here, because gyp writes no such file.
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

/** @returns {import('./steps').Step} Counts one check for all files. */
function tidyStep() {
  return {
    name: 'clang-tidy',
    async run() {
      const buildFolder = await configurePreset(PRESET);
      const jobs = [
        ...coreSources().map((source) => [source, '-p', buildFolder]),
        ...addonSources().map((source) => [source, '--', ...addonFlags()]),
      ].filter(([source]) => fs.existsSync(path.join(TOP, source)));
      let failed = 0;
      const worker = async () => {
        for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
          const { code, output } = await run('clang-tidy', ['--quiet', ...job]);
          if (code === 0) continue;
          failed += 1;
          console.log(output);
        }
      };
      await Promise.all(Array.from({ length: compileJobs() }, worker));
      return failed === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
  };
}

module.exports = { tidyStep };
