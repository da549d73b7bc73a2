'use strict';

/** The documentation as a site: it is built, and a reader finds his way in it without any other host. */

const fs = require('node:fs');
const http = require('node:http');
const os = require('node:os');
const path = require('node:path');
const { once } = require('node:events');
const { ended, start } = require('../support/programs/server-program');
const { launchBrowser } = require('../support/clients/browser');
const { TOP } = require('../support/programs/programs');

const BUILD_MS = 300_000;
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-site-'));
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {http.Server} */
let server;
/** @type {string} */
let origin;

beforeAll(async () => {
  const build = start(process.execPath, [path.join(TOP, 'scripts/docs.js'), '--out', folder]);
  const [code] = await ended(build);
  expect([code, code === 0 ? '' : build.out + build.err]).toEqual([0, '']);
  server = http.createServer(serve).listen(0);
  await once(server, 'listening');
  origin = `http://localhost:${/** @type {any} */ (server.address()).port}`;
  browser = await launchBrowser();
}, BUILD_MS);

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  fs.rmSync(folder, { recursive: true });
});

/** @type {http.RequestListener} */
function serve(req, res) {
  const { pathname } = new URL(req.url ?? '/', 'http://localhost');
  const name = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
  const file = [name, `${name}.html`]
    .map((each) => path.join(folder, each))
    .find((each) => fs.existsSync(each) && fs.statSync(each).isFile());
  if (file === undefined) return void res.writeHead(404).end();
  const type = /** @type {Record<string, string>} */ (TYPES)[path.extname(file).slice(1)];
  res.writeHead(200, { 'content-type': type ?? 'application/octet-stream' });
  fs.createReadStream(file).pipe(res);
}

/** A page, and what went wrong on it. @param {string} place @param {object} [options] */
async function open(place, options) {
  const page = await browser.newPage(options);
  /** @type {string[]} */
  const troubles = [];
  page.on('pageerror', ({ message }) => troubles.push(message));
  page.on('requestfailed', (request) => troubles.push(request.url()));
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin)) {
      troubles.push(request.url());
    }
  });
  page.on('response', (response) => response.ok() || troubles.push(response.url()));
  await page.goto(origin + place);
  return { page, troubles };
}

test('every page is built', () => {
  const isPage = (/** @type {string} */ name) => name.endsWith('.md');
  const pages = ['', 'api', 'guide'].flatMap((each) =>
    fs
      .readdirSync(path.join(TOP, 'docs', each))
      .filter(isPage)
      .map((name) => path.join(each, name.replace(/md$/, 'html'))),
  );
  expect(pages.length).toBeGreaterThan(25);
  expect(pages.filter((page) => !fs.existsSync(path.join(folder, page)))).toEqual([]);
});

test('from the first page to the chat, and to a method by the search', async () => {
  const { page, troubles } = await open('/');
  await page.click('text=Getting started');
  await page.waitForSelector('h1:has-text("Getting started")');
  await page.click('#local-search button');
  await page.fill('#localsearch-input', 'socketsJoin');
  await page.click('.results a:has-text("socketsJoin")');
  await page.waitForSelector('h2:has-text("io.socketsJoin(rooms)")');
  expect(troubles).toEqual([]);
});

test('a code is found in what the search has loaded, without any network', async () => {
  const { page } = await open('/');
  const index = page.waitForResponse(/localSearchIndex/);
  await page.click('#local-search button');
  await (await index).finished();
  await page.context().setOffline(true);
  await page.fill('#localsearch-input', 'ERR_BEASTIO_TAKEN');
  await page.waitForSelector('.results a[href$="/guide/troubleshooting.html#err_beastio_taken"]');
});

test('every link of the first page and of the sidebar leads to a page', async () => {
  const { page } = await open('/');
  const homes = await page.$$eval('.VPHome a', (links) => links.map(({ href }) => href));
  await page.goto(`${origin}/guide/getting-started`);
  const sides = await page.$$eval('.VPSidebar a', (links) => links.map(({ href }) => href));
  expect(sides.length).toBeGreaterThan(25);
  for (const href of new Set([...homes, ...sides])) {
    expect([href, (await fetch(href)).status]).toEqual([href, 200]);
  }
});

test('an anchor of a message is where it says', async () => {
  const { page } = await open('/guide/troubleshooting#err_beastio_taken');
  expect(await page.textContent('#err_beastio_taken')).toContain('ERR_BEASTIO_TAKEN');
});

test('diagrams are drawn, on a phone too, and nothing is wider than that', async () => {
  const { page, troubles } = await open('/architecture', { viewport: { width: 360, height: 740 } });
  const sources = fs.readFileSync(path.join(TOP, 'docs/architecture.md'), 'utf8');
  const count = (sources.match(/^```mermaid$/gm) ?? []).length;
  expect(count).toBeGreaterThan(1);
  await page.waitForFunction(`document.querySelectorAll('.diagram svg').length === ${count}`);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  expect(troubles).toEqual([]);
});
