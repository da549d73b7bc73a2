'use strict';

/**
 * Programs made by chance, played on the genuine package and on the server in C++: each client must see the same of
 * both. `BEASTIO_SEEDS=FROM-TO` plays others.
 */

const { BUILD_TIMEOUT_MS, built } = require('./support/program');
const { makeProgram } = require('./support/random-program');
const { Player } = require('./support/random-player');
const { SUBJECTS, startServer } = require('./support/server-process');

const STEPS = 60;
const PROGRAM_TIMEOUT_MS = 120_000;
const [GENUINE, ...OURS] = SUBJECTS;

const [from, to] = (process.env.BEASTIO_SEEDS ?? '1-8').split('-').map(Number);
const seeds = Array.from({ length: to - from + 1 }, (_, index) => from + index);

/**
 * @param {import('./support/server-process').ServerProcess} server
 * @param {import('./support/random-program').Step[]} program
 */
async function playOn(server, program) {
  const player = new Player(server);
  await player.alone();
  return player.play(program);
}

describe.each(OURS)('a program on %s', (subject) => {
  /** @type {import('./support/server-process').ServerProcess[]} */
  let servers = [];
  beforeAll(async () => {
    await built();
    servers = await Promise.all([GENUINE, subject].map((each) => startServer(each)));
  }, BUILD_TIMEOUT_MS);
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  test.each(seeds)(
    'of seed %i',
    async (seed) => {
      const [genuine, ours] = servers;
      const program = makeProgram(seed, STEPS);
      const [expected, seen] = [await playOn(genuine, program), await playOn(ours, program)];
      expect(seen).toEqual(expected);
    },
    PROGRAM_TIMEOUT_MS,
  );
});
