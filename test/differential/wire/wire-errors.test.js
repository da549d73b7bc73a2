/** Socket.IO packets that are odd, forged or forbidden. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

const placeholder = (num) => JSON.stringify({ _placeholder: true, num });

/**
 * Sends each of the packets on a separate connection and writes down what becomes of it.
 * @param {Record<string, (string | Buffer)[]>} cases
 */
const each = (cases) => async (world) => {
  const io = await world.serve();
  io.of('/other');
  for (const [name, packets] of Object.entries(cases)) {
    io.sockets._ids = 0;
    const { peer, socket } = await world.join(name, io);
    const note = (label, ...args) => world.note(`${name}: server`, label, ...args);
    socket.onAny((event, ...args) => event !== 'fence' && note('any', String(event), args));
    for (const event of ['error', 'x', 'disconnecting', 'disconnect']) {
      socket.on(event, (...args) => note(event, ...args));
    }
    socket.emit('ask', (...args) => note('answer', ...args));
    await world.saw(name, '420["ask"]');
    peer.send(...packets, '42777["fence"]');
    await world.until(
      () => peer.isOver || !socket.connected || peer.texts.includes('43777[]'),
      `an answer to ${name}`,
    );
    if (socket.conn.readyState !== 'open') await peer.ended();
    await world.quiet();
    note('at the end', peer.isOver, socket.connected);
    peer.destroy();
    await world.until(() => !socket.connected, 'the disconnection');
  }
};

const DEEP = '['.repeat(20_000) + ']'.repeat(20_000);

