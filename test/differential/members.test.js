/**
 * The members of the objects that applications, adapters and tools hold: whatever the
 * genuine ones have, methods with how many parameters they declare.
 */
'use strict';

const { EventEmitter } = require('node:events');
const genuine = require('socket.io');
const { describeScenarios } = require('./support/scenarios');

const ROW = 'internal members of `Server`, `Namespace`, `Socket` and `Client`';

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
 * What is left out, as it shows in a lane.
 * @param {Record<string, string[][]>} lanes groups of neighbours, each as `name: kind`
 */
const leftOut = (lanes) => ({
  row: ROW,
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
});
