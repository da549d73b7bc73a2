/** The requests that wait, told apart by their ids however they come and go. */
'use strict';

const { PendingRequests } = require('../../../../lib/engine/attached/pending-requests');

test('finds what was added, until it is taken', () => {
  const requests = new PendingRequests();
  const id = requests.nextId();
  const pending = { id };
  requests.add(pending);
  expect(requests.get(id)).toBe(pending);
  expect(requests.take(id)).toBe(pending);
  expect([requests.get(id), requests.take(id)]).toEqual([undefined, undefined]);
});

test('ids are never those of others, neither of older ones nor of those that wait long', () => {
  const requests = new PendingRequests();
  const waiting = new Map();
  const former = [];
  const add = () => {
    const id = requests.nextId();
    expect(waiting.has(id)).toBe(false);
    const pending = { id };
    requests.add(pending);
    waiting.set(id, pending);
  };
  const take = (/** @type {number} */ id) => {
    expect(requests.take(id)).toBe(waiting.get(id));
    waiting.delete(id);
    former.push(id);
  };
  for (let i = 0; i < 20; ++i) add(); // some of them wait until the end
  const [first, second] = waiting.keys();
  for (const crowd of [30, 40, 500, 3]) {
    while (waiting.size < crowd) add();
    for (const id of [...waiting.keys()].slice(2)) take(id);
    for (let i = 0; i < 1000; ++i) {
      add();
      take([...waiting.keys()][2]);
    }
  }
  for (const id of former) expect(requests.get(id)).toBe(undefined);
  expect([requests.get(first), requests.get(second)]).toEqual([...waiting.values()]);
});

test('ids are not those of what is no request any more', () => {
  const requests = new PendingRequests();
  const connections = new Set([1, 2, 4]);
  const ids = [1, 2, 3].map(() => requests.nextId((id) => connections.has(id)));
  expect(ids).toEqual([3, 5, 6]);
});
