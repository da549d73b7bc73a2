/** What a server is and does. */
'use strict';

const { createServer } = require('node:http');
const { describeScenarios } = require('../support/scenarios');

/** The server's getters and setters, with the values that applications give them. */
const SETTINGS = [
  ['path', ['/other/', '/other', 'other', '', '/a/b/']],
  ['serveClient', [false, true, undefined, 0]],
  ['connectTimeout', [10, 0, undefined, null]],
];

const DELEGATED = [
  'allSockets',
  'compress',
  'emit',
  'except',
  'fetchSockets',
  'in',
  'send',
  'serverSideEmit',
  'serverSideEmitWithAck',
  'socketsJoin',
  'socketsLeave',
  'timeout',
  'to',
  'use',
  'write',
];

describeScenarios(__filename, 'Server', {
  'the module': async (world) => {
    const { io } = world;
    world.note('module', 'itself', io, Object.keys(io), io.length);
    world.note(
      'module',
      'made by',
      io() instanceof io.Server,
      new io.Server() instanceof io.Server,
    );
    for (const key of Object.keys(io)) {
      world.note('module', key, io[key], io[key].length);
    }
  },

  'getters and setters': async (world) => {
    const io = world.io();
    for (const [name, values] of SETTINGS) {
      world.note('server', name, io[name]());
      for (const value of values) {
        await world.attempt('server', `${name} = ${value}`, () => io[name](value) === io);
        await world.attempt('server', name, () => io[name]());
      }
    }
  },

  'a server without anything to listen on': async (world) => {
    const io = world.io();
    world.note('server', 'engine', io.engine, 'httpServer', io.httpServer);
    world.note('server', 'sockets', io.sockets === io.of('/'), io.sockets.name);
    world.note('server', 'emit', io.emit('hello'), io.sockets.emit('hello'));
    world.note('server', 'send', io.send('hello') === io, io.write('hello') === io);
    await world.attempt('server', 'fetchSockets', () => io.fetchSockets());
    await world.attempt('server', 'allSockets', () => io.allSockets());
  },

  'close() of a server that never was attached': {
    deviates: {
      row: '`io.close()` of a server without an engine',
      differences: [
        [
          [
            "server: close throws TypeError(Cannot read properties of undefined (reading 'close'))",
            "server: close throws TypeError(Cannot read properties of undefined (reading 'close'))",
          ],
          [
            'server: closed',
            'server: close undefined',
            'server: closed',
            'server: close undefined',
          ],
        ],
      ],
    },
    run: async (world) => {
      const io = world.io();
      await world.attempt('server', 'close', () => io.close(world.noter('server', 'closed')));
      await world.attempt('server', 'close', () => io.close(world.noter('server', 'closed')));
    },
  },

  'what a server is made of': async (world) => {
    const http = createServer();
    for (const [label, args] of Object.entries({
      nothing: [],
      'an http server': [http],
      options: [{ path: '/x' }],
      'an http server and options': [http, { path: '/y' }],
      'null and options': [null, { path: '/z' }],
      'undefined and options': [undefined, { path: '/z' }],
    })) {
      await world.attempt('server', label, () => {
        const io = new world.io.Server(...args);
        world.closeLater(() => io.engine?.close());
        return [io.path(), io.engine !== undefined, io.httpServer === http];
      });
    }
    for (const what of [() => {}, function (_req, _res) {}]) {
      await world.attempt('server', `attach(${what})`, () => {
        world.io().attach(what);
      });
    }
  },

  'ports as numbers and as text': async (world) => {
    for (const port of [0, '0']) {
      const io = world.io(port, { serveClient: false });
      world.closeLater(() => io.close());
      world.note('server', 'http', io.httpServer.constructor.name);
      await world.until(() => io.httpServer.listening, 'the server to listen');
      const { address, family, port: given } = io.httpServer.address();
      world.mask(`:${given}`, ':<port>');
      world.note('server', 'listens', address, family);
      await world.http('client', io, 'GET', '/');
      await world.http('client', io, 'GET', '/socket.io/');
    }
  },

  'listen is attach': async (world) => {
    const http = await world.listen();
    const io = world.io();
    world.note('server', 'listen', io.listen(http) === io, io.httpServer === http);
    world.closeLater(() => io.engine.close());
    await world.join('a', io);
  },

  'the options of the constructor win over those of attach': async (world) => {
    const http = await world.listen();
    const given = { pingInterval: 12_345, path: '/first' };
    const io = world.io(given);
    const more = { pingInterval: 43_210, pingTimeout: 6777, path: '/second', own: 1 };
    io.attach(http, more);
    world.closeLater(() => io.engine.close());
    world.note('server', 'more', more.pingInterval, more.pingTimeout, more.path, more.own);
    world.note('server', 'engine.opts', io.engine.opts === more);
    await world.ws('a', io, { path: '/first/' });
    await world.http('b', io, 'GET', '/second/?EIO=4&transport=polling');
  },

  'every delegated method is that of the main namespace': async (world) => {
    const io = world.io();
    for (const name of DELEGATED) {
      const own = io[name];
      const calls = [];
      io.sockets[name] = (...args) => {
        calls.push(args);
        return io.sockets;
      };
      const result = own.apply(
        io,
        ['a', 'b'].slice(0, io.sockets.constructor.prototype[name].length),
      );
      world.note('server', name, own.length, calls, result === io, result === io.sockets);
      delete io.sockets[name];
    }
    for (const name of ['volatile', 'local']) world.note('server', name, io[name].flags);
    world.note('server', 'on', io.on === io.sockets.on, io.on('x', () => {}) === io.sockets);
    world.note('server', 'names', io.eventNames(), io.listenerCount('x'), io.sockets.eventNames());
  },

  'an emitter in all its methods': async (world) => {
    const io = world.io();
    const listener = world.noter('server', 'heard');
    io.on('a', listener).once('a', listener).addListener('b', listener);
    io.prependListener('a', listener).prependOnceListener('c', listener);
    world.note('server', 'names', io.eventNames(), io.listenerCount('a'));
    world.note('server', 'listeners', io.listeners('a').length, io.rawListeners('a').length);
    world.note('server', 'max', io.getMaxListeners(), io.setMaxListeners(7) === io.sockets);
    io.sockets._onServerSideEmit(['a', 1, 2]);
    io.off('a', listener).removeListener('b', listener).removeAllListeners('c');
    world.note('server', 'names', io.eventNames(), io.getMaxListeners());
  },

  new_namespace: async (world) => {
    const io = await world.serve();
    world.record('server', io, ['new_namespace']);
    io.on('new_namespace', (nsp) => world.note('server', 'name', nsp.name, io._nsps.has(nsp.name)));
    io.of('/one');
    io.of('two');
    io.of('/one');
    io.of('/');
    io.of('');
    io.of(/^\/dynamic-\d$/);
    io.of('/dynamic-1');
    const peer = await world.ws('a', io);
    peer.send('40/dynamic-2,');
    await world.saw('a', '40/dynamic-2');
    world.note('server', 'all', [...io._nsps.keys()]);
  },

  'names of namespaces': async (world) => {
    const io = world.io();
    for (const name of ['a', '/a', '//a', 'a/b', '', '/', 'ä', '__proto__', 'a b', 'a,b', 'a?b']) {
      const nsp = io.of(name);
      world.note('server', name, nsp.name, nsp === io.of(name), nsp === io.of(`/${name}`));
    }
    for (const name of [7, null, undefined, {}, true]) {
      await world.attempt('server', `of(${name})`, () => io.of(name).name);
    }
    for (const pattern of [/a/g, /a/y, /a/gy]) {
      await world.attempt('server', `of(${pattern})`, () => io.of(pattern));
    }
    world.note('server', 'all', [...io._nsps.keys()]);
  },

  'the listener given to of()': async (world) => {
    const io = await world.serve();
    const nsp = io.of('/chat', world.noter('server', 'one'));
    world.note('server', 'same', nsp === io.of('/chat', world.noter('server', 'two')));
    world.note('server', 'names', nsp.eventNames());
    nsp.on('connect', world.noter('server', 'connect'));
    nsp.on('connection', world.noter('server', 'connection'));
    await world.join('a', io, '/chat');
  },

  'close() with clients': async (world) => {
    const io = await world.serve();
    const a = await world.join('a', io);
    const other = await world.enter(a.peer, io, '/other');
    const target = await world.poll('p', io);
    world.record('main', a.socket, ['disconnecting', 'disconnect']);
    world.record('other', other, ['disconnecting', 'disconnect']);
    world.record('conn', a.socket.conn, ['close']);
    const poll = await world.begin('p', io, 'GET', target);
    await world.until(() => io.engine.clientsCount === 2, 'two clients');
    await world.attempt('server', 'close', () => io.close(world.noter('server', 'closed')));
    await a.peer.ended();
    await poll.answer();
    world.note('server', 'state', io.engine.clientsCount, io.sockets.sockets.size);
    world.note('server', 'socket', a.socket.connected, a.socket.rooms, io.httpServer.listening);
    await world.attempt('server', 'again', () => io.close(world.noter('server', 'closed')));
  },

  'close() awaits the adapters and survives them': async (world) => {
    const io = await world.serve();
    io.of('/bad').adapter.close = () => Promise.reject(new Error('an adapter that fails'));
    io.of('/worse').adapter.close = () => {
      throw new Error('an adapter that throws');
    };
    io.of('/slow').adapter.close = async () => {
      await new Promise(setImmediate);
      world.note('server', 'slow adapter is closed');
    };
    await world.attempt('server', 'close', () => io.close());
    world.note('server', 'listening', io.httpServer.listening);
  },

  'bind() to something like an engine': async (world) => {
    const { EventEmitter } = require('node:events');
    const engine = Object.assign(new EventEmitter(), { close: world.noter('engine', 'close') });
    const io = world.io();
    world.note('server', 'bind', io.bind(engine) === io, io.engine === engine, io.httpServer);
    const conn = Object.assign(new EventEmitter(), {
      id: 'conn',
      protocol: 4,
      readyState: 'open',
      transport: { writable: true },
      remoteAddress: '::1',
      request: { headers: { origin: 'o' }, url: '/u', _query: { a: 'b' }, connection: {} },
      write: world.noter('conn', 'write'),
      close: world.noter('conn', 'close'),
    });
    io.on('connection', (socket) => {
      const { headers, address, xdomain, secure, url, query, auth } = socket.handshake;
      world.note('server', 'socket', headers, address, xdomain, secure, url, query, auth);
      socket.emit('hello', Buffer.from('x'));
      socket.volatile.compress(false).emit('hello', 1);
      socket.on('event', world.noter('server', 'event'));
    });
    engine.emit('connection', conn);
    conn.emit('data', '0{"token":1}');
    await world.saw('conn', 'hello', 2);
    conn.emit('data', '25["event",1]');
    await world.saw('server', 'event');
    conn.emit('data', '9');
    await world.saw('conn', 'close');
    world.note('conn', 'listeners', conn.eventNames());
    await io.close();
  },
});
