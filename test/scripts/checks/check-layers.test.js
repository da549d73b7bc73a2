'use strict';

/** The layer check on small trees in a temporary folder, each with one thing right or wrong. */

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { checkLayers } = require('../../../scripts/check-layers');

/** @type {string} */
let top;

beforeEach(() => {
  top = fs.mkdtempSync(path.join(os.tmpdir(), 'beastio-layers-'));
});

afterEach(() => {
  fs.rmSync(top, { recursive: true, force: true });
});

/**
 * @param {Record<string, string>} files Content by path.
 * @returns {string[]} The violations that the check finds in such a tree, as it prints them.
 */
function violationsOf(files) {
  for (const [file, content] of Object.entries(files)) {
    const absolute = path.join(top, file);
    fs.mkdirSync(path.dirname(absolute), { recursive: true });
    fs.writeFileSync(absolute, content);
  }
  return checkLayers(top).map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

describe('native', () => {
  test('a room may include itself, the rooms below it and its libraries', () => {
    const violations = violationsOf({
      'native/include/beastio/server.hpp': '#pragma once\n#include <string>\n',
      'native/src/protocol/text/utf8.hpp': '#include <string_view>\n#include <immintrin.h>\n',
      'native/src/protocol/websocket/deflate.cpp':
        '#include <zlib.h>\n#include "protocol/text/utf8.hpp"\n',
      'native/src/session/session.hpp': '#include <chrono>\n#include "protocol/text/utf8.hpp"\n',
      'native/src/transport/http/http.hpp':
        '#include "session/session.hpp"\n#include "transport/beast/http.hpp"\n',
      'native/src/transport/beast/http.hpp': '#include <boost/beast/http.hpp>\n',
      'native/src/engine/engine.cpp':
        '#include <thread>\n#include "transport/http/http.hpp"\n' +
        '#include "beastio/server.hpp"\n',
      'native/tls/session.cpp': '#include <openssl/ssl.h>\n#include <beastio/server.hpp>\n',
      'native/node/addon.cpp': '#include <napi.h>\n#include <beastio/server.hpp>\n',
      'native/node/tag.hpp': '#include <napi.h>\n',
      'native/tls-addon/addon.cpp': '#include <napi.h>\n#include "node/tag.hpp"\n',
    });
    expect(violations).toEqual([]);
  });

  test.each([
    ['protocol/text', 'session/session.hpp', 'native/src/session/session.hpp'],
    ['protocol/text', 'protocol/websocket/frame.hpp', 'native/src/protocol/websocket/frame.hpp'],
    ['session', 'transport/loop/loop.hpp', 'native/src/transport/loop/loop.hpp'],
    ['transport/http', '../../engine/engine.hpp', 'native/src/engine/engine.hpp'],
    ['engine/doors', 'engine/engine.hpp', 'native/src/engine/engine.hpp'],
  ])('%s may not include %s, which is above it', (room, include, resolved) => {
    const violations = violationsOf({
      [resolved]: '',
      [`native/src/${room}/a.hpp`]: `#pragma once\n\n#include "${include}"\n`,
    });
    expect(violations).toEqual([
      `native/src/${room}/a.hpp:3: native/src/${room} may not include ${resolved}`,
    ]);
  });

  test.each([
    ['src/protocol/text', 'thread', 'threads'],
    ['src/protocol/text', 'chrono', 'clock'],
    ['src/protocol/text', 'sys/socket.h', 'system'],
    ['src/session', 'boost/asio/steady_timer.hpp', 'boost'],
    ['src/transport/http', 'boost/beast/http/parser.hpp', 'boost'],
    ['src/session', 'zlib.h', 'zlib'],
    ['src/engine', 'boost/beast/core.hpp', 'boost'],
    ['src/engine', 'node_api.h', 'node-api'],
    ['include/beastio', 'boost/asio.hpp', 'boost'],
    ['node', 'boost/asio.hpp', 'boost'],
    ['node', 'openssl/ssl.h', 'openssl'],
    ['src/transport/stream', 'openssl/ssl.h', 'openssl'],
    ['tls', 'boost/asio.hpp', 'boost'],
    ['tls-addon', 'openssl/ssl.h', 'openssl'],
    ['src/transport/stream', 'somebody/else.hpp', 'unknown header'],
  ])('%s may not include <%s>', (room, header, kind) => {
    const violations = violationsOf({ [`native/${room}/a.hpp`]: `#include <${header}>\n` });
    expect(violations).toEqual([
      `native/${room}/a.hpp:1: native/${room} may not include <${header}> (${kind})`,
    ]);
  });

  test('the addon sees the public headers only', () => {
    const violations = violationsOf({
      'native/src/engine/engine.hpp': '',
      'native/node/addon.cpp': '#include "../src/engine/engine.hpp"\n',
    });
    expect(violations).toEqual([
      'native/node/addon.cpp:1: native/node may not include native/src/engine/engine.hpp',
    ]);
  });

  test('every file lies in a room', () => {
    const violations = violationsOf({ 'native/src/misc.cpp': '' });
    expect(violations).toEqual(['native/src/misc.cpp:1: lies in no room of native/']);
  });

  test('no headers include each other in a circle', () => {
    const violations = violationsOf({
      'native/src/session/a.hpp': '#include "session/b.hpp"\n',
      'native/src/session/b.hpp': '#pragma once\n#include "session/a.hpp"\n',
    });
    const circle = 'native/src/session/a.hpp → native/src/session/b.hpp → native/src/session/a.hpp';
    expect(violations).toEqual([`native/src/session/b.hpp:2: closes a circle: ${circle}`]);
  });

  test('a public header reaches at most ten sources of the core, through other headers too', () => {
    const files = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [
        `native/src/session/s${i}.cpp`,
        `#include "${i % 2 === 0 ? 'beastio/host/value.hpp' : 'session/via.hpp'}"\n`,
      ]),
    );
    files['native/include/beastio/host/value.hpp'] = '#include "beastio/export.hpp"\n';
    files['native/include/beastio/export.hpp'] = '#define BEASTIO_EXPORT\n';
    files['native/src/session/via.hpp'] = '#include "beastio/host/value.hpp"\n';
    files['native/src/socketio/server/a.cpp'] = '#include "beastio/host/value.hpp"\n';
    files['native/node/b.cpp'] = '#include "beastio/host/value.hpp"\n';
    expect(violationsOf(files)).toEqual([]);
    const more = { 'native/src/engine/more.cpp': '#include "session/via.hpp"\n' };
    expect(violationsOf(more)).toEqual([
      'native/include/beastio/host/value.hpp:1: ' +
        'an edit of it compiles 11 sources of the core; 10 are the most',
    ]);
  });

  test('an include in a comment does not count', () => {
    expect(violationsOf({ 'native/src/session/a.hpp': '// #include <thread>\n' })).toEqual([]);
  });
});

