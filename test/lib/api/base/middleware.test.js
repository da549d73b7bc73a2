'use strict';

const { runMiddlewares } = require('../../../../lib/api/base/middleware');

test('without middlewares it is done at once', () => {
  const done = jest.fn();
  runMiddlewares([], 'subject', done);
  expect(done).toHaveBeenCalledWith();
});

test('each waits for the one before it', () => {
  const calls = [];
  let goOn;
  const done = () => calls.push('done');
  const chain = [
    (subject, next) => {
      calls.push(`first ${subject}`);
      goOn = next;
    },
    (subject, next) => {
      calls.push(`second ${subject}`);
      next();
    },
  ];
  runMiddlewares(chain, 'subject', done);
  expect(calls).toEqual(['first subject']);
  goOn();
  expect(calls).toEqual(['first subject', 'second subject', 'done']);
});

test('an error ends the chain', () => {
  const done = jest.fn();
  const error = new Error('no');
  const never = jest.fn();
  runMiddlewares([(_subject, next) => next(error), never], 'subject', done);
  expect(done).toHaveBeenCalledWith(error);
  expect(never).not.toHaveBeenCalled();
});

test('a middleware added meanwhile starts with the next subject', () => {
  const late = jest.fn((_subject, next) => next());
  const chain = [
    (_subject, next) => {
      if (chain.length === 1) chain.push(late);
      next();
    },
  ];
  runMiddlewares(chain, 1, () => {});
  expect(late).not.toHaveBeenCalled();
  runMiddlewares(chain, 2, () => {});
  expect(late).toHaveBeenCalledTimes(1);
});
