'use strict';

/**
 * The bill of materials beside the package. It is valid by CycloneDX's own schema. What it says is true of the
 * files in the package, of Debian's packages on this machine, and of what npm installs.
 */

const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { CONTENTS } = require('../../lib/engine/wire/contents');
const { platformFolder } = require('../../lib/engine/wire/platform');
const { pack } = require('../../scripts/pack');
const { billOfMaterials } = require('../../scripts/packing/sbom');
const { INSTALL_TIMEOUT_MS, MANAGERS, installKept } = require('../support/programs/kept-packages');
const { dependencyFolders } = require('./support/dependencies');
const { unpackInto } = require('./support/unpacked');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-sbom-'));
/** @type {string} */
let tarball;
/** @type {string} */
let text;
/** @type {any} */
let bom;
/** @type {string} */
let place;
/** @type {string} */
let validators;

beforeAll(async () => {
  validators = await installKept(MANAGERS);
  tarball = await pack(folder);
  text = fs.readFileSync(tarball.replace(/tgz$/, 'cdx.json'), 'utf8');
  bom = JSON.parse(text);
  place = unpackInto(tarball, path.join(folder, 'app'));
}, INSTALL_TIMEOUT_MS);
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** @param {string} file @param {string} algorithm */
const digest = (file, algorithm) =>
  createHash(algorithm).update(fs.readFileSync(file)).digest('hex');

/** @param {string} ref @returns {any} */
const component = (ref) =>
  bom.components.find((/** @type {any} */ { 'bom-ref': name }) => name === ref);

test('it is valid, and every reference in it leads to a component', async () => {
  const { Spec, Validation } = require(path.join(validators, '@cyclonedx/cyclonedx-library'));
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
  expect(await validator.validate(text)).toBeNull();
  // It can fail.
  expect(await validator.validate(text.replace('"library"', '"book"'))).not.toBeNull();
  const known = [bom.metadata.component, ...bom.components].map(({ 'bom-ref': ref }) => ref);
  expect(new Set(known).size).toBe(known.length);
  const named = bom.dependencies.flatMap((/** @type {any} */ { ref, dependsOn = [] }) => [
    ref,
    ...dependsOn,
  ]);
  expect(named.filter((/** @type {string} */ ref) => !known.includes(ref))).toEqual([]);
});

test('it is of this package and of the binaries in it', () => {
  const { name, version, hashes } = bom.metadata.component;
  expect(`${name}-${version}.tgz`).toBe(path.basename(tarball));
  expect(hashes).toEqual([{ alg: 'SHA-512', content: digest(tarball, 'sha512') }]);
  const prebuilt = path.join('prebuilds', platformFolder());
  for (const binary of ['beastio.node', 'beastio-tls.node']) {
    const file = path.join(prebuilt, binary);
    const content = digest(path.join(place, file), 'sha256');
    expect(component(file).hashes).toEqual([{ alg: 'SHA-256', content }]);
  }
});

test('it is of the binaries for another platform, too', async () => {
  const prebuilt = path.join(place, 'prebuilds', platformFolder());
  const other = path.join(place, 'prebuilds/plan9-x64');
  const file = path.join(prebuilt, CONTENTS);
  const { sha256, components } = JSON.parse(fs.readFileSync(file, 'utf8'));
  const libc = { ...components[0], 'bom-ref': 'plan9-x64/libc++', name: 'libc++' };
  fs.cpSync(prebuilt, other, { recursive: true });
  const contents = { sha256, components: [libc] };
  fs.writeFileSync(path.join(other, CONTENTS), JSON.stringify(contents));
  const { components: all, dependencies } = JSON.parse(await billOfMaterials(place, tarball));
  fs.rmSync(other, { recursive: true });
  expect(all).toEqual(expect.arrayContaining([libc, ...components]));
  const refs = (/** @type {string} */ ref) =>
    dependencies.find((/** @type {any} */ entry) => entry.ref === ref).dependsOn;
  const own = components.map((/** @type {any} */ each) => each['bom-ref']);
  for (const binary of Object.keys(sha256)) {
    expect(refs(`prebuilds/plan9-x64/${binary}`)).toEqual(['plan9-x64/libc++']);
    expect(refs(`prebuilds/${platformFolder()}/${binary}`)).toEqual(own);
  }
});

test('it has every package that npm installs with this one, and no other', () => {
  const wanted = [...dependencyFolders()].map((installed) => {
    const { name, version } = require(path.join(installed, 'package.json'));
    return `pkg:npm/${name.replace('@', '%40')}@${version}`;
  });
  const purls = bom.components
    .filter((/** @type {any} */ { 'bom-ref': ref }) => ref.includes('@'))
    .map((/** @type {any} */ { purl }) => purl);
  expect(purls.sort()).toEqual([...new Set(wanted)].sort());
});

test('the browser client is the version that lies in client-dist', () => {
  const { name, version } = component('client-dist');
  expect(name).toBe('socket.io-client');
  const bundle = fs.readFileSync(path.join(place, 'client-dist/socket.io.js'), 'utf8');
  expect(bundle).toContain(`Socket.IO v${version}`);
});

test('each component has a version and a licence', () => {
  const lacking = bom.components.filter(
    (/** @type {any} */ { type, version, licenses }) =>
      type === 'library' && !(version && licenses?.length > 0),
  );
  expect(lacking).toEqual([]);
});

/** @param {string} name */
const native = (name) => component(`${platformFolder()}/${name}`);

test('the binary says the same of its compiler', () => {
  const file = path.join(place, 'prebuilds', platformFolder(), 'beastio.node');
  const comment = String(execFileSync('readelf', ['--string-dump=.comment', file]));
  expect(comment).toContain(`) ${native('libstdc++').version}`);
});

test('versions are those of the headers that the compiler takes', () => {
  const sources = [
    '#include <boost/version.hpp>',
    '#include <zlib.h>',
    'boost = BOOST_LIB_VERSION zlib = ZLIB_VERSION',
  ].join('\n');
  const output = String(execFileSync('g++', ['-E', '-P', '-x', 'c++', '-'], { input: sources }));
  const [, boost, zlib] = /boost = "(.*?)" zlib = "(.*?)"/.exec(output) ?? [];
  expect(native('boost').version).toBe(boost.replaceAll('_', '.'));
  expect(native('zlib').version).toBe(zlib);
  expect(native('openssl').version).toBe(process.versions.openssl.replace(/\+.*/, ''));
  expect(native('node').version).toBe(process.versions.node);
});

test('where Debian has packaged a component, it says which version', () => {
  for (const name of ['boost', 'zlib', 'libstdc++']) {
    const { purl, version } = native(name);
    if (!fs.existsSync('/etc/debian_version')) {
      expect(purl).toBe(`pkg:generic/${name}@${version}`);
      continue;
    }
    const [, debianName, exact] = /^pkg:deb\/debian\/(.+?)@(.+?)\?arch=\w+$/.exec(purl) ?? [];
    const format = '--showformat=$' + '{Version} ';
    const shown = String(execFileSync('dpkg-query', ['--show', format, debianName])).split(' ');
    expect(shown).toContain(decodeURIComponent(exact));
    expect(decodeURIComponent(exact)).toContain(version);
  }
});
