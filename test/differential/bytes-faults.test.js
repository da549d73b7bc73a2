/** The random plans can fail: with any of some faults seeded into our engine they show a difference. */
'use strict';

const { compare } = require('./support/compare');
const { ENGINE_FAULTS } = require('./support/faults');
const { runFile } = require('./support/programs');

const PLANS = require.resolve('./bytes.test');

/** @type {import('./support/programs').FileRun} */
let genuine;
beforeAll(() => {
  genuine = runFile('genuine', 'http', PLANS);
});
afterAll(() => genuine.stop());

test.each(Object.keys(ENGINE_FAULTS))('%s', async (fault) => {
  const faulty = runFile('ours', 'http', PLANS, { fault });
  try {
    let differences = 0;
    for (let seed = 1; differences === 0; seed++) {
      const traces = [genuine, faulty].map((run) => run.traceOf(`seed ${seed}`));
      const [expected, found] = await Promise.all(traces);
      differences = compare(expected, found).length;
    }
    expect(differences).toBeGreaterThan(0);
  } finally {
    await faulty.stop();
  }
});
