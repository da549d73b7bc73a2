/** Answers over HTTP, byte by byte. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

const POLLING = '/socket.io/?EIO=4&transport=polling';

/** An engine without Socket.IO behind it, whose events are written down. */
async function start(world, { path = '/socket.io/', addTrailingSlash = true, ...opts } = {}) {
  const { httpServer, engine } = await world.serveEngine(opts, { path, addTrailingSlash });
  watch(world, engine);
  return { httpServer, engine };
}

/** Writes down what an engine tells. */
function watch(world, engine) {
  engine.on('connection_error', ({ req, code, message, context }) => {
    const shown = Object.fromEntries(
      Object.entries(context ?? {}).map(([key, value]) => [
        key,
        value instanceof Error ? String(value) : value,
      ]),
    );
    world.note('server', 'connection_error', req.method, code, message, shown);
  });
  engine.on('connection', (conn) => {
    world.note('server', 'connection', conn.transport.name, conn.protocol);
    conn.on('data', (data) => world.note('server', 'data', data));
    conn.on('close', (reason, description) =>
      world.note('server', 'close', reason, String(description)),
    );
  });
}

/** Requests one after the other, each on a separate connection. */
const requests = (list, opts) => async (world) => {
  const io = await start(world, opts);
  for (const [name, [method, target, form]] of Object.entries(list)) {
    await world.http(name, io, method, target, form);
  }
};

/** Requests of one session, each given a fresh one. */
const inSession =
  (list, opts, query = undefined) =>
  async (world) => {
    const io = await start(world, opts);
    for (const [name, [method, more, form]] of Object.entries(list)) {
      const target = await world.poll('open', io, query);
      await world.http(name, io, method, target + more, form);
      await world.quiet();
      world.note('server', `after ${name}`, io.engine.clientsCount);
      if (io.engine.clientsCount > 0) {
        const [conn] = Object.values(io.engine.clients);
        conn.send('next');
        await world.http(`${name}, then`, io, 'GET', target);
        conn.close(true);
        await world.until(() => io.engine.clientsCount === 0, 'the session to be over');
      }
    }
  };

const body = (text, headers) => ({
  body: text,
  headers: { 'Content-Type': 'text/plain;charset=UTF-8', ...headers },
});

