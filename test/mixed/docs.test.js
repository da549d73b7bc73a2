/**
 * The page docs/mixed.md, word by word: its smallest addon is built and talked to. Its other blocks of C++, and that of
 * README.md, are compiled.
 */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { io: connect } = require('socket.io-client');
const { builtByGyp } = require('../../scripts/setup/gyp');
const { BUILD_MS, builtAddon } = require('../support/programs/native-addon');
const { eventOf } = require('../support/rigs/rig');
const { endAll, ended, printed, start } = require('../support/programs/server-program');

const TOP = path.join(__dirname, '../..');
const PAGE = fs.readFileSync(path.join(TOP, 'docs/mixed.md'), 'utf8');

/** The first block of a language. @param {string} language */
function block(language) {
  const [, text] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(PAGE) ?? [];
  if (text === undefined) throw new Error(`no block of ${language}`);
  return text;
}

/** What an application has around the other blocks of C++. */
const AROUND = `#include <atomic>
#include <beastio/native.hpp>
#include <cstddef>
#include <span>
#include <string>

using namespace beastio::socketio;

struct Credentials {
  std::string user;
  std::string token;
};
template <>
struct beastio::socketio::Codec<Credentials>
    : Members<Credentials, Member<"user", &Credentials::user>,
              Member<"token", &Credentials::token>> {};
struct Player {
  std::string name;
};
static bool isKnown(const std::string& token) { return token == "known"; }
static std::span<const std::byte> step() { return {}; }
`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-mixed-docs-'));

afterAll(() => {
  endAll();
  fs.rmSync(folder, { recursive: true });
});

test(
  'the smallest addon',
  async () => {
    fs.writeFileSync(path.join(folder, 'package.json'), '{"name":"moves"}');
    fs.writeFileSync(path.join(folder, 'moves.cc'), block('cpp'));
    fs.writeFileSync(path.join(folder, 'binding.gyp'), block('python'));
    // A free port, which it prints.
    const server = block('js').replace('3000', '0');
    const tail = `console.log(io.httpServer.address().port);`;
    fs.writeFileSync(path.join(folder, 'server.js'), server + tail);
    fs.mkdirSync(path.join(folder, 'node_modules'));
    fs.symlinkSync(TOP, path.join(folder, 'node_modules/beast.io'));
    await builtByGyp(folder, 'moves');

    const program = start(process.execPath, [path.join(folder, 'server.js')]);
    const [, port] = await printed(program, /^(\d+)\n$/);
    const options = { transports: ['websocket'], forceNew: true };
    const url = `http://localhost:${port}`;
    const [one, two] = [connect(url, options), connect(url, options)];
    await Promise.all([one, two].map((client) => eventOf(client, 'connect')));
    const moved = eventOf(two, 'moved');
    one.emit('move', 1.5, -2);
    expect(await moved).toEqual([one.id, 1.5, -2]);
    const said = eventOf(two, 'chat');
    one.emit('chat', 'hello');
    expect(await said).toEqual(['hello']);
    one.disconnect();
    two.disconnect();
    expect(await ended(program, 'SIGTERM')).toEqual([null, 'SIGTERM']);
    expect(program.err).toBe('');
  },
  BUILD_MS,
);

test(
  'the other blocks of C++ compile',
  async () => {
    const pages = [PAGE, fs.readFileSync(path.join(TOP, 'README.md'), 'utf8')];
    const blocks = pages.flatMap((page) => [...page.matchAll(/^```cpp\n([^]*?)^```$/gm)]);
    const parts = blocks.map(([, text]) => text).filter((text) => !text.startsWith('#include'));
    expect(parts).toHaveLength(4);
    const functions = parts.map((text, index) =>
      text.startsWith('void ')
        ? text
        : `void block${index}(const beastio::native::Host* host) {\n${text}}\n`,
    );
    const source = path.join(folder, 'blocks.cc');
    fs.writeFileSync(source, AROUND + functions.join('\n'));
    await builtAddon(path.relative(TOP, source));
  },
  BUILD_MS,
);
