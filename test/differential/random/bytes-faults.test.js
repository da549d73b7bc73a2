/** The random plans can fail: with any of some faults seeded into our engine they show a difference. */
'use strict';

const { ENGINE_FAULTS } = require('../support/faults');
const { runFile } = require('../support/programs');
const { isEqual, repeatedTraces } = require('../support/repeat');

const PLANS = require.resolve('./bytes.test');

/** @type {import('../support/programs').FileRun} */
let genuine;
beforeAll(() => {
  genuine = runFile('genuine', 'http', PLANS);
});
afterAll(() => genuine.stop());

test.each(Object.keys(ENGINE_FAULTS))('%s', async (fault) => {
  const faulty = runFile('ours', 'http', PLANS, { fault });
  try {
    let isFound = false;
    for (let seed = 1; !isFound; seed++) {
      isFound = !isEqual(...(await repeatedTraces(`seed ${seed}`, genuine, faulty)));
    }
    expect(isFound).toBe(true);
  } finally {
    await faulty.stop();
  }
});
