/** One client in one namespace: its members, events, middlewares and flags. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

const RESERVED = ['connect', 'connect_error', 'disconnect', 'disconnecting'];
RESERVED.push('newListener', 'removeListener');

/** Values that JSON or a parser could treat in another way. */
const VALUES = {
  nothing: undefined,
  null: null,
  'not a number': NaN,
  infinity: -Infinity,
  'minus zero': -0,
  'a large number': 2 ** 60,
  exponent: 1e21,
  text: 'ünï\u0000\u001f"\\\u2028💥',
  'half a pair': 'a\ud83d',
  'another half': '\udca5b',
  'an empty text': '',
  date: new Date(0),
  map: new Map([[1, 2]]),
  set: new Set([1]),
  regexp: /x/g,
  error: new Error('an error'),
  function: { f() {}, g: 1 },
  symbol: { [Symbol('s')]: 1, s: Symbol('t') },
  class: new (class Point {
    x = 1;
    get y() {
      return 2;
    }
  })(),
  toJSON: { toJSON: (key) => `made for ${key}` },
  'toJSON with an attachment': { toJSON: () => ({ inside: Buffer.from('x') }) },
  holes: [, 1, , undefined], // eslint-disable-line no-sparse-arrays
  buffer: Buffer.from([1, 2, 255]),
  'an empty buffer': Buffer.alloc(0),
  'typed array': new Uint16Array([1, 256]),
  view: new DataView(new ArrayBuffer(3), 1, 2),
  'array buffer': new Uint8Array([7, 8]).buffer,
  'several attachments': { a: [Buffer.from('a'), { b: Buffer.from('b') }], c: Buffer.from('c') },
  'the same attachment twice': ((same) => [same, same])(Buffer.from('same')),
  'null prototype': Object.assign(Object.create(null), { a: 1 }),
  proto: JSON.parse('{"__proto__":{"a":1},"constructor":2}'),
  placeholder: { _placeholder: true, num: 0 },
  boxed: [Object('s'), Object(1), Object(false)],
};

