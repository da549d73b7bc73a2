/**
 * The query of a request. The quick way reads what the URL parser reads. A target made of a query is read
 * back as the same.
 */
'use strict';

const { queryOf, targetOf } = require('../../../../lib/engine/http/query');

/** @param {string} url */
const parsed = (url) => Object.fromEntries(new URL(url, 'https://socket.io').searchParams);

test.each([
  '/socket.io/?EIO=4&transport=polling&t=OxE3-_.~&sid=a_b-c',
  '/socket.io/?',
  '/socket.io/',
  '/?&&a&=b&c=&=&d=e=f&a=last&',
  '/a.b/~c/?EIO=4',
  '/socket.io/?a=%20b+c&d=%zz&%E2%82%AC=1',
  '/socket.io/?a=b?c&d=1',
  '/socket.io/?a=b#c=d',
  '/socket.io/?a=é',
  '/socket.io/?a=b;c=d&e=(f)*!\'"',
  '/a/../b\\c/?x=1',
  '//other.host/?x=1',
  '/socket.io/?__proto__=x&a=1',
  '/socket.io/?constructor=x&toString=y',
  'socket.io?a=1',
  '/socket.io/??a=1&?b=2',
  '/socket.io/#?a=1',
  '/socket.io/?a=\xff\xfe&b="<>\'{}|\\^`',
])('reads %s', (url) => {
  const query = queryOf(url);
  expect(query).toEqual(parsed(url));
  expect(Object.keys(query)).toEqual(Object.keys(parsed(url)));
  expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
});

test.each(['//[?EIO=4&a=%20', '//x:999999/?EIO=4&a=%20', '/\\?EIO=4&a=%20', '//?EIO=4&a=%20'])(
  'reads %s, which is no URL',
  (url) => {
    expect(parsed.bind(undefined, url)).toThrow('Invalid URL');
    expect(queryOf(url)).toEqual({ EIO: '4', a: ' ' });
  },
);

test.each([
  [{ EIO: '4', transport: 'polling', sid: 'a_b-c.d~e', t: 'not told' }],
  [{ EIO: '3', transport: 'poll&ing=%', sid: 'é€😀 +#?', b64: '1', j: '' }],
  [{ transport: '\ud800' }],
  [{}],
])('tells %j', (query) => {
  const { EIO, transport, sid, b64, j } = /** @type {any} */ (query);
  const told = { EIO, transport: transport?.toWellFormed(), sid, b64, j };
  expect(parsed(targetOf(query))).toEqual(JSON.parse(JSON.stringify(told)));
});

test('tells values that are no texts as the URL parser would', () => {
  expect(targetOf(/** @type {any} */ ({ EIO: 4, sid: ['a', 'b'], j: null }))).toBe(
    '/?EIO=4&sid=a%2Cb&j=null&',
  );
  expect(targetOf(/** @type {any} */ ({ sid: undefined }))).toBe('/?');
});
