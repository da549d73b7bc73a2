/**
 * The page docs/mixed.md, word by word: its smallest addon is built and talked to.
 */
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { io: connect } = require('socket.io-client');
const { builtByGyp } = require('../../scripts/setup/gyp');
const { BUILD_MS } = require('../support/programs/native-addon');
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