describeScenarios(__filename, 'Socket', {
  'what it is made of': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io, '/', { token: 't' });
    world.note('server', 'ids', socket.id, socket.client.id, socket.conn.id, socket.pid);
    world.note('server', 'same', socket.nsp === io.sockets, socket.server === io);
    world.note(
      'server',
      'below',
      socket.conn === socket.client.conn,
      socket.request === socket.conn.request,
    );
    world.note('server', 'adapter', socket.adapter === io.sockets.adapter);
    world.note('server', 'state', socket.connected, socket.disconnected, socket.recovered);
    world.note('server', 'data', socket.data, socket.rooms, socket.acks, socket.flags, socket.fns);
    world.note('server', 'any', socket.listenersAny(), socket.listenersAnyOutgoing());
    world.note('server', 'listeners', socket.listenerCount('error'));
    socket.data = { replaced: true };
    world.note('server', 'data', socket.data);
    for (const key of ['id', 'data', 'handshake', 'rooms', 'nsp', 'client', 'conn', 'request']) {
      world.note('server', `"${key}" in socket`, key in socket);
    }
    peer.send('41');
    await world.until(() => !socket.connected, 'the disconnection');
    world.note('server', 'state', socket.connected, socket.disconnected, socket.rooms, socket.data);
  },

  'members that are replaced': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const members = ['server', 'adapter', 'acks', 'flags', 'fns', 'data', 'handshake', 'id', 'pid'];
    for (const name of members) {
      await world.attempt('server', name, () => {
        const value = socket[name];
        socket[name] = name;
        world.note('server', name, socket[name]);
        socket[name] = value;
      });
    }
    await world.attempt('client', 'id', () => {
      socket.client.id = 'another';
      world.note('client', 'id', socket.client.id, Object.keys(socket.client).includes('id'));
    });
    socket.fns = [([event], next) => (world.note('server', 'middleware', event), next())];
    socket.flags = { compress: false };
    socket.acks = new Map([[7, world.noter('server', 'answer')]]);
    peer.send('42["x"]', '437["y"]');
    await world.saw('server', 'answer');
    await world.fence(peer);
  },
  handshake: async (world) => {
    const io = await world.serve();
    const { socket } = await world.join('a', io, '/', { token: 't', list: [1] });
    const { handshake } = socket;
    world.note('server', 'keys', Object.keys(handshake));
    world.note('server', 'handshake', handshake);
    world.note('server', 'same', socket.handshake === handshake);
    world.note('server', 'issued', typeof handshake.issued, Date.now() - handshake.issued < 5000);
    world.note('server', 'time', new Date(handshake.time).getTime() <= handshake.issued);
    world.note('server', 'headers', handshake.headers === socket.request.headers);
    const other = await world.ws('b', io, {
      query: 'EIO=4&transport=websocket&a=1&a=2&b=%20&__proto__=x&c',
      headers: { Origin: 'http://example.com', 'X-Own': 'own', Cookie: 'a=b' },
    });
    const second = await world.enter(other, io);
    world.note('server', 'handshake', second.handshake);
    world.note('server', 'query', Object.getPrototypeOf(second.handshake.query) === null);
  },

  'handshake in a middleware and after the request is dropped': async (world) => {
    const io = await world.serve();
    io.use((socket, next) => {
      world.note('server', 'url', socket.handshake.url, socket.handshake.auth);
      next();
    });
    io.engine.on('connection', (conn) => {
      conn.once('close', () => world.note('server', 'request', conn.request));
    });
    const { socket, peer } = await world.join('a', io);
    delete socket.conn.request;
    world.note('server', 'request', socket.request, socket.handshake.url);
    const second = await world.enter(peer, io, '/later');
    world.note(
      'server',
      'handshake',
      second.handshake.url,
      second.handshake.headers,
      second.handshake.secure,
    );
    peer.destroy();
    await world.saw('server', 'request', 2);
  },

  'values sent': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    for (const [name, value] of Object.entries(VALUES)) {
      await world.attempt('server', name, () => socket.emit(name, value));
      await world.attempt('server', name, () => socket.emit('several', value, 1, [value]));
    }
    await world.fence(peer);
  },

  'values broadcast': async (world) => {
    const io = await world.serve();
    const { peer } = await world.join('a', io);
    for (const [name, value] of Object.entries(VALUES)) {
      await world.attempt('server', name, () => io.emit(name, value, [value]));
    }
    await world.fence(peer);
  },

  'values sent by toJSON that throws, circles and big integers': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const circle = {};
    circle.circle = circle;
    const bad = {
      circle,
      big: 1n,
      thrower: {
        toJSON: () => {
          throw new Error('no');
        },
      },
    };
    for (const [name, value] of Object.entries(bad)) {
      for (const sender of [socket, io]) {
        try {
          sender.emit(name, value);
          world.note('server', 'sent', name);
        } catch (error) {
          world.note('server', name, error.constructor.name);
        }
      }
    }
    await world.fence(peer);
  },

  'names of events sent': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    for (const name of [
      ...RESERVED,
      'error',
      'connection',
      'message',
      '',
      '__proto__',
      'toString',
      7,
      0,
      -1.5,
    ]) {
      await world.attempt('server', String(name), () => socket.emit(name, 1));
      await world.attempt('server', `io ${name}`, () => io.emit(name, 1));
    }
    for (const name of [null, undefined, true, {}, ['x'], Symbol('s'), Buffer.from('name')]) {
      await world.attempt('server', String(name), () => socket.emit(name, 1));
      await world.attempt('server', `io ${String(name)}`, () =>
        io.emit(name, { toJSON: (key) => key }),
      );
    }
    await world.attempt('server', 'nothing', () => socket.emit());
    await world.fence(peer);
  },

  'names of events received': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const names = [
      'error',
      'message',
      '',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
    ];
    for (const name of names) socket.on(name, world.noter('server', `on ${name}`));
    peer.send(...names.map((name) => `42["${name}",{"__proto__":{"polluted":1}}]`));
    socket.on('7', world.noter('server', 'on 7'));
    socket.on('1.5', world.noter('server', 'on 1.5'));
    peer.send('42[7,1]', '42[1.5,1]', '42[-0,1]', '42["nobody",1]');
    await world.fence(peer);
    world.note('server', 'polluted', {}.polluted);
  },

  'send and message': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    world.note('server', 'returns', socket.send('a', 1) === socket, socket.write('b') === socket);
    socket.on('message', world.noter('server', 'message'));
    socket.send((answer) => world.note('server', 'answer', answer));
    peer.send('42["message","x",{"y":1}]', '430["yes"]');
    await world.saw('server', 'answer');
  },

  'what methods return': async (world) => {
    const io = await world.serve();
    const { socket } = await world.join('a', io);
    const own = { join: ['r'], leave: ['r'], use: [() => {}], compress: [true], timeout: [5] };
    Object.assign(own, { onAny: [() => {}], prependAny: [() => {}], offAny: [], leaveAll: [] });
    Object.assign(own, { onAnyOutgoing: [() => {}], prependAnyOutgoing: [() => {}] });
    Object.assign(own, { offAnyOutgoing: [], disconnect: [], on: ['x', () => {}] });
    for (const [name, args] of Object.entries(own)) {
      const result = socket[name](...args);
      world.note('server', name, socket[name].length, result === socket, result?.constructor.name);
    }
    for (const [name, args] of Object.entries({ to: ['r'], in: ['r'], except: ['r'] })) {
      const { rooms, exceptRooms, flags } = socket[name](...args);
      world.note('server', name, socket[name].length, rooms, exceptRooms, flags);
    }
    for (const name of ['broadcast', 'local']) {
      const { rooms, exceptRooms, flags } = socket[name];
      world.note('server', name, rooms, exceptRooms, flags);
    }
    world.note('server', 'volatile', socket.volatile === socket, socket.flags);
  },

  'flags are for the next emit only': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    socket.volatile.compress(false).timeout(50);
    world.note('server', 'flags', socket.flags);
    socket.emit('one');
    world.note('server', 'flags', socket.flags);
    socket.timeout(5).compress(true);
    const { flags } = socket.broadcast;
    world.note('server', 'broadcast took', flags, socket.flags);
    world.note('server', 'to took', socket.volatile.to('x').flags, socket.flags);
    await world.attempt('server', 'reserved', () => socket.volatile.emit('connect'));
    world.note('server', 'flags', socket.flags);
    await world.fence(peer);
  },
});
