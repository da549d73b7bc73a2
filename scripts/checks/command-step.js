'use strict';

/** A step that is one command: it passes when the command ends with code 0, and is silent then. */

const { run } = require('../support/processes');

/**
 * @param {string} name
 * @param {string} command
 * @param {string[]} args
 * @returns {import('./steps').Step} Counts one check.
 */
function commandStep(name, command, args) {
  return {
    name,
    async run() {
      const { code, output } = await run(command, args);
      if (code === 0) return { passed: 1, failed: 0 };
      console.log(output);
      return { passed: 0, failed: 1 };
    },
  };
}

module.exports = { commandStep };
