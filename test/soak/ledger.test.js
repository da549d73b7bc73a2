/** The ledger of a soak: what it calls lost, doubled and out of order, and what is not owed. */
'use strict';

const { Ledger } = require('./chat/ledger');

/** @type {Ledger} */
let ledger;

beforeEach(() => {
  ledger = new Ledger();
  ledger.open('Ada', 'tea', { Bob: 2 });
});

/** @param {number[]} numbers of Bob, as Ada hears them */
const hears = (...numbers) => numbers.forEach((n) => ledger.hear('Ada', 'tea', 'Bob', n));
const counts = () => {
  const { lost, doubled, disordered, stray } = ledger;
  return { lost, doubled, disordered, stray };
};
const NOTHING = { lost: 0, doubled: 0, disordered: 0, stray: 0 };

test('each number once and in order is all right', () => {
  hears(3, 4);
  ledger.hear('Ada', 'tea', 'Cyd', 1); // who had said nothing yet
  expect(ledger.behind({ tea: { Bob: 4, Cyd: 1 } })).toBe(0);
  ledger.settle({ tea: { Bob: 4, Cyd: 1 } });
  expect(counts()).toEqual(NOTHING);
  expect(ledger).toMatchObject({ heard: 3, faults: [] });
});

test('a gap is a loss', () => {
  hears(3, 6, 7, 9);
  ledger.settle({ tea: { Bob: 9 } });
  expect(counts()).toEqual({ ...NOTHING, lost: 3 });
  expect(ledger.faults).toEqual(['Ada in tea lost of Bob: 4–5, 8']);
});

test('an end that does not come is a loss', () => {
  hears(3);
  expect(ledger.behind({ tea: { Bob: 5, Cyd: 1 } })).toBe(3);
  ledger.settle({ tea: { Bob: 5, Cyd: 1 } });
  expect(counts()).toEqual({ ...NOTHING, lost: 3 });
});

test('the same number again is doubled', () => {
  hears(3, 3, 4, 3);
  ledger.settle({ tea: { Bob: 4 } });
  expect(counts()).toEqual({ ...NOTHING, doubled: 2 });
});

test('what was heard before the stay is doubled, too', () => {
  hears(2);
  expect(counts()).toEqual({ ...NOTHING, doubled: 1 });
});

test('a number that comes late is out of order, and not lost', () => {
  hears(4, 3, 5);
  ledger.settle({ tea: { Bob: 5 } });
  expect(counts()).toEqual({ ...NOTHING, disordered: 1 });
  expect(ledger.faults).toEqual(['Ada in tea heard 3 of Bob after 4']);
});

test('a closed stay owes nothing but its gaps', () => {
  hears(3, 5);
  ledger.close('Ada');
  ledger.settle({ tea: { Bob: 9 } });
  expect(counts()).toEqual({ ...NOTHING, lost: 1 });
});

test('a stay that begins anew without a reason owes what was between', () => {
  hears(3);
  ledger.open('Ada', 'tea', { Bob: 6 });
  hears(7);
  ledger.settle({ tea: { Bob: 7 } });
  expect(counts()).toEqual({ ...NOTHING, lost: 3 });
});

test('rooms and receivers are told apart', () => {
  ledger.open('Ada', 'milk', {});
  ledger.open('Cyd', 'tea', { Bob: 2 });
  hears(3);
  ledger.hear('Ada', 'milk', 'Bob', 1);
  ledger.hear('Cyd', 'tea', 'Bob', 3);
  ledger.settle({ tea: { Bob: 3 }, milk: { Bob: 1 } });
  expect(counts()).toEqual(NOTHING);
});

test('a message for a room where nobody is, is stray', () => {
  ledger.hear('Cyd', 'tea', 'Bob', 3);
  expect(counts()).toEqual({ ...NOTHING, stray: 1 });
});

test('many faults are counted, and twenty are told', () => {
  hears(...Array.from({ length: 30 }, () => 2));
  expect(ledger.doubled).toBe(30);
  expect(ledger.faults).toHaveLength(20);
});
