/**
 * The members of the objects that applications, adapters and tools hold: whatever the
 * genuine ones have, methods with how many parameters they declare.
 */
'use strict';

const { EventEmitter, once } = require('node:events');
const engineio = require('engine.io');
const genuine = require('socket.io');
const { WebSocket } = require('ws');
const { describeScenarios } = require('../support/scenarios');

const ROW = 'internal members of `Server`, `Namespace`, `Socket` and `Client`';
const ENGINE_ROW = "internal members of `io.engine`'s sockets and their transports";

/** It has the length of a sid, by which traces are masked. */
const LIKE_AN_ID = 'getAvailableUpgrades';

/** The names of all members of a genuine object. */
function namesOf(object) {
  const names = new Set();
  for (let each = object; each !== Object.prototype; each = Object.getPrototypeOf(each)) {
    for (const name of Object.getOwnPropertyNames(each)) names.add(name);
  }
  for (const name of Object.getOwnPropertyNames(new EventEmitter())) names.delete(name);
  names.delete('constructor');
  return [...names].sort();
}

/** Writes the kinds of members down. */
function note(world, lane, names, object) {
  for (const name of names) {
    const value = object[name];
    world.note(lane, `${name}:`, typeof value === 'function' ? value : typeof value);
  }
}

/** A genuine socket, whose members can be looked at. */
async function genuineSocket() {
  const engine = new EventEmitter();
  const conn = Object.assign(new EventEmitter(), {
    id: 'conn',
    protocol: 4,
    readyState: 'open',
    transport: {},
    request: { headers: {}, connection: {} },
    write() {},
  });
  const io = new genuine.Server().bind(engine);
  const connected = new Promise((resolve) => io.on('connection', resolve));
  engine.emit('connection', conn);
  conn.emit('data', '0');
  return connected;
}

/**
 * Writes down which of a genuine object's members another has. It takes other parameters for some.
 * @param {any} world
 * @param {string} lane
 * @param {any} model
 * @param {any} object
 */
function noteKinds(world, lane, model, object) {
  for (const name of namesOf(model)) {
    if (name !== LIKE_AN_ID) world.note(lane, `${name}:`, typeof object[name]);
  }
}

/**
 * Writes down the members of a session and its transport that genuine ones have.
 * @param {any} world
 * @param {'polling' | 'websocket'} transport
 * @param {any} session
 */
async function noteSession(world, transport, session) {
  const engine = engineio.listen(0);
  const opened = once(engine, 'connection');
  await once(engine.httpServer, 'listening');
  const url = `localhost:${engine.httpServer.address().port}/engine.io/?EIO=4&transport=${transport}`;
  if (transport === 'websocket') new WebSocket(`ws://${url}`);
  else fetch(`http://${url}`).then((response) => response.text());
  const [model] = await opened;
  noteKinds(world, 'session', model, session);
  noteKinds(world, 'transport', model.transport, session.transport);
  model.close(true);
  engine.httpServer.close();
}

/**
 * What is left out, as it shows in a lane.
 * @param {Record<string, string[][]>} lanes groups of neighbours, each as `name: kind`
 * @param {string} [row]
 */
const leftOut = (lanes, row = ROW) => ({
  row,
  differences: Object.entries(lanes).flatMap(([lane, groups]) =>
    groups.map((group) => [
      group.map((member) => `${lane}: ${member}`),
      group.map((member) => `${lane}: ${member.split(' ')[0]} "undefined"`),
    ]),
  ),
});

const NAMESPACE_INTERNALS = [
  ['_createSocket: function/2', '_doConnect: function/2'],
  ['emitReserved: function/1', 'emitUntyped: function/1'],
  ['run: function/2'],
];

const SESSION_INTERNALS = [
  ['_maybeUpgrade: "function"', '_readyState: "string"'],
  ['cleanupFn: "object"', 'clearTransport: "function"'],
  ['flush: "function"'],
  ['hasRefreshedPingTimeout: "boolean"'],
  ['onDrain: "function"'],
  ['onOpen: "function"'],
  ['packetsFn: "object"', 'pingIntervalTimer: "object"', 'pingTimeoutTimer: "object"'],
  ['resetPingTimeout: "function"', 'schedulePing: "function"'],
  ['sentCallbackFn: "object"'],
];

