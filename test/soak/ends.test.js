/** A soak ends, whatever does not answer it, and when nobody waits for it any more. */
'use strict';

const { fork } = require('node:child_process');
const { once } = require('node:events');
const net = require('node:net');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { TOP, run } = require('../../scripts/support/processes');
const { converse } = require('../support/clients/hostile');
const { certificate } = require('../support/servers/doors');
const { progress } = require('./run/patience');
const { ServerProcess } = require('./server/process');

/** The set-up that a soak begins with may take long on a busy machine. */
jest.setTimeout(10 * 60_000);

test.each(['a door that accepts and says nothing', 'such a door with TLS'])('%s', async (name) => {
  /** @type {Promise<unknown>[]} */
  const closed = [];
  const door = net.createServer((socket) => {
    closed.push(once(socket.on('error', () => {}).resume(), 'close'));
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {net.AddressInfo} */ (door.address());
  const place = { host: '127.0.0.1', port };
  const trust = name.endsWith('TLS') ? { ca: certificate().ca } : {};
  expect(await converse({ ...place, ...trust }, [['GET /']], 50)).toBe('');
  await Promise.all(closed);
  await once(door.close(), 'close');
});

test('what becomes no less is not waited for', async () => {
  expect(await progress(() => 2, 50)).toBe(2);
  let left = 3;
  expect(await progress(() => left--, 60_000)).toBe(0);
});

test('a server that does not begin to serve in time', async () => {
  const settings = { doors: ['http'], windowMs: 1000, sabotage: [] };
  await expect(ServerProcess.start(settings, 1)).rejects.toThrow('longer than 0.001 s');
});

test('a process that does not end in time', async () => {
  const { code, output } = await run(process.execPath, ['-e', 'setInterval(() => {}, 9)'], {
    limitMs: 50,
  });
  expect(code).toBe(124);
  expect(output).toContain('It did not end within 50 ms');
});

test('a soak whose parent goes away', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-soak-ends-'));
  const args = ['--minutes', '60', '--clients', '2', '--door', 'http', '--out', folder];
  const soak = fork(path.join(TOP, 'scripts/soak.js'), args, { silent: true });
  const exit = once(soak, 'exit');
  await Promise.race([once(/** @type {any} */ (soak.stdout), 'data'), exit]);
  soak.disconnect();
  expect(await exit).toEqual([1, null]);
  expect(fs.readdirSync(folder)).toEqual([]);
  fs.rmdirSync(folder);
});
