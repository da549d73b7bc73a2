/** A soak finds what a server does wrong: one that does it on purpose ends with code 1, and with a report. */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { TOP, run } = require('../../scripts/support/processes');

/** Beyond that it hangs: the limits of a soak, on a busy machine, whose addon may have to be built. */
const LIMIT_MS = 15 * 60_000;
jest.setTimeout(LIMIT_MS + 60_000);

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-soak-'));

/** A soak on another system says nothing of them. */
const TELLS_DESCRIPTORS = process.platform === 'linux';

afterAll(() => fs.rmSync(folder, { recursive: true }));

/** @param {string[]} more */
async function soak(...more) {
  const usual = ['--minutes', '0.1', '--seed', '3', '--clients', '8', '--rate', '10'];
  const script = path.join(TOP, 'scripts/soak.js');
  const args = [script, ...usual, '--door', 'http,port', '--out', folder, ...more];
  const options = { limitMs: LIMIT_MS, isTied: true };
  const { code, output } = await run(process.execPath, args, options);
  return { code, failed: output.match(/^✗ .*$/gm) ?? [], text: output };
}

test('a server that does nothing wrong', async () => {
  const { code, failed, text } = await soak();
  expect({ code, failed }).toEqual({ code: 0, failed: [] });
  expect(text).toMatch(
    /[1-9]\d* messages, 0 lost, 0 doubled, 0 out of order, RSS first\/last\/peak/,
  );
  const report = JSON.parse(fs.readFileSync(path.join(folder, 'soak-report.json'), 'utf8'));
  expect(report).toMatchObject({ settings: { seed: 3 }, messages: { lost: 0 } });
  expect(report.marks.length).toBeGreaterThan(1);
  if (TELLS_DESCRIPTORS) expect(report.samples.length).toBeGreaterThan(1);
  expect(fs.readFileSync(path.join(folder, 'soak-report.svg'), 'utf8')).toMatch(
    /^<svg [^]*<polyline [^]*<\/svg>\n$/,
  );
  expect(fs.readFileSync(path.join(folder, 'soak-report.md'), 'utf8')).toContain(
    '✓ nothing is lost',
  );
});

// It waits in vain, so it need not wait long.
test('a server that does everything wrong', async () => {
  const { code, failed } = await soak('--sabotage', 'lose,double,swap,leak', '--patience', '10');
  expect(code).toBe(1);
  for (const name of [
    'nothing is lost',
    'nothing is doubled',
    'everything is in order',
    ...(TELLS_DESCRIPTORS ? ['who has left leaves no descriptors'] : []),
  ]) {
    expect(failed).toContainEqual(expect.stringContaining(`✗ ${name}`));
  }
});

test('a server that dies', async () => {
  const { code, failed, text } = await soak('--sabotage', 'die');
  expect(code).toBe(1);
  expect(failed).toContainEqual(expect.stringContaining('✗ the server lives: SIGSEGV'));
  expect(text).toMatch(/^[1-9]\d* messages/m);
});
