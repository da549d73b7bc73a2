/**
 * Deliberate faults, seeded into a package to see that the comparison catches them. They sit at
 * surfaces that both packages have.
 */
'use strict';

const { ServerResponse } = require('node:http');

/** @typedef {{ io: any, Engine: any }} Packages */

/**
 * Wraps a method.
 * @param {any} target
 * @param {string} name
 * @param {(original: (...args: any[]) => any) => (this: any, ...args: any[]) => any} wrap
 */
function patch(target, name, wrap) {
  target[name] = wrap(target[name]);
}

/**
 * Changes what is handed to the engine for a client.
 * @param {Packages} packages
 * @param {(data: any) => any} change
 */
function changeWrites({ Engine }, change) {
  patch(
    Engine.prototype,
    'emit',
    (emit) =>
      function (event, ...args) {
        if (event === 'connection') {
          const conn = args[0];
          const { write, writeAll } = conn;
          conn.write = (data, ...more) => write.call(conn, change(data), ...more);
          if (writeAll)
            conn.writeAll = (all, ...more) => writeAll.call(conn, all.map(change), ...more);
        }
        return emit.call(this, event, ...args);
      },
  );
}

/** @type {Record<string, (packages: Packages) => void>} */
const FAULTS = {
  'an argument of an acknowledgement is changed': ({ io }) =>
    patch(
      io.Socket.prototype,
      'emit',
      (emit) =>
        function (...args) {
          const ack = args.pop();
          const isAck = typeof ack === 'function';
          return emit.call(this, ...args, isAck ? (first) => ack(`${first}!`) : ack);
        },
    ),
  'two events change places': ({ io }) =>
    patch(io.Socket.prototype, 'emit', (emit) => {
      /** @type {any[] | undefined} */
      let held;
      return function (...args) {
        if (args[0] !== 'one') {
          const later = held;
          held = undefined;
          const result = emit.apply(this, args);
          if (later) emit.apply(this, later);
          return result;
        }
        held = args;
        return true;
      };
    }),
  'a header is missing': () =>
    patch(
      ServerResponse.prototype,
      'writeHead',
      (writeHead) =>
        function (status, headers) {
          if (headers) delete headers['cache-control'];
          return writeHead.call(this, status, headers);
        },
    ),
  'one byte of a text is changed': (packages) =>
    changeWrites(packages, (data) =>
      typeof data === 'string' ? data.replace('"two"', '"twO"') : data,
    ),
  'one byte of an attachment is changed': (packages) =>
    changeWrites(packages, (data) => (typeof data === 'string' ? data : Buffer.from([9, 9, 9]))),
  'a reason is changed': ({ io }) =>
    patch(
      io.Socket.prototype,
      '_onclose',
      (onclose) =>
        function (reason, details) {
          return onclose.call(this, reason.replace('client', 'server'), details);
        },
    ),
  'an event comes twice': ({ io }) =>
    patch(
      io.Socket.prototype,
      'join',
      (join) =>
        function (rooms) {
          this.emit('one', 1);
          return join.call(this, rooms);
        },
    ),
  'a method is missing': ({ io }) => {
    delete io.Socket.prototype.send;
  },
  'a listener is called a tick later': ({ io }) =>
    patch(
      io.Socket.prototype,
      'on',
      (on) =>
        function (event, listener) {
          const isLate = event === 'disconnect';
          return on.call(
            this,
            event,
            isLate ? (...args) => process.nextTick(() => listener(...args)) : listener,
          );
        },
    ),
  'an exception is swallowed': ({ io }) =>
    patch(
      io.Socket.prototype,
      'on',
      (on) =>
        function (event, listener) {
          return on.call(this, event, (...args) => {
            try {
              listener.apply(this, args);
            } catch {
              // That is the fault.
            }
          });
        },
    ),
};

/** Faults of an engine without Socket.IO. @type {Record<string, (packages: Packages) => void>} */
const ENGINE_FAULTS = {
  'a header is missing': FAULTS['a header is missing'],
  'a text is a byte longer': (packages) =>
    changeWrites(packages, (data) => (typeof data === 'string' ? `${data}!` : data)),
  'a refusal has another code': ({ Engine }) =>
    patch(
      Engine.prototype,
      'emit',
      (emit) =>
        function (event, ...args) {
          if (event === 'connection_error') args[0].code++;
          return emit.call(this, event, ...args);
        },
    ),
  'a session ends for another reason': ({ Engine }) =>
    patch(
      Engine.prototype,
      'emit',
      (emit) =>
        function (event, ...args) {
          if (event === 'connection') {
            patch(args[0], 'emit', (emitOfConn) => (name, ...more) => {
              if (name === 'close') more[0] += '!';
              return emitOfConn.call(args[0], name, ...more);
            });
          }
          return emit.call(this, event, ...args);
        },
    ),
};

/**
 * @param {string} fault
 * @param {Packages} packages
 */
function seed(fault, packages) {
  (FAULTS[fault] ?? ENGINE_FAULTS[fault])(packages);
}

module.exports = { ENGINE_FAULTS, FAULTS, seed };
