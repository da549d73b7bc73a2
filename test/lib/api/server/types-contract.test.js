'use strict';

/** The published types promise nothing that the classes do not have. */

const path = require('node:path');
const { EventEmitter } = require('node:events');
const ts = require('typescript');
const { BroadcastOperator, RemoteSocket } = require('../../../../dist/broadcast-operator');
const { Server } = require('../../../../lib');

const typesFile = path.join(__dirname, '../../../../types/index.d.ts');
const operatorFile = path.join(__dirname, '../../../../types/broadcast-operator.d.ts');
const program = ts.createProgram([typesFile, operatorFile], {
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['node'],
});
const checker = program.getTypeChecker();

/**
 * What a file of types exports, by name.
 * @param {string} file
 */
function exportsOf(file) {
  const moduleSymbol = checker.getSymbolAtLocation(program.getSourceFile(file));
  const symbols = checker.getExportsOfModule(moduleSymbol);
  return new Map(symbols.map((symbol) => [symbol.name, symbol]));
}

/**
 * The names of the members that a published class has, inherited ones left out.
 * @param {string} className
 */
function membersOf(className) {
  const symbol = exportsOf(operatorFile).get(className) ?? exportsOf(typesFile).get(className);
  return [...symbol.members.keys()]
    .map(String)
    .filter((name) => !name.startsWith('__') && !/^[A-Z]/.test(name));
}

/** One instance of each class, made without any connection. */
function instances() {
  const io = new Server();
  const engine = Object.assign(new EventEmitter(), { close() {} });
  io.bind(engine);
  const { Socket } = require('../../../../lib');
  const conn = { id: 'x', protocol: 4, request: {}, remoteAddress: '' };
  const socket = new Socket(io.sockets, { conn, request: conn.request }, {});
  const details = { id: 'x', handshake: {}, rooms: [], data: {} };
  return {
    Server: io,
    Namespace: io.sockets,
    Socket: socket,
    BroadcastOperator: new BroadcastOperator(io.sockets.adapter),
    RemoteSocket: new RemoteSocket(io.sockets.adapter, details),
  };
}

test.each(Object.entries(instances()))('%s', (className, instance) => {
  const members = membersOf(className);
  expect(members.length).toBeGreaterThan(5);
  expect(members.filter((member) => !(member in instance))).toEqual([]);
});

/** What backpressure is told by. */
const OURS = ['DrainError', 'DrainOptions', 'NativeSession'];

test('no further names are published but ours', () => {
  const names = [...exportsOf(typesFile).keys()].filter((name) => !OURS.includes(name));
  expect(names.sort()).toEqual([
    'BroadcastOperator',
    'DefaultEventsMap',
    'DisconnectReason',
    'Event',
    'ExtendedError',
    'Namespace',
    'RemoteSocket',
    'Server',
    'ServerOptions',
    'Socket',
  ]);
});
