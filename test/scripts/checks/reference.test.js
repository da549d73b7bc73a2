'use strict';

/** The look at what Doxygen says (scripts/checks/reference.js). */

const { findSilentNamespaces, readWarnings } = require('../../../scripts/checks/reference');

test('what is undocumented is told once', () => {
  const lines = [
    '/x/a.hpp:3: warning: Member stop() (function) of class beastio::Engine is not documented.',
    '/x/a.hpp:3: warning: Member stop() (function) of class beastio::Engine is not documented.',
    '/x/a.hpp:4: warning: Compound beastio::Part is not documented.',
    '/x/a.hpp:5: warning: unable to resolve reference to `nothing` for \\ref command',
  ];
  expect(readWarnings(`Searching for files...\n${lines.join('\n')}\n`)).toEqual(lines.slice(1));
});

test.each([
  'Member Batch(Batch &&) noexcept (function) of class beastio::Batch',
  'Member Batch(const Batch &other) (function) of class beastio::Batch',
  'Member operator=(Batch &&) noexcept (function) of class beastio::Batch',
  'Member operator==(SessionId, SessionId)=default (friend) of struct beastio::SessionId',
  'Member operator()(beastio::SessionId) const (function) of struct std::hash< beastio::SessionId >',
])('%s needs no words', (member) => {
  expect(readWarnings(`/x/a.hpp:3: warning: ${member} is not documented.\n`)).toEqual([]);
});

test.each([
  'Member Batch(unsigned ioThreads) (function) of class beastio::Batch',
  'Member Batch(const Engine &engine) (function) of class beastio::Batch',
  'Member operator=(int value) (function) of class beastio::Batch',
  'Member operator==(SessionId, SessionId) (friend) of struct beastio::SessionId',
])('%s needs some', (member) => {
  expect(readWarnings(`/x/a.hpp:3: warning: ${member} is not documented.\n`)).toHaveLength(1);
});

test('every namespace is documented', () => {
  const headers = ['namespace beastio {\n}', 'namespace beastio::host {\nnamespace a {\n}\n}\n'];
  headers.push('namespace beastio::detail {\n}', 'namespace std {\n}');
  const silent = ['beastio::host', 'a'];
  expect(findSilentNamespaces(headers, '@namespace beastio\n')).toEqual(silent);
});
