/**
 * @socket.io/cluster-adapter with @socket.io/sticky in a real cluster: two workers with servers of ours
 * behave as two with genuine ones do. Chance decides which worker a client gets to.
 */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { play } = require('./support/scenario');

/** @type {(() => unknown)[]} */
const closers = [];
afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

/** @param {string} module with the server */
async function startCluster(module) {
  const primary = fork(path.join(__dirname, 'support/cluster-program.js'), [module], {
    serialization: 'advanced',
  });
  closers.push(async () => {
    const exited = once(primary, 'exit');
    primary.disconnect();
    await exited;
  });
  const [{ port }] = await once(primary, 'message');
  /** @type {Map<number, { resolve: (result: any) => void, reject: (error: Error) => void }>} */
  const questions = new Map();
  primary.on('message', (/** @type {any} */ { answerTo, result, error }) => {
    const { resolve, reject } = /** @type {any} */ (questions.get(answerTo));
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  });
  let last = 0;
  const url = `http://127.0.0.1:${port}`;
  return {
    urls: { A: url, B: url },
    run: (member, action, ...args) =>
      new Promise((resolve, reject) => {
        questions.set(++last, { resolve, reject });
        primary.send({ number: last, member, action, args });
      }),
  };
}

test('two workers', async () => {
  const genuine = await play(await startCluster('socket.io'));
  expect(genuine.length).toBeGreaterThan(50);
  expect(await play(await startCluster(path.join(__dirname, '../../lib')))).toEqual(genuine);
});
