'use strict';

/**
 * `npm run prebuilds`, without what takes long: what it says of a file, and the session that it plays with a server from
 * the package.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { platformFolder } = require('../../lib/engine/wire/platform');
const { checkContents, writeContents } = require('../../scripts/packing/contents');
const { pack } = require('../../scripts/pack');
const { addonSources, coreSources, tlsSources } = require('../../scripts/native-sources');
const { readArguments } = require('../../scripts/prebuilds');
const { ADDON_FILES } = require('../../scripts/prebuilds/build');
const { factsOf, faultsOf } = require('../../scripts/prebuilds/elf');
const macho = require('../../scripts/prebuilds/macos/macho');
const { toolsFor, versionOf } = require('../../scripts/prebuilds/materials');
const { differences, smoke } = require('../../scripts/prebuilds/smoke/smoke');
const { TARGETS } = require('../../scripts/prebuilds/targets');
const { TOP } = require('../support/programs/programs');
const { Authority } = require('../support/servers/certificates');

const NAMES = [
  ...['linux-x64', 'linux-arm64', 'linux-x64-musl', 'linux-arm64-musl'],
  ...['darwin-x64', 'darwin-arm64'],
];

/** @param {string} name */
const targetNamed = (name) =>
  /** @type {typeof TARGETS[0]} */ (TARGETS.find((target) => target.name === name));

describe('the command line', () => {
  /** @param {string[]} argv */
  const named = (argv) => readArguments(argv).map(({ name }) => name);

  test('all targets are meant unless some are named', () => {
    expect(named([])).toEqual(NAMES);
    expect(named(['linux-x64-musl', 'linux-arm64'])).toEqual(['linux-arm64', 'linux-x64-musl']);
  });

  test.each([
    [['linux-x86'], 'There is no target linux-x86. There are linux-x64, linux-arm64'],
    [['--target', 'linux-x64'], '--target'],
  ])('%j is refused', (argv, message) => {
    expect(() => readArguments(argv)).toThrow(message);
  });
});

describe('what a file asks for', () => {
  const FINE = {
    bytes: 1_500_000,
    machine: 'AArch64',
    needed: ['libpthread.so.0', 'libc.so.6'],
    versions: ['GLIBC_2.17', 'GLIBC_2.28'],
    glibc: '2.28',
    exports: ['napi_register_module_v1'],
    imports: ['malloc', 'napi_create_object'],
    isStripped: true,
    isKept: true,
    hasPlace: false,
  };
  const ARM64 = targetNamed('linux-arm64');

  test('a good file has no fault', () => {
    expect(faultsOf('beastio.node', FINE, ARM64)).toEqual([]);
    const onMusl = { ...FINE, needed: ['libc.so'], versions: [], glibc: '0.0' };
    expect(faultsOf('beastio.node', onMusl, targetNamed('linux-arm64-musl'))).toEqual([]);
    const withTls = { ...FINE, imports: ['SSL_read'] };
    expect(faultsOf('beastio-tls.node', withTls, ARM64)).toEqual([]);
  });

  test.each([
    [{ machine: 'AMD' }, 'is for AMD'],
    [{ bytes: 2_000_001 }, 'has 2000001 bytes'],
    [{ needed: ['libc.so.6', 'libstdc++.so.6'] }, 'needs libstdc++.so.6'],
    [{ glibc: '2.29' }, 'asks for glibc 2.29'],
    [{ versions: ['GLIBC_2.17', 'GLIBCXX_3.4'] }, 'asks for GLIBCXX_3.4'],
    [{ exports: [] }, 'has no entry'],
    [{ exports: [...FINE.exports, 'deflate'] }, 'shows deflate'],
    [{ imports: ['EVP_sha1'] }, 'has a use for OpenSSL'],
    [{ isStripped: false }, 'has symbols for debuggers'],
    [{ isKept: false }, 'is unloaded with the last worker'],
    [{ hasPlace: true }, 'tells where it was built'],
  ])('%j is a fault', (changed, fault) => {
    const facts = { ...FINE, ...changed };
    expect(faultsOf('beastio.node', facts, ARM64)).toEqual([`beastio.node ${fault}`]);
  });

  test('a file with TLS that has no symbol of OpenSSL is none', () => {
    const fault = 'beastio-tls.node has no use for OpenSSL';
    expect(faultsOf('beastio-tls.node', FINE, ARM64)).toEqual([fault]);
  });

  test('a file for glibc is not for musl', () => {
    expect(faultsOf('beastio.node', FINE, targetNamed('linux-arm64-musl'))).toEqual([
      'beastio.node needs libpthread.so.0,libc.so.6',
      'beastio.node asks for GLIBC_2.17,GLIBC_2.28',
    ]);
  });

  test.each(['beastio.node', 'beastio-tls.node'])(
    '%s of this machine is read rightly',
    async (name) => {
      const facts = await factsOf(path.join(TOP, 'build/Release', name));
      const symbols = String(
        execFileSync('nm', [
          '--dynamic',
          '--undefined-only',
          path.join(TOP, 'build/Release', name),
        ]),
      );
      const glibcs = [...symbols.matchAll(/@GLIBC_2\.(\d+)$/gm)].map(([, minor]) => Number(minor));
      expect(facts).toMatchObject({ isStripped: false, isKept: true, hasPlace: false });
      expect(facts.glibc).toBe(`2.${Math.max(...glibcs)}`);
      expect(facts.exports).toContain('napi_register_module_v1');
      expect(facts.imports).toEqual(expect.arrayContaining(['napi_create_function', 'malloc']));
      expect(facts.needed).toEqual(expect.arrayContaining(['libc.so.6', 'libgcc_s.so.1']));
      const target = { ...ARM64, machine: facts.machine };
      expect(faultsOf(name, facts, target)).toContain(`${name} has symbols for debuggers`);
    },
  );

  test('what is no ELF file is refused', async () => {
    await expect(factsOf(__filename)).rejects.toThrow('Not an ELF file');
  });
});