describe('lib', () => {
  test('a room may require the rooms below it, packages, and the version', () => {
    const violations = violationsOf({
      'lib/index.js': "require('../dist/socket'); module.exports = require('./api/server');",
      'lib/api/server/index.js':
        "require('../../rooms'); require('../../engine'); require('node:http');",
      'lib/api/server/version.js': "require('../../../package.json');",
      'lib/rooms/index.js': "require('../protocol'); require('socket.io-adapter');",
      'lib/protocol/index.js': "require('./encoder'); require('socket.io-parser');",
      'lib/engine/index.js': "require('./wire/addon'); require('engine.io');",
      'lib/engine/wire/addon.js': "require('../../../build/Release/beastio.node');",
    });
    expect(violations).toEqual([]);
  });

  test.each([
    ['engine', 'rooms', '../rooms'],
    ['engine/wire', 'engine/base/log', '../base/log'],
    ['engine/session', 'engine/engine', '../engine'],
    ['protocol', 'api/server', '../api/server'],
    ['rooms', 'api', '../api'],
    ['api/clients', 'api/sockets/socket', '../sockets/socket'],
    ['api/sockets', 'engine', '../../engine'],
  ])('%s may not require %s, which is above it', (room, target, specifier) => {
    const violations = violationsOf({
      [`lib/${room}/a.js`]: `'use strict';\nrequire('${specifier}');`,
    });
    expect(violations).toEqual([`lib/${room}/a.js:2: lib/${room} may not require lib/${target}`]);
  });

  test('every way to load a module counts, and a comment does not', () => {
    const violations = violationsOf({
      'lib/rooms/a.js': [
        "/** @param {import('../api/server').Server} server */",
        "// require('../api');",
        'const quote = /["\'/]/;',
        "import('../api/a');",
        "require.resolve('../api/b');",
      ].join('\n'),
      'lib/rooms/b.mjs': "export * from '../api/c';\nimport '../api/d';",
    });
    expect(violations).toEqual([
      'lib/rooms/a.js:4: lib/rooms may not require lib/api/a',
      'lib/rooms/a.js:5: lib/rooms may not require lib/api/b',
      'lib/rooms/b.mjs:1: lib/rooms may not require lib/api/c',
      'lib/rooms/b.mjs:2: lib/rooms may not require lib/api/d',
    ]);
  });

  test.each(['beastio.node', '../../build/Release/', 'node-gyp-build'])(
    'only engine/wire may touch the addon, by %s',
    (text) => {
      const violations = violationsOf({
        'lib/api/base/a.js': `load(\`${text}\`);`,
        'lib/engine/wire/a.js': `load('${text}');`,
      });
      expect(violations).toEqual([
        `lib/api/base/a.js:1: only lib/engine/wire may touch the addon (${text})`,
      ]);
    },
  );

  test('only engine may require another transport engine', () => {
    const violations = violationsOf({
      'lib/api/base/a.js': "require('ws');",
      'lib/rooms/a.js': "require('engine.io/build/server');",
    });
    expect(violations).toEqual([
      'lib/api/base/a.js:1: only lib/engine may require ws',
      'lib/rooms/a.js:1: only lib/engine may require engine.io/build/server',
    ]);
  });

  test('no modules require each other in a circle', () => {
    const violations = violationsOf({
      'lib/rooms/a.js': "require('./b');",
      'lib/rooms/b.js': "require('./index');",
      'lib/rooms/index.js': "const later = () => require('./a');",
    });
    const circle = 'lib/rooms/a.js → lib/rooms/b.js → lib/rooms/index.js → lib/rooms/a.js';
    expect(violations).toEqual([`lib/rooms/index.js:1: closes a circle: ${circle}`]);
  });

  test.each(['../../../scripts/setup', '../../../dist/socket'])(
    'api may not require %s',
    (target) => {
      expect(violationsOf({ 'lib/api/base/a.js': `require('${target}');` })).toEqual([
        `lib/api/base/a.js:1: lib may not require ${target}, which is outside of it`,
      ]);
    },
  );
});

