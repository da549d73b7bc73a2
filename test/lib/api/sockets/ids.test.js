'use strict';

const { generateId } = require('../../../../lib/api/sockets/ids');

test('ids are 20 characters of the URL-safe alphabet, and differ', () => {
  const ids = Array.from({ length: 1000 }, generateId);
  expect(ids.filter((id) => !/^[\w-]{20}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
