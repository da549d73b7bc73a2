'use strict';

const { EventEmitter, once } = require('node:events');
const { createServer } = require('node:http');
const express = require('express');
const subject = require('../../../support/subjects/subject');
const { cleanUp, connectPair, connectRaw, eventOf } = require('../../../support/rigs/rig');
const { openClient, openRaw, startServer, urlOf } = require('../../../support/rigs/rig');

const { Server, Namespace, Socket } = subject.io;

afterEach(cleanUp);

describe('the module', () => {
  test('is a function with three classes and nothing else', () => {
    expect(typeof subject.io).toBe('function');
    expect(Object.keys(subject.io)).toEqual(['Server', 'Namespace', 'Socket']);
    const io = subject.io();
    expect(io).toBeInstanceOf(Server);
    expect(io.sockets).toBeInstanceOf(Namespace);
  });

  test('hands out its classes', async () => {
    const { socket } = await connectPair(startServer());
    expect(socket).toBeInstanceOf(Socket);
    expect(socket).toBeInstanceOf(EventEmitter);
  });
});

describe('construction', () => {
  test('with an HTTP server', async () => {
    const httpServer = createServer().listen(0);
    const io = new Server(httpServer);
    expect(io.httpServer).toBe(httpServer);
    await connectPair(io);
    await io.close();
  });

  test('with options only, attached later', async () => {
    const httpServer = createServer().listen(0);
    const io = new Server({ path: '/custom/' });
    expect(io.engine).toBeUndefined();
    expect(io.attach(httpServer)).toBe(io);
    expect(io.engine).toBeDefined();
    await connectPair(io, '/', { path: '/custom' });
    await io.close();
  });

  test('with a port, as a number or a string', async () => {
    const io = new Server();
    expect(io.listen('0')).toBe(io);
    await connectPair(io);
    const response = await fetch(urlOf(io, '/anything'));
    expect(response.status).toBe(404);
    await io.close();
  });

  test('an express application is refused with advice', () => {
    expect(() => new Server().attach(express())).toThrow(
      'You are trying to attach socket.io to an express request handler function. ' +
        'Please pass a http.Server instance.',
    );
  });

  test('the options of the constructor prevail over those of attach, in the object given', async () => {
    const httpServer = createServer().listen(0);
    const opts = { pingInterval: 1, maxHttpBufferSize: 2 };
    const io = new Server({ pingInterval: 1234 });
    io.attach(httpServer, opts);
    expect(opts).toMatchObject({ pingInterval: 1234, maxHttpBufferSize: 2, path: '/socket.io' });
    expect(io.engine.opts).toMatchObject({ pingInterval: 1234, maxHttpBufferSize: 2 });
    await io.close();
  });

  test('defaults', () => {
    const io = new Server();
    expect(io.path()).toBe('/socket.io');
    expect(io.connectTimeout()).toBe(45000);
    expect(io.serveClient()).toBe(true);
    expect(io._opts).toBe(io.opts);
    expect(io.opts).toEqual({ cleanupEmptyChildNamespaces: false });
  });

  test('getters and setters', () => {
    const io = new Server();
    expect(io.path('/a/')).toBe(io);
    expect(io.path()).toBe('/a');
    expect(io.connectTimeout(7)).toBe(io);
    expect(io.connectTimeout()).toBe(7);
    expect(io.serveClient(false)).toBe(io);
    expect(io.serveClient()).toBe(false);
  });

  test('it can be extended, and used through a Proxy', async () => {
    const io = startServer();
    io._eventBuffer = [];
    expect(io._eventBuffer).toEqual([]);
    const proxy = new Proxy(io, {});
    expect(proxy.of('/a').name).toBe('/a');
    expect(proxy.of(/b/).name).toMatch(/^\/_/);
    expect(proxy.to('x').emit('hello')).toBe(true);
  });
});