describe('sizes', () => {
  test('a file has at most 400 lines', () => {
    const violations = violationsOf({
      'lib/rooms/a.js': '\n'.repeat(400),
      'native/src/session/b.cpp': '\n'.repeat(401),
      'native/include/beastio/c.h': '\n'.repeat(402),
      'test/lib/d.test.js': '\n'.repeat(403),
    });
    expect(violations).toEqual([
      'native/include/beastio/c.h:402: has 402 lines; split it, 400 are the most',
      'native/src/session/b.cpp:401: has 401 lines; split it, 400 are the most',
      'test/lib/d.test.js:403: has 403 lines; split it, 400 are the most',
    ]);
  });

  test('a folder has at most 16 sources, headers beside theirs', () => {
    const names = Array.from({ length: 16 }, (_, i) => `native/src/session/s${i}`);
    const files = names.flatMap((name) => [`${name}.cpp`, `${name}.hpp`]);
    expect(violationsOf(Object.fromEntries(files.map((file) => [file, ''])))).toEqual([]);
    expect(violationsOf({ 'native/src/session/more.hpp': '' })).toEqual([
      'native/src/session:1: has 17 sources; give it folders, 16 are the most',
    ]);
  });

  test.each([
    ['test/support', 'js'],
    ['test/native/session', 'cpp'],
    ['bench/load', 'hpp'],
    ['examples/chat/server', 'mjs'],
    ['native/include/beastio', 'h'],
  ])('%s, too, with sources named .%s', (folder, kind) => {
    const files = Array.from({ length: 16 }, (_, i) => `${folder}/s${i}.${kind}`);
    expect(violationsOf(Object.fromEntries(files.map((file) => [file, ''])))).toEqual([]);
    expect(violationsOf({ [`${folder}/more.${kind}`]: '' })).toEqual([
      `${folder}:1: has 17 sources; give it folders, 16 are the most`,
    ]);
  });
});
