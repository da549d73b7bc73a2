'use strict';

/** `npm run dev`: what follows a change, and how the program is replaced. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { setTimeout: delay } = require('node:timers/promises');
const { RebuildLoop } = require('../../scripts/dev/rebuild-loop');
const { RestartedProgram } = require('../../scripts/dev/restarted-program');

/** Longer than a loop waits for a change to be over. */
const SETTLED_MS = 400;
const NATIVE = { isNative: true };
const SCRIPT = { isNative: false };

/** @param {() => Promise<boolean>} [build] */
function makeLoop(build = async () => true) {
  /** @type {string[]} */
  const done = [];
  const loop = new RebuildLoop({
    async build() {
      done.push('build');
      return build();
    },
    async restart() {
      done.push('restart');
    },
    onFailure: (error) => done.push(/** @type {Error} */ (error).message),
  });
  return { loop, done };
}

test('many changes at once are one, and only C++ is built', async () => {
  const { loop, done } = makeLoop();
  loop.notice(SCRIPT);
  loop.notice(SCRIPT);
  await delay(SETTLED_MS);
  expect(done).toEqual(['restart']);
  loop.notice(NATIVE);
  loop.notice(SCRIPT);
  await delay(SETTLED_MS);
  expect(done).toEqual(['restart', 'build', 'restart']);
});

test('what changes during a build is done after it', async () => {
  /** @type {(value?: any) => void} */
  let finish = () => {};
  const { loop, done } = makeLoop(() => new Promise((resolve) => (finish = resolve)));
  loop.notice(NATIVE);
  await delay(SETTLED_MS);
  loop.notice(SCRIPT);
  await delay(SETTLED_MS);
  expect(done).toEqual(['build']);
  finish(true);
  await delay(SETTLED_MS);
  expect(done).toEqual(['build', 'restart', 'restart']);
});

test('a build that fails leaves the program, and is tried again with the next change', async () => {
  let isBroken = true;
  const { loop, done } = makeLoop(async () => {
    if (isBroken) throw new Error('does not compile');
    return true;
  });
  loop.notice(NATIVE);
  await delay(SETTLED_MS);
  expect(done).toEqual(['build', 'does not compile']);
  isBroken = false;
  loop.notice(SCRIPT);
  await delay(SETTLED_MS);
  expect(done.slice(2)).toEqual(['build', 'restart']);
});

test('a build with nothing to do leaves the program', async () => {
  const { loop, done } = makeLoop(async () => false);
  loop.notice(NATIVE);
  await delay(SETTLED_MS);
  expect(done).toEqual(['build']);
});

describe('a restarted program', () => {
  /** @type {string} */
  let folder;
  /** @type {string} */
  let log;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-dev-'));
    log = path.join(folder, 'log');
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** A program that notes its beginning and its end. */
  function makeProgram() {
    const file = path.join(folder, 'program.js');
    const note = (/** @type {string} */ text) =>
      `require('node:fs').appendFileSync(${JSON.stringify(log)}, '${text} ')`;
    const source = `process.on('SIGTERM', () => { ${note('ends')}; process.exit(); });
      setInterval(() => {}, 1000); ${note('begins')};`;
    fs.writeFileSync(file, source);
    return new RestartedProgram(file);
  }

  const noted = () => (fs.existsSync(log) ? fs.readFileSync(log, 'utf8') : '');

  /** @param {string} text */
  async function untilNoted(text) {
    while (noted() !== text) await delay(20);
  }

  test('has left before the next one begins', async () => {
    const program = makeProgram();
    await program.restart();
    await untilNoted('begins ');
    await program.restart();
    await untilNoted('begins ends begins ');
    await program.stop();
    expect(noted()).toBe('begins ends begins ends ');
  });

  test('may have ended by itself', async () => {
    const program = makeProgram();
    await program.stop();
    await program.restart();
    await untilNoted('begins ');
    program.child?.kill('SIGKILL');
    await delay(100);
    await program.restart();
    await untilNoted('begins begins ');
    await program.stop();
  });
});
