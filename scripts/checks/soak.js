'use strict';

/**
 * Three minutes of `npm run soak`. They run beside the checks that come before, as both leave the other some of the
 * machine. Each promise of the soak counts as one.
 */

const { randomUUID } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { TOP, run } = require('../support/processes');

const MINUTES = 3;

/** Beyond that it hangs: its own limits have ended it long before, however slow the machine is. */
const MOST_EXTRA_MS = 20 * 60_000;

/** Where it is found after a failure. What a developer soaks is elsewhere. */
const FOLDER = path.join(TOP, '.cache/soak-test');

/**
 * @typedef {{ passed: boolean }[]} Checks
 *
 * @param {string} file
 * @param {string} id of the run
 * @returns {Checks} None when there is no report, or only that of another run.
 */
function readChecks(file, id) {
  if (!fs.existsSync(file)) return [];
  const { settings, checks } = JSON.parse(fs.readFileSync(file, 'utf8'));
  return settings.run === id ? checks : [];
}

/** @returns {import('./steps').Step} */
function soakStep(folder = FOLDER, minutes = MINUTES) {
  const report = path.join(folder, 'soak-report.json');
  const id = randomUUID();
  /** @type {ReturnType<typeof run> | undefined} */
  let running;
  const begin = () => {
    fs.rmSync(report, { force: true });
    const script = path.join(TOP, 'scripts/soak.js');
    const args = ['--minutes', `${minutes}`, '--out', folder, '--run', id];
    const limitMs = minutes * 60_000 + MOST_EXTRA_MS;
    running ??= run(process.execPath, [script, ...args], { limitMs, isTied: true });
    return running;
  };
  return {
    name: 'Soak',
    begin,
    async run() {
      const { code, output } = await (running ?? begin());
      console.log(output);
      const checks = readChecks(report, id);
      const passed = checks.filter((check) => check.passed).length;
      const failed = checks.length - passed;
      return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
    },
  };
}

module.exports = { soakStep };
