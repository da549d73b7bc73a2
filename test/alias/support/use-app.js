'use strict';

/**
 * An application that runs during each test of a block, with beast.io in the place of socket.io, and
 * clients for it.
 */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { io: connect } = require('socket.io-client');
const { startRegistry } = require('../../../scripts/apps/registry');
const { pack } = require('../../../scripts/pack');
const { installApp, startApp } = require('./apps');

/** Without npm's cache everything is downloaded. */
const INSTALL_TIMEOUT_MS = 180_000;

/** The registry of a test file. @returns {{ registry: import('../../../scripts/apps/registry').Registry }} */
function useRegistry() {
  /** @type {any} */
  const use = {};
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-alias-'));
  beforeAll(async () => {
    use.registry = await startRegistry(await pack(folder));
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => {
    use.registry?.close();
    fs.rmSync(folder, { recursive: true });
  });
  return use;
}

/**
 * Installs an application for the tests of a block, and starts it anew for each.
 * @param {string} name
 * @param {{ registry: import('../../../scripts/apps/registry').Registry }} from
 * @param {string[]} [args]
 */
function useApp(name, from, args) {
  /** @type {any} */
  const use = {};
  /** @type {any[]} */
  let clients = [];

  beforeAll(async () => {
    use.folder = await installApp(name, from.registry);
  }, INSTALL_TIMEOUT_MS);
  afterAll(() => fs.rmSync(use.folder, { recursive: true }));

  beforeEach(async () => {
    use.app = await startApp(use.folder, args);
    use.url = `http://127.0.0.1:${use.app.port}`;
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    clients = [];
    // It ends by itself, without complaint: above all without the warning that no addon was loaded.
    const { code, errors } = await use.app.stop();
    expect(errors).toBe('');
    expect(code).toBe(0);
  });

  use.connect = (/** @type {any} */ options, namespace = '/', port = use.app.port) => {
    const url = `http://127.0.0.1:${port}${namespace}`;
    const client = connect(url, { forceNew: true, reconnection: false, ...options });
    clients.push(client);
    return client;
  };
  use.get = async (/** @type {string} */ route, headers = {}) =>
    (await fetch(use.url + route, { headers })).json();
  return use;
}

/**
 * What a client gets as an event.
 * @param {any} client
 * @param {string} event
 */
const next = (client, event) => new Promise((resolve) => client.once(event, resolve));

/**
 * Of which package a folder of node_modules is.
 * @param {string} folder
 * @param {string} name
 */
function packageIn(folder, name) {
  return JSON.parse(
    fs.readFileSync(path.join(folder, 'node_modules', name, 'package.json'), 'utf8'),
  );
}

module.exports = { next, packageIn, useApp, useRegistry };
