'use strict';

/** The presets of CMakePresets.json, configured for the checks that need their build folders. */

const { compilerCacheEnv } = require('../setup/compiler-cache');
const { run } = require('../support/processes');

/**
 * Errors: throws with CMake's output.
 *
 * @param {string} preset
 * @returns {Promise<string>} The build folder, relative to the top of the repository.
 */
async function configurePreset(preset) {
  const { code, output } = await run('cmake', ['--preset', preset], { env: compilerCacheEnv() });
  if (code !== 0) throw new Error(`${output}\ncmake --preset ${preset} ended with code ${code}.`);
  return `build-${preset}`;
}

module.exports = { configurePreset };