describe('adapter', () => {
  test('the class is constructed with each namespace, and init is called', () => {
    const { Adapter } = require('socket.io-adapter');
    const made = [];
    class Custom extends Adapter {
      constructor(nsp) {
        super(nsp);
        made.push(nsp.name);
      }
      init() {
        made.push('init');
        return Promise.reject(new Error('must be caught'));
      }
    }
    const io = new Server({ adapter: Custom });
    io.of('/a');
    expect(made).toEqual(['/', 'init', '/a', 'init']);
    expect(io.adapter()).toBe(Custom);
    expect(io.of('/a').adapter).toBeInstanceOf(Custom);
  });

  test('setting it re-initialises every namespace', () => {
    const { Adapter } = require('socket.io-adapter');
    class Custom extends Adapter {}
    const io = new Server();
    io.of('/a');
    expect(io.sockets.adapter).toBeInstanceOf(Adapter);
    expect(io.sockets.adapter).not.toBeInstanceOf(Custom);
    expect(io.adapter(Custom)).toBe(io);
    expect(io.sockets.adapter).toBeInstanceOf(Custom);
    expect(io.of('/a').adapter).toBeInstanceOf(Custom);
  });

  test('an adapter reads the encoder of the server', () => {
    const io = new Server();
    expect(io.sockets.adapter.encoder).toBe(io.encoder);
    expect(io.encoder.encode({ type: 2, nsp: '/a', data: ['x', 1], id: 3 })).toEqual([
      '2/a,3["x",1]',
    ]);
  });
});

describe('parser', () => {
  /** A parser whose packets are JSON texts. */
  const jsonParser = {
    Encoder: class {
      encode(packet) {
        return [JSON.stringify(packet)];
      }
    },
    Decoder: class extends EventEmitter {
      add(text) {
        this.emit('decoded', JSON.parse(text));
      }
      destroy() {
        this.emit('destroyed');
      }
    },
  };

  test('a custom one sees every packet', async () => {
    const io = startServer({ parser: jsonParser });
    const raw = await openRaw(io);
    const connected = once(io, 'connection');
    raw.send(`4${JSON.stringify({ type: 0, nsp: '/', data: { key: 1 } })}`);
    const [socket] = await connected;
    expect(JSON.parse((await raw.next()).slice(1))).toEqual({
      type: 0,
      data: { sid: socket.id },
      nsp: '/',
    });
    expect(socket.handshake.auth).toEqual({ key: 1 });

    socket.emit('plain', 1);
    expect(await raw.next()).toBe('4{"type":2,"data":["plain",1],"nsp":"/"}');
    const answered = new Promise((resolve) => socket.emit('ask', resolve));
    expect(await raw.next()).toBe('4{"type":2,"data":["ask"],"id":0,"nsp":"/"}');
    raw.send(`4${JSON.stringify({ type: 3, nsp: '/', id: 0, data: ['yes'] })}`);
    expect(await answered).toBe('yes');

    socket.on('question', (ack) => ack('answer'));
    raw.send(`4${JSON.stringify({ type: 2, nsp: '/', id: 9, data: ['question'] })}`);
    expect(await raw.next()).toBe('4{"id":9,"type":3,"data":["answer"],"nsp":"/"}');
    io.emit('all');
    expect(JSON.parse((await raw.next()).slice(1))).toEqual({ type: 2, data: ['all'], nsp: '/' });
  });

  test('its errors close the connection', async () => {
    const io = startServer({ parser: jsonParser });
    const raw = await openRaw(io);
    raw.send('4nonsense');
    await raw.closed;
  });

  test('an encoder with a replacer works on official clients', async () => {
    const { Encoder, Decoder } = require('socket.io-parser');
    class Hiding extends Encoder {
      constructor() {
        super((key, value) => (key === 'secret' ? undefined : value));
      }
    }
    const io = startServer({ parser: { Encoder: Hiding, Decoder } });
    const { client, socket } = await connectPair(io);
    const got = eventOf(client, 'hello');
    socket.emit('hello', { secret: 1, open: 2 });
    expect(await got).toEqual([{ open: 2 }]);
  });
});

