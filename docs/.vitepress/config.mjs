/**
 * The site of the documentation. `npm run docs` at the top builds it into docs/.vitepress/dist, and `npm run docs -- dev` shows it
 * while it is written. The pages are the same files that the repository shows, so the anchors are GitHub's.
 */
import fs from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitepress';

const DOCS = path.resolve(import.meta.dirname, '..');
const TOP = path.resolve(DOCS, '..');
const { repository, version } = JSON.parse(fs.readFileSync(path.join(TOP, 'package.json'), 'utf8'));

/** Where files of the repository are shown that are no pages; undefined as long as package.json names none. */
const SOURCES = repository?.url?.replace(/^git\+|\.git$/g, '').concat('/blob/main/');

/** The anchor of a heading, as GitHub makes it. @param {string} text */
const slugify = (text) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

/** Links to files outside of docs/ lead to the repository; without a place of it, they are text. */
function linkSources(/** @type {any} */ md) {
  const outside = (/** @type {string} */ href, /** @type {any} */ env) => {
    if (/^(\w+:|#|\/)/.test(href)) return undefined;
    const file = path.resolve(path.dirname(env.path), href.replace(/#.*/, ''));
    return file.startsWith(DOCS + path.sep) ? undefined : path.relative(TOP, file);
  };
  md.core.ruler.push('link-sources', (/** @type {any} */ state) => {
    for (const { children } of state.tokens.filter((token) => token.type === 'inline')) {
      let isText = false;
      for (const token of children) {
        const file =
          token.type === 'link_open' ? outside(token.attrGet('href'), state.env) : undefined;
        if (file !== undefined && SOURCES !== undefined) token.attrSet('href', SOURCES + file);
        if (file !== undefined && SOURCES === undefined) isText = true;
        if (isText && /^link_/.test(token.type)) {
          if (token.type === 'link_close') isText = false;
          Object.assign(token, { type: 'text', content: '', nesting: 0, tag: '' });
        }
      }
    }
  });
}

/** Diagrams are drawn by the browser. */
function drawDiagrams(/** @type {any} */ md) {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (/** @type {any[]} */ ...args) => {
    const [tokens, index] = args;
    const { info, content } = tokens[index];
    if (info.trim() !== 'mermaid') return fence(...args);
    return `<Diagram source="${encodeURIComponent(content)}" />`;
  };
}

/** @param {string} folder @param {[text: string, name: string][]} pages */
const links = (folder, pages) => pages.map(([text, name]) => ({ text, link: `${folder}${name}` }));

export default defineConfig({
  title: 'beast.io',
  description: 'The socket.io server, with a transport engine in C++',
  lang: 'en',
  srcExclude: ['README.md'],
  markdown: {
    anchor: { slugify },
    config(md) {
      md.use(linkSources);
      md.use(drawDiagrams);
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/guide/getting-started' },
      { text: 'API', link: '/api/' },
      { text: 'C++', link: '/cpp' },
      { text: version, link: '/differences' },
    ],
    sidebar: [
      {
        text: 'Guide',
        items: links('/guide/', [
          ['Getting started', 'getting-started'],
          ['Coming from socket.io', 'migrate'],
          ['Frameworks', 'frameworks'],
          ['Rooms', 'rooms'],
          ['Acknowledgements', 'acknowledgements'],
          ['Middlewares', 'middlewares'],
          ['Recovery', 'recovery'],
          ['TLS', 'tls'],
          ['Several servers', 'scaling'],
          ['Troubleshooting', 'troubleshooting'],
        ]),
      },
      {
        text: 'API',
        items: links('/api/', [
          ['Overview', ''],
          ['Server', 'server'],
          ['Namespace', 'namespace'],
          ['Socket', 'socket'],
          ['Broadcasts', 'broadcasts'],
          ['Engine', 'engine'],
        ]).concat(links('/', [['Options', 'options']])),
      },
      {
        text: 'Running it',
        items: links('/', [
          ['Limits', 'limits'],
          ['Backpressure', 'backpressure'],
          ['Metrics', 'metrics'],
          ['Restarts', 'restarts'],
          ['Performance', 'performance'],
          ['Bundlers', 'bundlers'],
          ['The package', 'packaging'],
          ['Differences', 'differences'],
        ]),
      },
      {
        text: 'C++',
        items: links('/', [
          ['A server in C++', 'cpp'],
          ['Installing', 'cpp-install'],
          ['C++ beside JavaScript', 'mixed'],
        ]),
      },
      {
        text: 'How it is made',
        items: links('/', [
          ['Architecture', 'architecture'],
          ['The soak', 'soak'],
        ]),
      },
    ],
  },
});
