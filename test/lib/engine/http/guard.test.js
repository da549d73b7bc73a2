'use strict';

const { HookFailure, callHook, createCors } = require('../../../../lib/engine/http/guard');

const ERROR = new Error('out of order');

/** Calls a hook. @param {(done: (...results: any[]) => void) => unknown} hook */
function call(hook) {
  const onResult = jest.fn();
  const onFailure = jest.fn();
  const run = () => callHook(hook, onResult, onFailure);
  return { onResult, onFailure, run };
}

describe('callHook', () => {
  test('hands on what the hook calls back, each time', () => {
    const { onResult, onFailure, run } = call((done) => {
      done(null, 1);
      done(2);
    });
    run();
    expect(onResult.mock.calls).toEqual([
      [null, 1],
      [2, undefined],
    ]);
    expect(onFailure).not.toHaveBeenCalled();
  });

  test('a hook that throws has failed, whatever it calls back later', () => {
    /** @type {any} */
    let later;
    const { onResult, onFailure, run } = call((done) => {
      later = done;
      throw ERROR;
    });
    run();
    later();
    expect(onFailure.mock.calls).toEqual([[ERROR]]);
    expect(onResult).not.toHaveBeenCalled();
  });

  test('a hook whose Promise is rejected has failed', async () => {
    const { onResult, onFailure, run } = call(() => Promise.reject(ERROR));
    run();
    await new Promise(setImmediate);
    expect(onFailure.mock.calls).toEqual([[ERROR]]);
    expect(onResult).not.toHaveBeenCalled();
  });

  test('what it throws once it has called back goes on', () => {
    const { onResult, onFailure, run } = call((done) => {
      done('well');
      throw ERROR;
    });
    expect(run).toThrow(ERROR);
    expect(onResult.mock.calls).toEqual([['well', undefined]]);
    expect(onFailure).not.toHaveBeenCalled();
  });

  test('a thenable that is no Promise is left alone', () => {
    const then = jest.fn();
    const { run } = call(() => ({ then }));
    run();
    expect(then).not.toHaveBeenCalled();
  });
});

test('options of cors are read with each request', () => {
  const options = { origin: /** @type {any} */ ('https://a.example') };
  const middleware = createCors(options);
  const heads = [1, 2].map(() => {
    const res = { setHeader: jest.fn(), getHeader: () => undefined };
    middleware({ method: 'GET', headers: { origin: 'https://a.example' } }, res, () => {});
    options.origin = (/** @type {any} */ _origin, /** @type {any} */ done) => done(null, 'b');
    return res.setHeader.mock.calls.find(([name]) => name === 'Access-Control-Allow-Origin');
  });
  expect(heads.map((head) => head?.[1])).toEqual(['https://a.example', 'b']);
});

test('a failure that is passed on is known', () => {
  const next = jest.fn();
  const middleware = createCors({
    origin: () => {
      throw ERROR;
    },
  });
  middleware({ method: 'GET', headers: {} }, {}, next);
  const [[failure]] = next.mock.calls;
  expect(failure).toBeInstanceOf(HookFailure);
  expect(failure).toMatchObject({ name: 'MIDDLEWARE_FAILURE', error: ERROR });
});
