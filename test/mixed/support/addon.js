/**
 * The addon of these tests, and what each file does with it: it is built once, and its handlers are taken away
 * after each test.
 */
'use strict';

const { BUILD_MS, builtAddon } = require('../../support/programs/native-addon');
const { cleanUp } = require('../../support/rigs/rig');

/**
 * @returns {any} the addon's functions, which are there once the tests run
 */
function useAddon() {
  /** @type {any} */
  const addon = {};
  beforeAll(async () => {
    addon.file = await builtAddon('test/mixed/addon/addon.cpp');
    Object.assign(addon, require(addon.file));
  }, BUILD_MS);
  afterEach(async () => {
    addon.close();
    await cleanUp();
  });
  return addon;
}

module.exports = { useAddon };
