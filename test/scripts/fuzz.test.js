'use strict';

/** `npm run fuzz`: which targets there are, and what its command line takes. */

const fs = require('node:fs');
const { CORPORA, allTargets, readArguments } = require('../../scripts/fuzz');

test('every target has a corpus, and every corpus a target', () => {
  const folders = fs.readdirSync(CORPORA).filter((name) => !name.startsWith('.'));
  expect(allTargets()).toEqual(folders.sort());
  expect(folders).toEqual(expect.arrayContaining(['engine', 'http', 'json', 'socketio-packet']));
});

test('all targets run unless some are named', () => {
  expect(readArguments([])).toEqual({ seconds: 60, targets: allTargets() });
  expect(readArguments(['--seconds', '5', 'json', 'http'])).toEqual({
    seconds: 5,
    targets: ['json', 'http'],
  });
});

test.each([
  [['--seconds', '0'], '--seconds takes a whole number'],
  [['--seconds', '1.5'], '--seconds takes a whole number'],
  [['--seconds', 'x'], '--seconds takes a whole number'],
  [['--minutes', '1'], '--minutes'],
  [['json', 'nothing', 'http'], 'There is no target nothing. There are accept-encoding, base64'],
])('%j is refused', (argv, message) => {
  expect(() => readArguments(argv)).toThrow(message);
});
