'use strict';

/** What is made of the table of options is what it would be made of now. */

const { spawnSync } = require('node:child_process');
const { OPTIONS } = require('../../../lib/options/table');

const PROGRAM = require.resolve('../../../scripts/generate-options');

test('no generated file is stale', () => {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, '--check'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('each option stands once in the table, and has what documentation needs', () => {
  expect(new Set(OPTIONS.map(({ name }) => name)).size).toBe(OPTIONS.length);
  for (const option of OPTIONS) {
    expect(option).toMatchObject({
      short: expect.stringMatching(/[^.]$/),
      text: expect.any(String),
    });
  }
});