describeScenarios(__filename, 'odd packets', {
  types: each({
    'unknown type 9': ['49'],
    'unknown type letter': ['4x'],
    'nothing but a message': ['4'],
    'connect error from a client': ['44{"message":"x"}'],
    'connect twice': ['40'],
    'connect twice with auth': ['40{"a":1}'],
    'a packet of another namespace': ['42/other,["x",1]'],
    'an ack of another namespace': ['43/other,0[]'],
    'a disconnect of another namespace': ['41/other,'],
    'a namespace that is none': ['42/nowhere,["x"]'],
  }),
  events: each({
    'no payload': ['42'],
    'an object': ['42{"x":1}'],
    'a text': ['42"x"'],
    'an empty array': ['42[]'],
    'null as a name': ['42[null]'],
    'an object as a name': ['42[{"toString":1}]'],
    'a boolean as a name': ['42[true]'],
    'an array as a name': ['42[["x"]]'],
    'a number as a name': ['42[5,1]'],
    'broken JSON': ['42["x"'],
    'two arrays': ['42["x"]["y"]'],
    'spaces around': ['42 ["x"] '],
    'spaces inside': ['42[ "x" , 1 ]'],
    'a sign': ['42-1["x"]'],
    'a fraction': ['421.5["x"]'],
    'letters before': ['42abc["x"]'],
    'a namespace without comma': ['42/other["x"]'],
    'an own namespace spelt out': ['42/,["x",1]'],
    'a namespace with a query': ['42/?a=b,["x",1]'],
    'a byte order mark': ['42\ufeff["x"]'],
    'a null character': ['42["x","\u0000"]'],
    'escaped null': ['42["x","\\u0000\\ud800"]'],
    'duplicate keys and proto': [
      '42["x",{"a":1,"a":2,"__proto__":{"b":1},"constructor":{"prototype":1}}]',
    ],
    'large numbers': ['42["x",1e400,-0,1e-400,123456789012345678901234567890]'],
    deep: [`42["x",${DEEP}]`],
  }),
  'reserved names': each({
    connect: ['42["connect"]'],
    connect_error: ['42["connect_error"]'],
    disconnect: ['42["disconnect"]'],
    disconnecting: ['42["disconnecting"]'],
    newListener: ['42["newListener"]'],
    removeListener: ['42["removeListener"]'],
    connection: ['42["connection"]'],
    'with an id': ['427["disconnect"]'],
    binary: [`451-["disconnect",${placeholder(0)}]`, Buffer.from('x')],
    'as an escape': ['42["\\u0064isconnect"]'],
  }),
  disconnections: each({
    plain: ['41'],
    'with a payload': ['41{"a":1}'],
    'with an array': ['41[]'],
    'with an id': ['415'],
    'with a namespace': ['41/,'],
    twice: ['41', '41'],
  }),
  acknowledgements: each({
    known: ['430["yes"]'],
    'without an array': ['430'],
    'an object': ['430{}'],
    'without an id': ['43["yes"]'],
    'an unknown id': ['4312345["yes"]'],
    'a long id': [`43${'9'.repeat(400)}["yes"]`],
    'a negative id': ['43-1["yes"]'],
    'a leading zero': ['4300["yes"]'],
    'with reserved names inside': ['430["disconnect",1]'],
    'broken JSON': ['430["yes"'],
  }),
  attachments: each({
    one: [`451-["x",${placeholder(0)}]`, Buffer.from('a')],
    'two in another order': [
      `452-["x",${placeholder(1)},${placeholder(0)}]`,
      Buffer.from('a'),
      Buffer.from('b'),
    ],
    'an empty one': [`451-["x",${placeholder(0)}]`, Buffer.alloc(0)],
    'one used twice': [`451-["x",${placeholder(0)},${placeholder(0)}]`, Buffer.from('a')],
    'one that is not used': [`452-["x",${placeholder(0)}]`, Buffer.from('a'), Buffer.from('b')],
    deep: [`451-["x",{"a":[{"b":${placeholder(0)}}]}]`, Buffer.from('a')],
    'an ack': [`461-0["x",${placeholder(0)}]`, Buffer.from('a')],
    'with an id': [`451-5["x",${placeholder(0)}]`, Buffer.from('a')],
    'count 0': ['450-["x"]'],
    'count -1': ['45-1-["x"]'],
    'count abc': ['45abc-["x"]'],
    'count 1.5': ['451.5-["x"]'],
    'count missing': ['45["x"]'],
    'count without dash': ['451["x"]'],
    'count alone': ['451-'],
    'count 10': [
      `4510-["x",${placeholder(9)}]`,
      ...Array.from({ length: 10 }, (_, i) => Buffer.from([i])),
    ],
    'count 11': ['4511-["x"]'],
    'count 10^9': ['451000000000-["x"]'],
    'number -1': [`451-["x",${placeholder(-1)}]`, Buffer.from('a')],
    'number 1': [`451-["x",${placeholder(1)}]`, Buffer.from('a')],
    'number 0.5': [`452-["x",${placeholder(0.5)}]`, Buffer.from('a'), Buffer.from('b')],
    'number "0"': [`451-["x",${placeholder('0')}]`, Buffer.from('a')],
    'number "splice"': [`451-["x",${placeholder('splice')}]`, Buffer.from('a')],
    'number "__proto__"': [`451-["x",${placeholder('__proto__')}]`, Buffer.from('a')],
    'no number': ['451-["x",{"_placeholder":true}]', Buffer.from('a')],
    'a placeholder that is not true': ['451-["x",{"_placeholder":1,"num":0}]', Buffer.from('a')],
    'a placeholder with more': [
      '451-["x",{"_placeholder":true,"num":0,"more":1}]',
      Buffer.from('a'),
    ],
    'text instead': [`451-["x",${placeholder(0)}]`, '42["x",1]'],
    'a disconnection instead': [`451-["x",${placeholder(0)}]`, '41'],
    'another header instead': [`451-["x",${placeholder(0)}]`, `451-["x",${placeholder(0)}]`],
    'without a header': [Buffer.from('a')],
    'one too many': [`451-["x",${placeholder(0)}]`, Buffer.from('a'), Buffer.from('b')],
    'a forged placeholder in text': [`42["x",${placeholder(0)}]`],
    'a name that is one': [`451-[${placeholder(0)}]`, Buffer.from('a')],
    'for another namespace': [`451-/other,["x",${placeholder(0)}]`, Buffer.from('a')],
    'deep with a placeholder': [`451-["x",${DEEP},${placeholder(0)}]`, Buffer.from('a')],
  }),
  'Engine.IO packets on a WebSocket': each({
    open: ['0{"sid":"x"}'],
    close: ['1'],
    pong: ['3'],
    'pong with data': ['3probe'],
    upgrade: ['5'],
    noop: ['6'],
    ping: ['2'],
    'a ping probe': ['2probe'],
    base64: ['bAQID'],
    'unknown 7': ['7'],
    empty: [''],
    'an empty message': ['4'],
  }),
  'asking for namespaces': async (world) => {
    const io = await world.serve();
    io.of('/ä b');
    io.of('/a/b');
    const cases = {
      'with auth': '40{"token":1}',
      'auth is null': '40null',
      'auth is an array': '40[1]',
      'auth is text': '40"text"',
      'auth is a number': '405',
      'auth is broken': '40{"a"',
      'with an id': '407{"a":1}',
      unknown: '40/nowhere,',
      'unknown without comma': '40/nowhere',
      prototype: '40/__proto__,',
      constructor: '40/constructor,',
      unicode: '40/ä b,',
      'a path': '40/a/b,{"x":1}',
      'a query': '40/a/b?x=1,',
      'upper case': '40/A/B,',
      slashes: '40//,',
      long: `40/${'n'.repeat(5000)},`,
      'an event before': '42["x"]',
      'an ack before': '430[]',
      'a disconnection before': '41',
      'a binary event before': '451-["x",{"_placeholder":true,"num":0}]',
      'a binary message before': Buffer.from('x'),
      'proto in auth': '40{"__proto__":{"admin":true},"constructor":1}',
    };
    for (const [name, packet] of Object.entries(cases)) {
      const known = new Promise((resolve) => io.engine.once('connection', resolve));
      const peer = await world.ws(name, io);
      const conn = await known;
      for (const nsp of io._nsps.values()) {
        nsp.once('connection', (socket) =>
          world.note(`${name} server`, 'auth', nsp.name, socket.handshake.auth),
        );
      }
      conn.on('close', (reason) => world.note(`${name} server`, 'close', reason));
      peer.send(packet);
      if (name === 'a binary event before') peer.send(Buffer.from('x'));
      await world.until(() => peer.isOver || peer.texts.length > 1, `an answer for ${name}`);
      for (const nsp of io._nsps.values()) nsp.removeAllListeners();
      peer.destroy();
      await world.until(() => io.engine.clientsCount === 0, 'the client to be gone');
    }
    world.note('server', 'namespaces', [...io._nsps.keys()]);
  },
});
