'use strict';

/** Which C library a process runs on, by what it has mapped. */

const { hasMusl, platformFolder } = require('../../../../lib/engine/wire/platform');

const NODE = '00400000-05e0f000 r-xp 00000000 fe:00 2034 /usr/bin/node';

/** @param {string[]} files */
const mapsOf = (...files) =>
  [NODE, ...files.map((file) => `7f1e4c0d5000-7f1e4c0d6000 r--p 00000000 fe:00 20345 ${file}`), '']
    .join('\n')
    .replace(/ (?=\/)/g, ' '.repeat(20));

test.each([
  ['Alpine', ['/lib/ld-musl-x86_64.so.1', '/usr/lib/libstdc++.so.6.0.32']],
  ['Alpine on arm64', ['/lib/ld-musl-aarch64.so.1']],
  ["Debian's package musl", ['/usr/lib/x86_64-linux-musl/libc.so']],
  ['Void Linux', ['/usr/lib/libc.so', '/usr/lib/libm.so.6']],
  ['an Alpine whose musl was updated', ['/lib/ld-musl-x86_64.so.1 (deleted)']],
])('%s has musl', (_name, files) => {
  expect(hasMusl(mapsOf(...files))).toBe(true);
});

test.each([
  [
    'Debian',
    ['/usr/lib/x86_64-linux-gnu/libc.so.6', '/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'],
  ],
  ['RHEL 8', ['/usr/lib64/libc-2.28.so', '/usr/lib64/ld-2.28.so']],
  [
    'an application with files of such names',
    ['/app/libc.so.node', '/app/ld-musl-x/a.node', '/app/xlibc.so'],
  ],
  ['a process without libraries', []],
])('%s has none', (_name, files) => {
  expect(hasMusl(mapsOf(...files))).toBe(false);
});

test('this process has the library that it was built for', () => {
  const { glibcVersionRuntime } = /** @type {any} */ (process.report.getReport()).header;
  const libc = process.platform === 'linux' && glibcVersionRuntime === undefined ? '-musl' : '';
  expect(platformFolder()).toBe(`${process.platform}-${process.arch}${libc}`);
});