describeScenarios(__filename, 'members', {
  Server: {
    deviates: leftOut({
      Server: [
        ['attachServe: function/1'],
        ['emitReserved: function/1', 'emitUntyped: function/1'],
        ['extractFilename: function/1'],
        ['initEngine: function/2'],
        ['onconnection: function/1'],
        ['serve: function/3'],
      ],
      class: [['sendFile: function/3']],
    }),
    run: (world) => {
      note(world, 'Server', namesOf(new genuine.Server()), world.io());
      note(world, 'class', Object.getOwnPropertyNames(genuine.Server).sort(), world.io.Server);
    },
  },
  Namespace: {
    deviates: leftOut({ Namespace: NAMESPACE_INTERNALS }),
    run: (world) =>
      note(world, 'Namespace', namesOf(new genuine.Server().of('/x')), world.io().of('/x')),
  },
  ParentNamespace: {
    deviates: leftOut({ Parent: NAMESPACE_INTERNALS }),
    run: (world) =>
      note(world, 'Parent', namesOf(new genuine.Server().of(/x/)), world.io().of(/x/)),
  },
  BroadcastOperator: (world) => {
    note(world, 'operator', namesOf(new genuine.Server().to('x')), world.io().to('x'));
  },
  Adapter: (world) => {
    for (const opts of [{}, { connectionStateRecovery: {} }]) {
      const { adapter } = new genuine.Server({ ...opts }).sockets;
      note(world, 'adapter', namesOf(adapter), world.io(opts).sockets.adapter);
    }
  },
  Socket: {
    deviates: leftOut({
      Socket: [
        ['_error: function/1'],
        ['ack: function/1'],
        ['buildHandshake: function/1'],
        ['dispatch: function/1'],
        ['emitReserved: function/1', 'emitUntyped: function/1'],
        ['newBroadcastOperator: function/0'],
        ['onack: function/1'],
        ['ondisconnect: function/0'],
        ['registerAckCallback: function/2'],
        ['run: function/2'],
      ],
    }),
    run: async (world) => {
      const io = await world.serve();
      const { socket } = await world.join('a', io);
      note(world, 'Socket', namesOf(await genuineSocket()), socket);
    },
  },
  Client: {
    deviates: leftOut({
      Client: [
        ['_parseNamespace: function/1'],
        ['decoder: "object"', 'destroy: function/0', 'doConnect: function/2', 'encoder: "object"'],
        ['ondecoded: function/1'],
        ['setup: function/0'],
      ],
    }),
    run: async (world) => {
      const io = await world.serve();
      const { socket } = await world.join('a', io);
      const { client } = await genuineSocket();
      note(world, 'Client', namesOf(client), socket.client);
    },
  },
  'a session with WebSocket': {
    deviates: leftOut(
      {
        session: SESSION_INTERNALS,
        transport: [
          [
            ...['_canSendPreEncodedFrame: "function"', '_doSend: "function"'],
            ...['_doSendLast: "function"', '_onSent: "function"', '_onSentLast: "function"'],
            '_readyState: "string"',
          ],
          ['doClose: "function"'],
          ['onData: "function"'],
          ['onPacket: "function"'],
          ['parser: "object"'],
        ],
      },
      ENGINE_ROW,
    ),
    run: async (world) => {
      const io = await world.serve();
      const { socket } = await world.join('a', io);
      await noteSession(world, 'websocket', socket.conn);
    },
  },
  'a session with polling': {
    deviates: leftOut(
      {
        session: SESSION_INTERNALS,
        transport: [
          ['_readyState: "string"'],
          ['doClose: "function"', 'doWrite: "function"'],
          ['headers: "function"'],
          ['onData: "function"', 'onDataRequest: "function"'],
          ['onPacket: "function"', 'onPollRequest: "function"'],
          ['parser: "object"'],
          ['write: "function"'],
        ],
      },
      ENGINE_ROW,
    ),
    run: async (world) => {
      const io = await world.serve();
      const opened = once(io.engine, 'connection');
      await world.poll('a', io);
      const [session] = await opened;
      await noteSession(world, 'polling', session);
    },
  },
});
