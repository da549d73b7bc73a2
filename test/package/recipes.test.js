'use strict';

/**
 * The recipes for Conan and vcpkg say what is so of this checkout. Neither tool is there: stand-ins run them.
 */

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { version } = require('../../package.json');
const { OLDEST_BOOST } = require('../../scripts/setup/needs');
const { TOP } = require('../support/programs/programs');

const CMAKE_LISTS = read('CMakeLists.txt');

/** @param {string} file */
function read(file) {
  return fs.readFileSync(path.join(TOP, file), 'utf8');
}

/** @type {string} */
let folder;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-recipes-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The variables of CMake that a recipe sets must be ours. */
function expectKnown(/** @type {string[]} */ variables) {
  expect(variables.length).toBeGreaterThan(0);
  for (const name of variables) expect(CMAKE_LISTS).toMatch(new RegExp(`(option|set)\\(${name} `));
}

describe('Conan', () => {
  /** @param {Record<string, 'True' | 'False'>} options */
  function runRecipe(options) {
    const program = path.join(__dirname, 'support/run-conanfile.py');
    const recipe = path.join(TOP, 'packaging/conan/conanfile.py');
    const settings = Object.entries(options).map(([name, value]) => `${name}=${value}`);
    const args = ['-B', program, recipe, folder, ...settings];
    return JSON.parse(execFileSync('python3', args, { encoding: 'utf8' }));
  }

  test('the version, the language and the components are ours', () => {
    const told = runRecipe({ shared: 'False', fPIC: 'True', tls: 'True' });
    expect(told).toMatchObject({ version, cppstd: 20, options: { shared: false, tls: true } });
    const { core, tls } = told.components;
    expect(core.properties.cmake_target_name).toBe('beastio::core');
    expect(tls.properties.cmake_target_name).toBe('beastio::tls');
    for (const { libs, properties } of [core, tls]) {
      expect(CMAKE_LISTS).toContain(`OUTPUT_NAME ${libs[0]})`);
      expect(properties.pkg_config_name).toBe(libs[0]);
      expect(fs.existsSync(path.join(TOP, `cmake/${libs[0]}.pc.in`))).toBe(true);
    }
    expect(core).not.toHaveProperty('defines');
    expectKnown(Object.keys(told.cache));
    expect(told.cache).toEqual({ BEASTIO_TESTS: 'OFF', BEASTIO_TLS: 'ON' });
    const oldest = `1.${Math.floor(OLDEST_BOOST / 100) % 1000}`;
    expect(told.requires.map(({ reference }) => reference)).toEqual([
      `boost/[>=${oldest} <2]`,
      'zlib/[>=1.2.11 <2]',
      'openssl/[>=3 <4]',
    ]);
    expect(CMAKE_LISTS).toContain(`find_package(Boost ${oldest} REQUIRED)`);
  });

  test('shared, and without TLS', () => {
    const told = runRecipe({ shared: 'True', fPIC: 'True', tls: 'False' });
    expect(Object.keys(told.components)).toEqual(['core']);
    expect(told.components.core.defines).toEqual(['BEASTIO_SHARED']);
    expect(told.cache.BEASTIO_TLS).toBe('OFF');
    expect(JSON.stringify(told.requires)).not.toContain('openssl');
  });

  test('what it exports is all that CMake needs', () => {
    const { patterns } = runRecipe({ shared: 'False', fPIC: 'True', tls: 'True' });
    const empty = Object.keys(patterns).filter((pattern) => patterns[pattern] === 0);
    expect(empty).toEqual([]);
    expect(fs.readdirSync(path.join(folder, 'native')).sort()).toEqual([
      'include',
      'sources.txt',
      'src',
      'tls',
    ]);
    // CMake looks for every source.
    const build = path.join(folder, 'build');
    const options = ['-DBEASTIO_TESTS=OFF', '-DBEASTIO_TLS=ON'];
    execFileSync('cmake', ['-S', folder, '-B', build, '-G', 'Ninja', ...options]);
  });

  test('its program compiles', () => {
    const source = 'packaging/conan/test_package/main.cpp';
    const options = ['-std=c++20', '-fsyntax-only', '-Inative/include', '-Wall', '-Werror'];
    execFileSync('g++', [...options, source], { cwd: TOP });
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
      input: read('packaging/conan/test_package/conanfile.py'),
    });
  });
});

describe('vcpkg', () => {
  const manifest = JSON.parse(read('packaging/vcpkg/vcpkg.json'));

  /** @param {string[]} features */
  function runPortfile(features) {
    const file = path.join(TOP, 'packaging/vcpkg/portfile.cmake');
    const program = path.join(__dirname, 'support/run-portfile.cmake');
    const settings = { PORTFILE: file, FEATURES: features.join(';'), CURRENT_PACKAGES_DIR: folder };
    const defines = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
    const output = execFileSync('sh', ['-c', 'cmake "$@" 2>&1', 'sh', ...defines, '-P', program]);
    return output.toString().split('\n');
  }

  test('the manifest is that of this version', () => {
    expect(manifest).toMatchObject({ name: 'beastio', 'version-semver': version, license: 'MIT' });
    expect(Object.keys(manifest.features)).toEqual(['tls']);
  });

  test.each([
    [['core', 'tls'], 'ON'],
    [['core'], 'OFF'],
  ])('with the features %s TLS is %s', (features, expected) => {
    const lines = runPortfile(features);
    const [, , source, , ...options] = lines[0].split(';');
    expect(lines[0]).toMatch(/^vcpkg_cmake_configure;SOURCE_PATH;/);
    expect(path.resolve(source)).toBe(path.resolve(TOP));
    expect(options).toEqual(['-DBEASTIO_TESTS=OFF', `-DBEASTIO_TLS=${expected}`]);
    expectKnown(options.map((option) => option.replace(/^-D|=.*$/g, '')));
    expect(lines).toContain('vcpkg_cmake_install');
    expect(lines).toContain('vcpkg_fixup_pkgconfig');
    const [, , license] = lines.find((line) => line.startsWith('vcpkg_install'))?.split(';') ?? [];
    expect(fs.readFileSync(license, 'utf8')).toContain('MIT');
    const usage = fs.readFileSync(path.join(folder, 'share/beastio/usage'), 'utf8');
    expect(usage).toContain('beastio::core beastio::tls');
  });
});
