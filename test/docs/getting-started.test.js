'use strict';

/** docs/guide/getting-started.md, word by word: what it writes is run, and two windows talk to each other. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { launchBrowser } = require('../support/clients/browser');
const { TOP } = require('../support/programs/programs');
const { endAll, printed, start } = require('../support/programs/server-program');
const { freePort } = require('../support/servers/free-port');

const PAGE = fs.readFileSync(path.join(TOP, 'docs/guide/getting-started.md'), 'utf8');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-chat-'));
/** @type {import('playwright-core').Browser} */
let browser;

afterAll(async () => {
  await browser?.close();
  endAll();
  fs.rmSync(folder, { recursive: true });
});

test('a chat', async () => {
  const port = String(await freePort());
  const files = [...PAGE.matchAll(/^```\w+ \[([\w.]+)\]\n([^]*?)^```$/gm)];
  expect(files.map(([, name]) => name)).toEqual(['server.js', 'index.html']);
  for (const [, name, text] of files) {
    fs.writeFileSync(path.join(folder, name), text.replaceAll('3000', port));
  }
  fs.mkdirSync(path.join(folder, 'node_modules'));
  fs.symlinkSync(TOP, path.join(folder, 'node_modules/beast.io'));
  const program = start(process.execPath, [path.join(folder, 'server.js')]);
  const [url] = await printed(program, /^http:\/\/localhost:\d+/);

  browser = await launchBrowser();
  const [one, two] = [await browser.newPage(), await browser.newPage()];
  for (const page of [one, two]) {
    await page.goto(url);
    await page.waitForFunction('socket.connected');
  }
  await one.fill('input', 'hello <b>you</b>');
  await one.click('button');
  for (const page of [one, two]) await page.waitForSelector('li:has-text("hello <b>you</b>")');
  expect(program.err).toBe('');
});
