/**
 * Launches the Chromium of the machine for the browser tests; BROWSER_PATH names another one.
 * It runs without a sandbox (containers), without a GPU, and without any traffic that we did not ask for.
 */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { chromium } = require('playwright-core');

const LAUNCH_TIMEOUT_MS = 90_000;

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns {Promise<import('playwright-core').Browser>} to be closed by the caller */
function launchBrowser() {
  return chromium.launch({
    executablePath: process.env.BROWSER_PATH || '/usr/bin/chromium',
    args: ARGS,
    timeout: LAUNCH_TIMEOUT_MS,
  });
}

/**
 * Takes a picture of every open page of a browser, for someone who reads a failed test.
 * @param {import('playwright-core').Browser} browser
 * @param {string} name of the test
 * @returns {Promise<string>} the folder of the pictures, outside the repository
 */
async function keepScreenshots(browser, name) {
  const folder = path.join(os.tmpdir(), 'beastio-e2e', name.replace(/[^a-z0-9]+/gi, '-'));
  fs.mkdirSync(folder, { recursive: true });
  const pages = browser.contexts().flatMap((context) => context.pages());
  await Promise.all(
    pages.map((page, index) =>
      // A page that hangs has no picture; the reason of the failure must not be hidden by that.
      page.screenshot({ path: path.join(folder, `page-${index + 1}.png`) }).catch(() => {}),
    ),
  );
  return folder;
}

module.exports = { launchBrowser, keepScreenshots };
