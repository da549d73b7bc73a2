'use strict';

/** The description of what crosses between the addon and JavaScript, and what is generated from it. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { generate } = require('../../../scripts/wire');
const { hashOf, readWire } = require('../../../scripts/wire/description');
const { TOP } = require('../../support/programs/programs');

test.each(Object.entries(generate()))('%s is as the description says', (file, text) => {
  // If this fails: npm run wire
  expect(fs.readFileSync(path.join(TOP, file), 'utf8')).toBe(text);
});

describe('a description', () => {
  /** @type {string} */
  let folder;

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-wire-'));
  });

  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** @param {(wire: any) => void} change */
  const changed = (change) => {
    const wire = readWire();
    change(wire);
    const file = path.join(folder, 'wire.json');
    fs.writeFileSync(file, JSON.stringify(wire));
    return () => readWire(file);
  };

  test('must not use an id twice', () => {
    expect(changed(({ records }) => (records.EVENT.id = records.OPEN.id))).toThrow(
      'records: the id 1 is there twice',
    );
    expect(changed(({ commands }) => (commands.SEND.id = 0))).toThrow(
      'commands: 0 cannot be an id',
    );
  });

  test('must declare the sinks of its records', () => {
    expect(changed(({ records }) => (records.EVENT.sink = 'nobody'))).toThrow(
      'record EVENT: there is no sink "nobody"',
    );
  });

  test('has another hash if anything but its words is changed', () => {
    const hash = hashOf(readWire());
    const explained = changed(({ records }) => (records.EVENT.doc = 'Something else.'));
    expect(hashOf(explained())).toBe(hash);
    const reordered = changed(({ records }) => {
      const { place, ...others } = records.DRAIN.fields;
      records.DRAIN.fields = { ...others, place };
    });
    expect(hashOf(reordered())).not.toBe(hash);
  });
});
