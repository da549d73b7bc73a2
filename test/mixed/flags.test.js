/**
 * Addons that were built otherwise than the server: by another compiler, without exceptions and RTTI, from C.
 */
'use strict';

const { BUILD_MS, builtAddon } = require('../support/programs/native-addon');
const { cleanUp, connectPair, eventOf, startServer } = require('../support/rigs/rig');

const WARNINGS = ['-Wpedantic', '-Wconversion', '-Wshadow'];

afterEach(cleanUp);

describe.each([
  ['g++', { flags: [...WARNINGS, '-DNDEBUG', '-O2'] }],
  ['g++ without exceptions and RTTI', { flags: ['-fno-exceptions', '-fno-rtti'] }],
  ['clang++', { compiler: 'clang++', flags: [...WARNINGS, '-fno-exceptions'] }],
])('by %s', (_name, how) => {
  test(
    'it serves',
    async () => {
      const addon = require(await builtAddon('test/mixed/addon/addon.cpp', how));
      const io = startServer();
      addon.open(io.native, ['/', '/other']);
      const { client } = await connectPair(io, '/other');
      expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
      client.emit('bytes', Buffer.from('x'), () => {});
      expect(await eventOf(client, 'bytes back')).toEqual([Buffer.from('x')]);
      client.emit('fail', 'it may not be able to');
      expect(await client.emitWithAck('sum', 2, 2)).toBe(4);
      addon.close();
    },
    BUILD_MS,
  );
});

test(
  'an addon in C, on the interface itself',
  async () => {
    const addon = require(
      await builtAddon('test/mixed/addon/plain.c', {
        compiler: 'gcc',
        standard: 'c99',
        flags: ['-Wpedantic'],
      }),
    );
    const io = startServer();
    addon.start(io.native);
    const { client } = await connectPair(io);
    client.emit('hello', 1, [2]);
    expect(await eventOf(client, 'hello from C')).toEqual(['hello', [1, [2]].length]);
    expect(addon.start({})).toBe('not io.native');
    addon.stop();
  },
  BUILD_MS,
);

test(
  'two addons in one server, each with its own data of a socket',
  async () => {
    const files = [[], ['-fno-exceptions']].map((flags) =>
      builtAddon('test/mixed/addon/addon.cpp', { flags }),
    );
    const [one, two] = (await Promise.all(files)).map((file) => require(file));
    const io = startServer();
    one.open(io.native, ['/']);
    io.of('/two');
    two.open(io.native, ['/two']);
    const { client } = await connectPair(io);
    const { client: other } = await connectPair(io, '/two');
    expect(await client.emitWithAck('count')).toBe(1);
    expect(await other.emitWithAck('count')).toBe(1);
    expect(await client.emitWithAck('count')).toBe(2);
    expect(one.connections()).toBe(1);
    expect(two.connections()).toBe(1);
    one.close();
    two.close();
  },
  BUILD_MS,
);
