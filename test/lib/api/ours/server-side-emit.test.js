'use strict';

/** Without a cluster there is no other server, so what asks all of them is answered at once. */

const { io: createServer } = require('../../../support/subjects/subject');

/** @type {jest.SpyInstance} */
let warned;
beforeEach(() => (warned = jest.spyOn(console, 'warn').mockImplementation(() => {})));
afterEach(() => jest.restoreAllMocks());

test.each([
  ['in memory', {}],
  ['with recovery', { connectionStateRecovery: {} }],
])('the adapter %s', async (_name, opts) => {
  const io = createServer(opts);
  const heard = jest.fn();
  io.on('ask', heard);
  expect(await io.serverSideEmitWithAck('ask', 1)).toEqual([]);
  expect(await io.of('/other').serverSideEmitWithAck('ask')).toEqual([]);
  let isLater = false;
  const called = new Promise((resolve) => {
    io.serverSideEmit('ask', (...args) => resolve([...args, isLater]));
  });
  isLater = true;
  expect(await called).toEqual([null, [], true]);
  expect(warned).not.toHaveBeenCalled();
  expect(heard).not.toHaveBeenCalled();
});

test('an event without a callback is warned of, as with socket.io', () => {
  expect(createServer().serverSideEmit('hello')).toBe(true);
  expect(warned).toHaveBeenCalledTimes(1);
});

test('a parent of namespaces says that it cannot', async () => {
  const parent = createServer().of(/^\/dynamic-/);
  await expect(parent.serverSideEmitWithAck('ask')).rejects.toMatchObject({
    message: 'serverSideEmit() with an acknowledgement is not supported on parent namespaces',
    responses: [],
  });
});