describe('what a file for macOS asks for', () => {
  const FINE = {
    bytes: 1_500_000,
    machine: 'aarch64',
    needed: ['/usr/lib/libSystem.B.dylib'],
    oldest: '11.0',
    exports: ['napi_register_module_v1'],
    imports: ['dladdr', 'dlopen', 'napi_create_object'],
    isStripped: true,
    isSigned: true,
    isKept: true,
    hasPlace: false,
  };
  const ARM64 = targetNamed('darwin-arm64');

  test('a good file has no fault', () => {
    expect(macho.faultsOf('beastio.node', FINE, ARM64)).toEqual([]);
    const onX64 = { ...FINE, machine: 'x86_64', isSigned: false };
    expect(macho.faultsOf('beastio.node', onX64, targetNamed('darwin-x64'))).toEqual([]);
  });

  test.each([
    [{ machine: 'x86_64' }, 'is for x86_64'],
    [{ needed: [...FINE.needed, '/usr/lib/libc++.1.dylib'] }, 'needs /usr/lib/libc++.1.dylib'],
    [{ oldest: '12.0' }, 'asks for macOS 12.0'],
    [{ isSigned: false }, 'has no signature'],
    [{ exports: [] }, 'has no entry'],
    [{ isKept: false }, 'is unloaded with the last worker'],
  ])('%j is a fault', (changed, fault) => {
    const facts = { ...FINE, ...changed };
    expect(macho.faultsOf('beastio.node', facts, ARM64)).toEqual([`beastio.node ${fault}`]);
  });

  test('what llvm tells of a file is read rightly', () => {
    const facts = macho.factsFrom({
      about: [
        'File: beastio.node',
        'Format: Mach-O arm64',
        'Arch: aarch64',
        'NeededLibraries [',
        '  /usr/lib/libSystem.B.dylib',
        ']',
      ].join('\n'),
      commands: '      cmd LC_BUILD_VERSION\n    minos 11.0\n      cmd LC_CODE_SIGNATURE\n',
      symbols: [
        '_dladdr U 0 0',
        '_dlopen U 0 0',
        '_napi_register_module_v1 T 4a0 0',
        '_uv_async_init U 0 0',
        '__ZN7beastio6EngineD1Ev t 5c0 0',
      ].join('\n'),
    });
    expect(facts).toEqual({
      machine: 'aarch64',
      needed: ['/usr/lib/libSystem.B.dylib'],
      oldest: '11.0',
      exports: ['napi_register_module_v1'],
      imports: ['dladdr', 'dlopen', 'uv_async_init'],
      isStripped: false,
      isSigned: true,
      isKept: true,
    });
  });

  test('what is no Mach-O file is refused', () => {
    const texts = { about: 'Format: elf64-x86-64\n', commands: '', symbols: '' };
    expect(() => macho.factsFrom(texts)).toThrow('It is not a Mach-O file.');
  });
});

describe('which sources are built', () => {
  afterEach(() => {
    delete process.env.npm_config_platform;
  });

  test.each([
    ['linux', ['linux', 'posix']],
    ['darwin', ['macos', 'posix']],
  ])('for %s those of its folders', (system, folders) => {
    process.env.npm_config_platform = system;
    const places = coreSources().flatMap(
      (file) => /src\/platform\/(\w+)\//.exec(file)?.slice(1) ?? [],
    );
    expect([...new Set(places)].sort()).toEqual(folders);
  });

  test.each([
    ['linux', 0],
    ['darwin', 1],
  ])(
    'for %s each file of the addon has what keeps it loaded, if the linker cannot',
    (system, count) => {
      process.env.npm_config_platform = system;
      for (const sources of [addonSources(), tlsSources()]) {
        expect(sources.filter((file) => file.endsWith('/keep-loaded.cpp'))).toHaveLength(count);
      }
    },
  );
});