describe('as an emitter and broadcaster', () => {
  test('it stands for the main namespace', async () => {
    const io = startServer();
    const handler = () => {};
    io.on('x', handler);
    expect(io.sockets.listeners('x')).toEqual([handler]);
    io.setMaxListeners(3);
    expect(io.sockets.getMaxListeners()).toBe(3);
    expect(io.eventNames()).toEqual(['x']);
    expect(io.to('a').adapter).toBe(io.sockets.adapter);
    expect(io.volatile.flags).toEqual({ volatile: true });
    expect(io.local.flags).toEqual({ local: true });
    expect(io.compress(true).flags).toEqual({ compress: true });
    expect(io.use(() => {})).toBe(io);
  });

  test('emit, send and write reach the main namespace', async () => {
    const io = startServer();
    const { raw } = await connectRaw(io);
    expect(io.emit('a', 1)).toBe(true);
    expect(io.send('b')).toBe(io);
    expect(io.write('c')).toBe(io);
    expect(await raw.next()).toBe('42["a",1]');
    expect(await raw.next()).toBe('42["message","b"]');
    expect(await raw.next()).toBe('42["message","c"]');
  });

  test('connect and connection are emitted for the main namespace', async () => {
    const io = startServer();
    const events = [];
    io.on('connect', () => events.push('connect'));
    io.on('connection', () => events.push('connection'));
    await connectPair(io);
    expect(events).toEqual(['connect', 'connection']);
  });
});

describe('of', () => {
  test('adds the slash, and gives the same namespace again', () => {
    const io = startServer();
    const nsp = io.of('chat');
    expect(nsp.name).toBe('/chat');
    expect(io.of('/chat')).toBe(nsp);
    expect(io.of('/')).toBe(io.sockets);
    expect(io.of('')).toBe(io.sockets);
    expect(nsp.server).toBe(io);
  });

  test('announces new namespaces', () => {
    const io = startServer();
    const announced = [];
    io.on('new_namespace', (nsp) => announced.push(nsp.name));
    io.of('/a');
    io.of('/a');
    expect(announced).toEqual(['/a']);
  });

  test('takes a connection listener', async () => {
    const io = startServer();
    const sockets = [];
    io.of('/a', (socket) => sockets.push(socket));
    const { socket } = await connectPair(io, '/a');
    expect(sockets).toEqual([socket]);
  });
});

describe('bind', () => {
  test('needs nothing but connections and close', async () => {
    const engine = Object.assign(new EventEmitter(), { close: jest.fn() });
    const io = new Server();
    expect(io.bind(engine)).toBe(io);
    expect(io.engine).toBe(engine);
    expect(io.httpServer).toBeUndefined();
    await io.close();
    expect(engine.close).toHaveBeenCalledTimes(1);
  });
});

describe('close', () => {
  test('closes clients, adapters, engine and HTTP server, then calls back', async () => {
    const io = startServer();
    const { client, socket } = await connectPair(io, '/a');
    const closed = jest.spyOn(io.of('/a').adapter, 'close');
    const reason = once(socket, 'disconnect');
    const told = eventOf(client, 'disconnect');
    const callback = jest.fn();
    await io.close(callback);
    expect((await reason)[0]).toBe('server shutting down');
    expect((await told)[0]).toBe('transport close');
    expect(closed).toHaveBeenCalledTimes(1);
    expect(callback).toHaveBeenCalledWith(undefined);
    expect(io.httpServer.listening).toBe(false);
  });

  test('an adapter that fails to close does not hold it up', async () => {
    const io = startServer();
    io.sockets.adapter.close = () => Promise.reject(new Error('must be ignored'));
    await io.close();
    expect(io.httpServer.listening).toBe(false);
  });

  test('of a server that is not running, tells the callback', async () => {
    const io = startServer();
    await io.close();
    const callback = jest.fn();
    await io.close(callback);
    expect(callback.mock.calls[0][0]).toMatchObject({ code: 'ERR_SERVER_NOT_RUNNING' });
  });
});

describe('clients over polling', () => {
  test('emit, acknowledge, upgrade', async () => {
    const io = startServer();
    const { client, socket } = await connectPair(io, '/', { transports: ['polling', 'websocket'] });
    client.on('ask', (ack) => ack('yes'));
    expect(await socket.emitWithAck('ask')).toBe('yes');
    if (socket.conn.transport.name !== 'websocket') await once(socket.conn, 'upgrade');
    expect(await socket.emitWithAck('ask')).toBe('yes');
  });

  test('polling only', async () => {
    const io = startServer();
    const { client, socket } = await connectPair(io, '/', { transports: ['polling'] });
    const got = once(socket, 'bytes');
    client.emit('bytes', Buffer.from('x'));
    expect(await got).toEqual([Buffer.from('x')]);
  });
});

test('a client with a wrong path gets nowhere', async () => {
  const client = openClient(startServer(), '/', { path: '/elsewhere' });
  expect((await eventOf(client, 'connect_error'))[0].message).toBe('websocket error');
});
