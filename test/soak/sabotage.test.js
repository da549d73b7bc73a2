/** A soak finds what a server does wrong: one that does it on purpose ends with code 1, and with a report. */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { spawnSync } = require('node:child_process');
const { TOP } = require('../support/programs/programs');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-soak-'));

afterAll(() => fs.rmSync(folder, { recursive: true }));

/** @param {string[]} more */
function soak(...more) {
  const usual = ['--minutes', '0.1', '--seed', '3', '--clients', '8', '--rate', '10'];
  const script = path.join(TOP, 'scripts/soak.js');
  const args = [script, ...usual, '--door', 'http,port', '--out', folder, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, failed: stdout.match(/^✗ .*$/gm) ?? [], text: stdout + stderr };
}

test('a server that does nothing wrong', () => {
  const { status, failed, text } = soak();
  expect({ status, failed }).toEqual({ status: 0, failed: [] });
  expect(text).toMatch(/\d{3,} messages, 0 lost, 0 doubled, 0 out of order, RSS first\/last\/peak/);
  const report = JSON.parse(fs.readFileSync(path.join(folder, 'soak-report.json'), 'utf8'));
  expect(report).toMatchObject({ settings: { seed: 3 }, messages: { lost: 0 } });
  expect(report.marks.length).toBeGreaterThan(1);
  expect(report.samples.length).toBeGreaterThan(1);
  expect(fs.readFileSync(path.join(folder, 'soak-report.svg'), 'utf8')).toMatch(
    /^<svg [^]*<polyline [^]*<\/svg>\n$/,
  );
  expect(fs.readFileSync(path.join(folder, 'soak-report.md'), 'utf8')).toContain(
    '✓ nothing is lost',
  );
});

test('a server that does everything wrong', () => {
  const { status, failed } = soak('--sabotage', 'lose,double,swap,leak');
  expect(status).toBe(1);
  for (const name of [
    'nothing is lost',
    'nothing is doubled',
    'everything is in order',
    'who has left leaves no descriptors',
  ]) {
    expect(failed).toContainEqual(expect.stringContaining(`✗ ${name}`));
  }
});

test('a server that dies', () => {
  const { status, failed, text } = soak('--sabotage', 'die');
  expect(status).toBe(1);
  expect(failed).toContainEqual(expect.stringContaining('✗ the server lives: SIGSEGV'));
  expect(text).toMatch(/\d+ messages/);
});
