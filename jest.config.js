'use strict';

/** @type {import('jest').Config} */
module.exports = {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.js'],
  testTimeout: 30_000,
  maxWorkers: 2,
};
