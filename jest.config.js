'use strict';

const base = { roots: ['<rootDir>/test'] };

/**
 * The API tests on another subject than ours (test/support/subject.js).
 * @param {string} displayName
 * @param {string} setupFile that chooses it
 */
const apiTestsOn = (displayName, setupFile) => ({
  ...base,
  displayName,
  testMatch: ['**/test/lib/api/*.test.js'],
  setupFiles: [`<rootDir>/test/support/${setupFile}`],
});

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 30_000,
  maxWorkers: 2,
  projects: [
    { ...base, displayName: 'beast.io', testMatch: ['**/*.test.js'] },
    apiTestsOn('socket.io', 'choose-genuine.js'),
    apiTestsOn('socket.io on the native engine', 'choose-genuine-on-native.js'),
  ],
};
