'use strict';

const base = { roots: ['<rootDir>/test'] };

/** Without a server that anybody connects to: the same on every door. */
const WITHOUT_CONNECTIONS = ['ids', 'middleware', 'options', 'sink', 'types-contract', 'uws'];

/** What the genuine package does not have. */
const OURS_ONLY = '/test/lib/api/ours/';

/** The genuine package decides by what it hears of its transport: later, over TLS and on our engine. */
const VOLATILE = ['volatile'];

/**
 * The API tests on another subject than ours on its own port (test/support/subjects/subject.js).
 * @param {string} displayName
 * @param {{ subject?: string, door?: string }} choice ours; the door that the package itself opens
 * @param {string[]} [without] names of tests
 */
const apiTestsOn = (displayName, { subject, door }, without = []) => ({
  ...base,
  displayName,
  testMatch: ['**/test/lib/api/**/*.test.js'],
  testPathIgnorePatterns: [
    OURS_ONLY,
    ...[...(door ? WITHOUT_CONNECTIONS : []), ...without].map((name) => `/${name}\\.test\\.js$`),
  ],
  globals: { BEASTIO_SUBJECT: subject, BEASTIO_DOOR: door },
});

/**
 * The comparisons with the genuine package, with another driver of the I/O loops
 * (test/support/subjects/io-driver.js).
 * @param {string} displayName
 * @param {'javascript' | 'changing'} driver
 */
const comparedWith = (displayName, driver) => ({
  ...base,
  displayName,
  testMatch: ['**/test/differential/**/*.test.js'],
  setupFilesAfterEnv: ['<rootDir>/test/support/subjects/io-driver.js'],
  globals: { BEASTIO_DRIVER: driver },
});

/** Those that look at private parts, or count what is told. */
const WITHOUT_CPP = ['types-contract'];

/** @type {import('jest').Config} */
module.exports = {
  testTimeout: 120_000,
  maxWorkers: 3, // of two cores: tests often wait
  projects: [
    { ...base, displayName: 'beast.io', testMatch: ['**/*.test.js'] },
    apiTestsOn('socket.io', { subject: 'socket.io' }),
    apiTestsOn('socket.io on the native engine', { subject: './genuine-on-native' }, VOLATILE),
    // The genuine package over https proves that the tests may claim it of ours.
    apiTestsOn('socket.io on https', { subject: 'socket.io', door: 'https' }, VOLATILE),
    apiTestsOn('beast.io on http', { door: 'http' }),
    apiTestsOn('beast.io on https', { door: 'https' }),
    comparedWith('beast.io driven by JavaScript', 'javascript'),
    comparedWith('beast.io with changing drivers', 'changing'),
    apiTestsOn('beast.io on its own port with TLS', { door: 'own port with TLS' }),
    {
      ...apiTestsOn('beast.io beside handlers in C++', { door: 'own port' }, WITHOUT_CPP),
      setupFilesAfterEnv: ['<rootDir>/test/support/subjects/beside-cpp.js'],
    },
  ],
};
