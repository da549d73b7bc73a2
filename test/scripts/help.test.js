/**
 * What the commands say of themselves.
 */
'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');

const TOP = path.join(__dirname, '../..');

test.each(['test', 'setup', 'dev', 'fuzz', 'soak', 'sanitize', 'docs', 'locks', 'prebuilds'])(
  'npm run %s -- --help',
  (name) => {
    const file = path.join(TOP, 'scripts', `${name}.js`);
    const text = execFileSync(process.execPath, [file, '--help'], { encoding: 'utf8' });
    expect(text.length).toBeGreaterThan(100);
    expect(text).not.toMatch(/^ *\*/m); // the comment's own marks
    expect(execFileSync(process.execPath, [file, '-h'], { encoding: 'utf8' })).toBe(text);
  },
);