describe('what lies beside the files', () => {
  const folder = fs.mkdtempSync(path.join(TOP, 'build', 'prebuilds-'));
  const place = path.join(folder, 'linux-arm64');
  const contents = path.join(place, 'contents.json');
  /** The compiler of this machine, with the headers of another library. @type {any} */
  const tools = {
    .../** @type {any} */ (toolsFor(targetNamed('linux-arm64'))),
    compiler: async (/** @type {string[]} */ args) => {
      if (args.includes('__config')) {
        return { code: 0, output: '# 1 "/zig/__config" 1\n#define _LIBCPP_VERSION 160001\n' };
      }
      return { code: 0, output: String(execFileSync('g++', args)) };
    },
  };

  beforeEach(async () => {
    fs.mkdirSync(place, { recursive: true });
    for (const name of ADDON_FILES) fs.writeFileSync(path.join(place, name), `of ${name}`);
    await writeContents(place, ADDON_FILES, tools);
  });
  afterEach(() => fs.rmSync(place, { recursive: true }));
  afterAll(() => fs.rmSync(folder, { recursive: true }));

  test('it names what the compiler has linked in, with versions', () => {
    const { components } = JSON.parse(fs.readFileSync(contents, 'utf8'));
    const versions = Object.fromEntries(
      components.map((/** @type {any} */ { name, version }) => [name, version]),
    );
    expect(versions).toMatchObject({
      glibc: '2.28',
      'libc++': '16.0.1',
      'libc++abi': '16.0.1',
      libunwind: '16.0.1',
      zlib: expect.stringMatching(/^1\.\d/),
      boost: expect.stringMatching(/^1\.\d/),
      'compiler-rt': expect.stringMatching(/^0\.\d/),
    });
    expect(Object.keys(versions)).not.toContain('libstdc++');
    expect(versionOf('190107')).toBe('19.1.7');
  });

  test('files that it fits are packed', () => {
    expect(() => checkContents(folder)).not.toThrow();
  });

  test.each([
    ['a file was altered', () => fs.appendFileSync(path.join(place, 'beastio.node'), '.')],
    [
      'a file is another one',
      () =>
        fs.copyFileSync(
          path.join(TOP, 'build/Release/beastio-tls.node'),
          path.join(place, 'beastio.node'),
        ),
    ],
    ['it is missing', () => fs.rmSync(contents)],
    ['there is a file that it does not name', () => fs.writeFileSync(`${place}/a.node`, '')],
    ['there is nothing else', () => ADDON_FILES.forEach((name) => fs.rmSync(`${place}/${name}`))],
  ])('if %s, nothing is packed', (_name, damage) => {
    damage();
    expect(() => checkContents(folder)).toThrow('prebuilds/linux-arm64');
  });
});

describe('the session', () => {
  const authority = new Authority();
  const identity = authority.issue('localhost');
  const folder = fs.mkdtempSync(path.join(TOP, 'build', 'smoke-'));
  const installed = path.join(folder, 'node_modules/beast.io');

  beforeAll(async () => {
    fs.mkdirSync(installed, { recursive: true });
    const tarball = await pack(folder);
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
  });
  afterAll(() => {
    authority.remove();
    fs.rmSync(folder, { recursive: true });
  });

  test('the package serves as the genuine one does, with both files', async () => {
    const node = [process.execPath];
    const genuine = await smoke(node, 'socket.io', identity);
    const ours = await smoke(node, installed, identity);
    expect(Object.keys(ours.seen)).toHaveLength(3 * 3 + 1);
    expect(differences(ours.seen, genuine.seen)).toEqual([]);
    expect(ours.files).toEqual([
      `prebuilds/${platformFolder()}/beastio-tls.node`,
      `prebuilds/${platformFolder()}/beastio.node`,
    ]);
    expect(genuine.files).toEqual([]);
    const [, transport] = ours.seen['port with TLS, polling,websocket'];
    expect(transport).toBe('websocket');
  });

  test('what goes otherwise is told', () => {
    const right = { one: [1, Buffer.from('a')], other: ['b'] };
    expect(differences({ one: [1, Buffer.from('a')], other: ['b'] }, right)).toEqual([]);
    expect(differences({ one: [1, Buffer.from('b')], more: [] }, right)).toEqual([
      'one',
      'more',
      'other',
    ]);
  });

  test('a server that does not start is told', async () => {
    const missing = path.join(folder, 'nothing');
    await expect(smoke([process.execPath], missing, identity)).rejects.toThrow(
      /did not start[^]*Cannot find module/,
    );
    await expect(smoke([missing], installed, identity)).rejects.toThrow(/did not start[^]*ENOENT/);
  });
});
