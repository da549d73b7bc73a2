'use strict';

/** The engine in C++ is compared with answers of the genuine package. Here they are what it says today. */

const fs = require('node:fs');
const { HEADER, corsAnswersHeader } = require('../../support/answers/cors-answers');

test('The answers that the C++ tests compare with are those of the genuine package', async () => {
  expect(await corsAnswersHeader()).toBe(fs.readFileSync(HEADER, 'utf8'));
});
