'use strict';

/**
 * When the set-up builds the addon, and what of it: in a checkout with a small addon, which is copied,
 * moved and changed. Contents decide, not the times of files.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { WIRE_HASH } = require('../../../lib/engine/wire/layout');
const { TOP } = require('../../support/programs/programs');

/** Exports the number that the header defines, negative where asserts are on; and that it fits. */
const ADDON = `#include <node_api.h>
#include "value.hpp"
NAPI_MODULE_INIT() {
  napi_value value = nullptr;
#ifdef NDEBUG
  napi_create_int32(env, kValue, &value);
#else
  napi_create_int32(env, -kValue, &value);
#endif
  napi_value hash = nullptr;
  napi_create_string_utf8(env, "${WIRE_HASH}", NAPI_AUTO_LENGTH, &hash);
  napi_set_named_property(env, exports, "wireHash", hash);
  napi_set_named_property(env, exports, "value", value);
  return exports;
}
`;
const HEADER = 'native/node/value.hpp';
const BINDING = {
  target_defaults: {
    configurations: { Release: { defines: ['NDEBUG'] }, Profile: { inherit_from: ['Release'] } },
  },
  targets: ['beastio', 'beastio-tls'].map((name) => ({
    target_name: name,
    include_dirs: ['native/node'],
    sources: [name === 'beastio' ? 'native/node/addon.cpp' : 'native/tls-addon/addon.cpp'],
  })),
};

/** @type {string} */
let folder;
/** A checkout that is built. @type {string} */
let checkout;

/**
 * @param {string} top a checkout
 * @param {string} file
 * @param {string} content
 */
function write(top, file, content) {
  fs.mkdirSync(path.dirname(path.join(top, file)), { recursive: true });
  fs.writeFileSync(path.join(top, file), content);
}

/** @param {string} top @param {number} value */
const setValue = (top, value) => write(top, HEADER, `constexpr int kValue = ${value};\n`);

/**
 * Calls the module that builds the addon; gives what it prints, and what the call comes to.
 * @param {string} top
 * @param {string} expression
 */
function evaluate(top, expression) {
  const addon = "require('./scripts/setup/addon')";
  const source = `Promise.resolve(${addon}.${expression}).then(console.log)`;
  return execFileSync(process.execPath, ['-e', source], { cwd: top, encoding: 'utf8' });
}

/** @param {string} top @param {string} [configuration] */
const isCurrent = (top, configuration = 'Release') =>
  /^true$/m.test(evaluate(top, `isAddonCurrent('${configuration}')`));

/** Builds, and gives the sources that are compiled. @param {string} top @param {string} [configuration] */
const build = (top, configuration = 'Release') =>
  Array.from(
    evaluate(top, `buildAddon('${configuration}')`).matchAll(/\[\d+\/\d+\] (\S+)/g),
    ([, file]) => file,
  );

/** What the addon that a checkout loads exports. @param {string} top @param {string} [chosen] */
const valueOf = (top, chosen = '') => {
  const load = "require('./lib/engine/wire/addon').loadAddon().value";
  const env = { ...process.env, BEASTIO_ADDON: chosen };
  return Number(execFileSync(process.execPath, ['-p', load], { cwd: top, env, encoding: 'utf8' }));
};

/** @param {string} top @param {Date} time of all sources */
function setTimes(top, time) {
  for (const file of [HEADER, 'native/node/addon.cpp', 'native/tls-addon/addon.cpp']) {
    fs.utimesSync(path.join(top, file), time, time);
  }
}

/** Copies a checkout without its times, as `cp -r` does. @param {string} name */
function copy(name) {
  const target = path.join(folder, name);
  fs.cpSync(checkout, target, { recursive: true, verbatimSymlinks: true });
  return target;
}

beforeAll(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-build-')));
  checkout = path.join(folder, 'checkout');
  for (const part of ['scripts', 'lib']) {
    fs.cpSync(path.join(TOP, part), path.join(checkout, part), { recursive: true });
  }
  fs.symlinkSync(path.join(TOP, 'node_modules'), path.join(checkout, 'node_modules'));
  write(checkout, 'package.json', '{}');
  write(checkout, 'binding.gyp', JSON.stringify(BINDING));
  write(checkout, 'native/sources.txt', '');
  write(checkout, 'native/tls/none.hpp', '');
  write(checkout, 'native/node/addon.cpp', ADDON);
  write(checkout, 'native/tls-addon/addon.cpp', ADDON);
  setValue(checkout, 1);
  build(checkout);
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

test('what is built is current, whatever times its sources have', () => {
  expect(valueOf(checkout)).toBe(1);
  expect(isCurrent(checkout)).toBe(true);
  setTimes(checkout, new Date());
  expect(isCurrent(checkout)).toBe(true);
});

test('so is a copy, and one that was moved', () => {
  const copied = copy('copied');
  expect(isCurrent(copied)).toBe(true);
  const moved = path.join(folder, 'moved');
  fs.renameSync(copied, moved);
  expect(isCurrent(moved)).toBe(true);
});

test('a change in a copy is built there', () => {
  const changed = copy('changed');
  setValue(changed, 2);
  expect(isCurrent(changed)).toBe(false);
  build(changed);
  expect(isCurrent(changed)).toBe(true);
  expect(valueOf(changed)).toBe(2);
  expect(valueOf(checkout)).toBe(1);
});

test('only what is changed is built, also where it brings an old time', () => {
  const top = copy('old');
  setValue(top, 2);
  build(top);
  write(top, 'native/tls-addon/addon.cpp', `${ADDON}// changed\n`);
  setTimes(top, new Date('2001-01-01'));
  expect(isCurrent(top)).toBe(false);
  expect(build(top)).toEqual(['tls-addon/addon.cpp']);
  setValue(top, 3);
  setTimes(top, new Date('2001-01-01'));
  expect(build(top).sort()).toEqual(['node/addon.cpp', 'tls-addon/addon.cpp']);
  expect(isCurrent(top)).toBe(true);
  expect(valueOf(top)).toBe(3);
});

test('each configuration is built beside the others, and BEASTIO_ADDON chooses', () => {
  const top = copy('configurations');
  expect(isCurrent(top, 'Debug')).toBe(false);
  expect(build(top, 'Debug').sort()).toEqual(['node/addon.cpp', 'tls-addon/addon.cpp']);
  build(top, 'Profile');
  for (const configuration of ['Release', 'Debug', 'Profile']) {
    expect(isCurrent(top, configuration)).toBe(true);
  }
  setValue(top, 5);
  expect(isCurrent(top, 'Debug')).toBe(false);
  build(top, 'Debug');
  expect(isCurrent(top)).toBe(false);
  expect([valueOf(top), valueOf(top, 'debug'), valueOf(top, 'profile')]).toEqual([1, -5, 1]);
});

test('a copy that cannot be loaded, as from another system, is built anew', () => {
  const top = copy('foreign');
  fs.writeFileSync(path.join(top, 'build/Release/beastio.node'), 'for another system');
  expect(isCurrent(top)).toBe(false);
  build(top);
  expect(isCurrent(top)).toBe(true);
  expect(valueOf(top)).toBe(1);
});

test('a build that failed is not current', () => {
  const top = copy('broken');
  write(top, HEADER, 'no C++');
  expect(() => build(top)).toThrow();
  expect(isCurrent(top)).toBe(false);
  setValue(top, 4);
  build(top);
  expect(valueOf(top)).toBe(4);
});
