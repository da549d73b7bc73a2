'use strict';

/**
 * The bill of materials of a packed package (CycloneDX 1.5). It has the packages that npm installs with it, the
 * browser client, the binaries, and what these are made of. Of npm's packages it says what npm says of our lock file.
 * The bill says neither when it was made nor by whom: two of the same package are equal. Node core modules only.
 */

const fs = require('node:fs');
const path = require('node:path');
const { npm } = require('../setup/npm-packages');
const { TOP } = require('../support/processes');
const { SetUpError } = require('../support/set-up-error');
const { CONTENTS, digestOf } = require('./contents');

/**
 * @typedef {{ ref: string, dependsOn?: string[] }} Dependency
 * @typedef {{ 'bom-ref': string, name: string, version?: string, [field: string]: unknown }} Component
 * @typedef {object} Bom
 * @property {{ component: Component, [field: string]: unknown }} metadata
 * @property {Component[]} components
 * @property {Dependency[]} dependencies
 */

/** @returns {Promise<Bom>} npm's, of everything in our lock file. */
async function npmBom() {
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', '--sbom-type=library'];
  const { code, output } = await npm(args);
  if (code !== 0) throw new SetUpError(`${output}\nnpm sbom failed with code ${code}.`);
  return JSON.parse(output.slice(output.indexOf('{')));
}

/**
 * What users get of it. npm's own `--omit=dev` leaves out packages that ours and a tool of ours depend on.
 * @param {Bom} bom
 * @param {Record<string, string>} names The dependencies of the published package.json.
 */
function published({ components, dependencies }, names) {
  const { packages } = JSON.parse(fs.readFileSync(path.join(TOP, 'package-lock.json'), 'utf8'));
  const direct = Object.keys(names).map(
    (name) => `${name}@${packages[`node_modules/${name}`].version}`,
  );
  const uses = new Map(dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const reached = new Set(direct);
  for (const ref of reached) for (const used of uses.get(ref) ?? []) reached.add(used);
  return {
    direct,
    components: components.filter(({ 'bom-ref': ref }) => reached.has(ref)).map(withLicence),
    dependencies: dependencies.filter(({ ref }) => reached.has(ref)),
  };
}

/**
 * npm does not read the older way to tell a licence.
 * @param {Component} component
 * @returns {Component}
 */
function withLicence(component) {
  if (component.licenses !== undefined) return component;
  const manifest = path.join(TOP, 'node_modules', component.name, 'package.json');
  const { licenses = [] } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  const ids = licenses.map((/** @type {{ type: string }} */ { type }) => ({
    license: { id: type },
  }));
  return { ...component, licenses: ids };
}

/**
 * @param {string} stage What was packed, as files.
 * @returns {{ components: Component[], dependencies: Dependency[] }} Of its binaries, and what they are made of.
 */
function binariesIn(stage) {
  /** @type {Component[]} */
  const components = [];
  /** @type {Dependency[]} */
  const dependencies = [];
  for (const platform of fs.readdirSync(path.join(stage, 'prebuilds')).sort()) {
    const folder = path.join(stage, 'prebuilds', platform);
    const contents = JSON.parse(fs.readFileSync(path.join(folder, CONTENTS), 'utf8'));
    components.push(...contents.components);
    const refs = contents.components.map((/** @type {Component} */ made) => made['bom-ref']);
    for (const [name, content] of Object.entries(contents.sha256)) {
      const ref = `prebuilds/${platform}/${name}`;
      const hashes = [{ alg: 'SHA-256', content }];
      components.push({ 'bom-ref': ref, type: 'file', name: ref, hashes });
      dependencies.push({ ref, dependsOn: refs });
    }
  }
  return { components, dependencies };
}

/**
 * @param {string} stage What was packed, as files.
 * @param {string} tarball
 * @returns {Promise<string>} The document.
 */
async function billOfMaterials(stage, tarball) {
  const { name, version, license, description, dependencies } = JSON.parse(
    fs.readFileSync(path.join(stage, 'package.json'), 'utf8'),
  );
  const bom = await npmBom();
  const packages = published(bom, dependencies);
  const binaries = binariesIn(stage);
  const ref = `${name}@${version}`;
  const client = packages.components.find((component) => component.name === 'socket.io-client');
  const bundled = {
    ...client,
    'bom-ref': 'client-dist',
    description: 'The browser client: the files of its folder dist',
  };
  const files = [...binaries.dependencies.map((entry) => entry.ref), 'client-dist'];
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: {
        'bom-ref': ref,
        type: 'library',
        name,
        version,
        description,
        licenses: [{ license: { id: license } }],
        purl: `pkg:npm/${ref}`,
        hashes: [{ alg: 'SHA-512', content: digestOf(tarball, 'sha512') }],
      },
    },
    components: [...packages.components, bundled, ...binaries.components],
    dependencies: [
      { ref, dependsOn: [...packages.direct, ...files] },
      ...packages.dependencies,
      ...binaries.dependencies,
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

module.exports = { billOfMaterials };