describeScenarios(__filename, 'HTTP answers', {
  'refused handshakes': requests({
    'no query': ['GET', '/socket.io/'],
    'no transport': ['GET', '/socket.io/?EIO=4'],
    'unknown transport': ['GET', '/socket.io/?EIO=4&transport=smoke'],
    'prototype as transport': ['GET', '/socket.io/?EIO=4&transport=__proto__'],
    'constructor as transport': ['GET', '/socket.io/?EIO=4&transport=constructor'],
    webtransport: ['GET', '/socket.io/?EIO=4&transport=webtransport'],
    'websocket without upgrade': ['GET', '/socket.io/?EIO=4&transport=websocket'],
    'unknown sid': ['GET', `${POLLING}&sid=nobody`],
    'prototype as sid': ['GET', `${POLLING}&sid=__proto__`],
    'null in sid': ['GET', `${POLLING}&sid=%00`],
    'constructor as sid': ['POST', `${POLLING}&sid=constructor`, body('4x')],
    'empty sid': ['GET', `${POLLING}&sid=`],
    POST: ['POST', POLLING, body('4x')],
    PUT: ['PUT', POLLING, body('4x')],
    OPTIONS: ['OPTIONS', POLLING],
    HEAD: ['HEAD', POLLING],
    DELETE: ['DELETE', POLLING],
    'EIO 3': ['GET', '/socket.io/?EIO=3&transport=polling'],
    'EIO 5': ['GET', '/socket.io/?EIO=5&transport=polling'],
    'no EIO': ['GET', '/socket.io/?transport=polling'],
    'EIO 04': ['GET', '/socket.io/?EIO=04&transport=polling'],
    'EIO twice': ['GET', '/socket.io/?EIO=4&EIO=3&transport=polling'],
    'origin with a forbidden character': [
      'GET',
      POLLING,
      { headers: { Origin: 'http://a\u00e9.b' } },
    ],
  }),
  paths: requests({
    'without slash': ['GET', '/socket.io?EIO=4&transport=polling'],
    'with more behind': ['GET', '/socket.io/abc?EIO=4&transport=polling'],
    other: ['GET', '/'],
    prefix: ['GET', '/socket.iox/?EIO=4&transport=polling'],
    'double slash': ['GET', '//socket.io/?EIO=4&transport=polling'],
    'upper case': ['GET', '/Socket.IO/?EIO=4&transport=polling'],
    'with a fragment': ['GET', `${POLLING}#x`],
  }),
  'paths without a slash': requests(
    {
      'without slash': ['GET', '/socket.io?EIO=4&transport=polling'],
      'with slash': ['GET', POLLING],
      'with more behind': ['GET', '/socket.iox?EIO=4&transport=polling'],
    },
    { addTrailingSlash: false },
  ),
  'a path of the application': requests(
    {
      own: ['GET', '/my/path/?EIO=4&transport=polling'],
      default: ['GET', POLLING],
    },
    { path: '/my/path/' },
  ),
  handshakes: requests(
    {
      plain: ['GET', POLLING],
      base64: ['GET', `${POLLING}&b64=1`],
      jsonp: ['GET', `${POLLING}&j=3`],
      'jsonp with code': ['GET', `${POLLING}&j=alert(1)`],
      'jsonp without a number': ['GET', `${POLLING}&j=`],
      MSIE: ['GET', POLLING, { headers: { 'User-Agent': 'Mozilla/4.0 (compatible;MSIE 8.0)' } }],
      Trident: ['GET', POLLING, { headers: { 'User-Agent': 'x Trident/7.0' } }],
      gzip: ['GET', POLLING, { headers: { 'Accept-Encoding': 'gzip' } }],
      origin: ['GET', POLLING, { headers: { Origin: 'http://example.com' } }],
      'percent signs': ['GET', `${POLLING}&x=%zz&%E0%A4%A=1&t=%41`],
    },
    { allowUpgrades: false, pingInterval: 12_345, pingTimeout: 6789, maxHttpBufferSize: 89 },
  ),
  'handshakes of protocol 3': requests(
    {
      plain: ['GET', '/socket.io/?EIO=3&transport=polling'],
      'without EIO': ['GET', '/socket.io/?transport=polling'],
      base64: ['GET', '/socket.io/?EIO=3&transport=polling&b64=1'],
      jsonp: ['GET', '/socket.io/?EIO=3&transport=polling&j=0'],
      'protocol 4': ['GET', POLLING],
      'EIO 7': ['GET', '/socket.io/?EIO=7&transport=polling'],
    },
    { allowEIO3: true },
  ),
  posts: inSession(
    {
      one: ['POST', '', body('4a')],
      several: ['POST', '', body('4a\x1e4b\x1e4')],
      unicode: ['POST', '', body('4ü💥')],
      'invalid utf-8': ['POST', '', body(Buffer.from([0x34, 0xff, 0x41]))],
      base64: ['POST', '', body('bAQID')],
      'bad base64': ['POST', '', body('b!*?')],
      'empty base64': ['POST', '', body('b')],
      pong: ['POST', '', body('3')],
      noop: ['POST', '', body('6')],
      upgrade: ['POST', '', body('5')],
      open: ['POST', '', body('0{}')],
      'no type': ['POST', '', body('4a', { 'Content-Type': undefined })],
      'a form': ['POST', '', body('4a', { 'Content-Type': 'application/x-www-form-urlencoded' })],
      jsonp: ['POST', '&j=0', body('d=4a%5C%5Cn%0A')],
      'jsonp without d': ['POST', '&j=0', body('x=4a')],
      chunked: [
        'POST',
        '',
        { body: '2\r\n4a\r\n0\r\n\r\n', headers: { 'Transfer-Encoding': 'chunked' } },
      ],
      'the limit': ['POST', '', body(`4${'x'.repeat(49)}`)],
    },
    { maxHttpBufferSize: 50 },
  ),
  'posts that end the session': inSession({
    empty: ['POST', '', { headers: { 'Content-Length': '0' } }],
    'unknown packet': ['POST', '', body('9')],
    'separators only': ['POST', '', body('\x1e\x1e')],
    'good, then bad': ['POST', '', body('4a\x1e9')],
    ping: ['POST', '', body('2')],
    'octet stream': ['POST', '', body('4a', { 'Content-Type': 'application/octet-stream' })],
    close: ['POST', '', body('1')],
    'close and more': ['POST', '', body('4a\x1e1\x1e4b')],
  }),
  'posts over the limit': inSession(
    {
      announced: ['POST', '', body(`4${'x'.repeat(50)}`)],
      chunked: [
        'POST',
        '',
        {
          body: `33\r\n4${'x'.repeat(50)}\r\n0\r\n\r\n`,
          headers: { 'Transfer-Encoding': 'chunked' },
        },
      ],
    },
    { maxHttpBufferSize: 50 },
  ),
  'methods in a session': inSession({
    PUT: ['PUT', '', body('4a')],
    DELETE: ['DELETE', ''],
    OPTIONS: ['OPTIONS', ''],
    PATCH: ['PATCH', '', body('4a')],
  }),
  'another revision in a session': inSession(
    {
      'EIO 3': ['GET', '&EIO=3'],
      'a post with EIO 3': ['POST', '&EIO=3', body('4a')],
      'another transport': ['GET', '&transport=websocket'],
      'an unknown transport': ['GET', '&transport=x'],
    },
    { allowEIO3: true },
  ),
  'posts of protocol 3': inSession(
    {
      one: ['POST', '', body('2:4a')],
      several: ['POST', '', body('2:4a3:4bc')],
      unicode: ['POST', '', body('3:4ü!')],
      surrogates: ['POST', '', body('3:4💥')],
      ping: ['POST', '', body('1:2')],
      'ping with data': ['POST', '', body('6:2probe')],
      base64: ['POST', '', body('10:b4AQIDBA==')],
      binary: [
        'POST',
        '',
        body(Buffer.from([0, 2, 255, 0x34, 0x61]), { 'Content-Type': 'application/octet-stream' }),
      ],
      'binary attachment': [
        'POST',
        '',
        body(Buffer.from([1, 3, 255, 4, 1, 2]), { 'Content-Type': 'application/octet-stream' }),
      ],
      'too long': ['POST', '', body('99:4a')],
      'no length': ['POST', '', body('4a')],
      'a pong': ['POST', '', body('1:3')],
      close: ['POST', '', body('1:1')],
    },
    { allowEIO3: true },
    'EIO=3&transport=polling',
  ),
  'answers to polls': async (world) => {
    const io = await start(world);
    const target = await world.poll('open', io);
    const [conn] = Object.values(io.engine.clients);
    const sent = {
      text: ['a'],
      several: ['a', 'b', ''],
      unicode: ['ü💥\u2028'],
      binary: [Buffer.from([1, 2, 3])],
      mixed: ['a', Buffer.from('b'), new Uint16Array([1]).buffer],
      'the separator': ['a\x1eb'],
    };
    for (const [name, messages] of Object.entries(sent)) {
      for (const message of messages) conn.send(message);
      await world.http(name, io, 'GET', target);
      for (const message of messages) conn.send(message);
      await world.http(`${name} jsonp`, io, 'GET', `${target}&j=5`);
    }
  },
  'answers to polls of protocol 3': async (world) => {
    const io = await start(world, { allowEIO3: true });
    for (const query of ['EIO=3&transport=polling', 'EIO=3&transport=polling&b64=1']) {
      const target = await world.poll(query, io, query);
      const conn = Object.values(io.engine.clients).pop();
      for (const messages of [['a', 'ü💥'], [Buffer.from([1, 2])], ['x', Buffer.from('y')]]) {
        for (const message of messages) conn.send(message);
        await world.http(query, io, 'GET', target);
      }
    }
  },
  'compressed answers': async (world) => {
    const io = await start(world, { httpCompression: { threshold: 20 } });
    const target = await world.poll('open', io);
    const [conn] = Object.values(io.engine.clients);
    for (const encoding of ['gzip', 'deflate', 'br', 'gzip, deflate', 'identity', '*', '']) {
      conn.send('x'.repeat(40));
      await world.http(`"${encoding}"`, io, 'GET', target, {
        headers: { 'Accept-Encoding': encoding },
      });
    }
    conn.send('short');
    await world.http('short', io, 'GET', target, { headers: { 'Accept-Encoding': 'gzip' } });
    conn.send('x'.repeat(40), { compress: false });
    await world.http('not wanted', io, 'GET', target, { headers: { 'Accept-Encoding': 'gzip' } });
  },
  'two polls at once': async (world) => {
    const io = await start(world);
    const target = await world.poll('open', io);
    const first = await world.begin('first', io, 'GET', target);
    await world.http('second', io, 'GET', target);
    await first.answer();
    await world.http('third', io, 'GET', target);
  },
  'two posts at once': async (world) => {
    const io = await start(world);
    const target = await world.poll('open', io);
    const first = await world.begin('first', io, 'POST', target, {
      headers: { 'Content-Length': '5' },
      body: '4',
    });
    await world.http('second', io, 'POST', target, body('4a'));
    first.wire.write('rest');
    await first.answer();
    await world.http('third', io, 'POST', target, body('4b'));
  },
  'a poll that is aborted': async (world) => {
    const io = await start(world);
    const target = await world.poll('open', io);
    const poll = await world.begin('poll', io, 'GET', target);
    poll.destroy();
    await world.saw('server', 'close');
    await world.http('next', io, 'GET', target);
  },
  'a post that is aborted': async (world) => {
    const io = await start(world);
    const target = await world.poll('open', io);
    const post = await world.begin('post', io, 'POST', target, {
      headers: { 'Content-Length': '50' },
      body: '4abc',
    });
    post.destroy();
    await world.http('next', io, 'POST', target, body('4a'));
  },
  'a session that is polled after its end': async (world) => {
    const io = await start(world);
    const target = await world.poll('open', io);
    Object.values(io.engine.clients)[0].close(true);
    await world.http('poll', io, 'GET', target);
    await world.http('post', io, 'POST', target, body('4a'));
  },
  'a session whose pings are not answered': async (world) => {
    const io = await start(world, { pingInterval: 400, pingTimeout: 1500 });
    const target = await world.poll('open', io);
    await world.http('ping', io, 'GET', target);
    await world.http('pending', io, 'GET', target);
    await world.http('after', io, 'GET', target);
  },
  'pipelined requests': async (world) => {
    const io = await start(world);
    const target = await world.poll('open', io);
    const line = (method, more = '') => `${method} ${target} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const request = await world.begin('pipeline', io, 'GET', '/', {
      headers: { Connection: 'keep-alive' },
    });
    const post = 'Content-Type: text/plain\r\nContent-Length: 2\r\n';
    request.wire.write(
      `${line('POST', post)}4a${line('POST', post)}4b${line('POST', `${post}Connection: close\r\n`)}4c`,
    );
    await request.answer();
    await world.saw('server', 'connection_error');
  },
});
