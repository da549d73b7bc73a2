/**
 * A live page of a server: rates, latency, who is slow, rooms by size. An application has it by one line:
 *
 *     require('./dashboard')(io, { allow: (socket, next) => next(isAdmin(socket) ? undefined : new Error('no')) });
 *
 * `node examples/dashboard` shows a server with clients that are made up.
 */
'use strict';

const { Page } = require('./server/page');
const { Publisher } = require('./server/publisher');

const MIN_INTERVAL_MS = 50;
/** What timers of Node take. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;
const MOST_ROWS = 100;

/**
 * @typedef {object} Options
 * @property {(socket: any, next: (error?: Error) => void) => void} allow a middleware, as `io.use()` takes it: who may look
 * @property {string} [namespace] where the numbers come from
 * @property {string} [path] where the page is
 * @property {number} [interval] milliseconds between two samples
 * @property {number} [top] rows in each list: clients, namespaces, rooms of each namespace
 */

/**
 * @param {Options | undefined} options
 * @throws {TypeError | RangeError} naming the option that cannot be used
 */
function checked(options) {
  const {
    allow,
    namespace = '/__beast',
    path = '/__beast',
    interval = 1000,
    top = 10,
  } = options ?? /** @type {any} */ ({});
  /** @param {boolean} isGood @param {string} name @param {string} what */
  const check = (isGood, name, what, Kind = TypeError) => {
    if (!isGood) throw new Kind(`the option "${name}" of the dashboard must be ${what}`);
  };
  /** @param {string} name @param {number} value @param {string} what @param {number} from @param {number} to */
  const checkNumber = (name, value, what, from, to) => {
    const range = `${what} from ${from} to ${to}`;
    check(typeof value === 'number', name, range);
    check(value >= from && value <= to, name, range, RangeError);
  };
  check(typeof allow === 'function', 'allow', 'a middleware (socket, next): it says who may look');
  for (const [name, value] of Object.entries({ namespace, path })) {
    check(typeof value === 'string' && /^\/.*[^/]$/.test(value), name, 'as "/name"');
  }
  checkNumber('interval', interval, 'a number of milliseconds', MIN_INTERVAL_MS, MAX_INTERVAL_MS);
  checkNumber('top', top, 'an integer', 1, MOST_ROWS);
  check(Number.isInteger(top), 'top', `an integer from 1 to ${MOST_ROWS}`, RangeError);
  return { allow, namespace, path, interval, top };
}

/**
 * Gives a server a dashboard. Samples are taken only while somebody looks.
 * @param {any} io a server that has its HTTP server
 * @param {Options} options
 * @returns {() => void} takes it away
 * @throws {TypeError | RangeError | Error} if an option or the moment is wrong
 */
function dashboard(io, options) {
  const { allow, namespace, path, interval, top } = checked(options);
  if (!io.httpServer) {
    throw new Error('the dashboard needs an HTTP server: call io.listen() or io.attach() before');
  }
  if (io._nsps.has(namespace)) throw new Error(`there is a namespace "${namespace}" already`);
  const nsp = io.of(namespace);
  const publisher = new Publisher(io, nsp, { interval, top });
  nsp.use(allow);
  nsp.use((/** @type {any} */ _socket, /** @type {(error?: Error) => void} */ next) => {
    const hasFigures = typeof io.engine?.stats === 'function';
    next(hasFigures ? undefined : new Error('This server has another engine, without figures.'));
  });
  nsp.on('connection', (/** @type {any} */ socket) => publisher.addWatcher(socket));
  const page = new Page(path, { namespace, interval, path: io.path() });
  const removePage = page.takeRequests(io.httpServer);

  return function end() {
    removePage();
    publisher.close();
    if (io._nsps.get(namespace) !== nsp) return;
    nsp.adapter.close();
    io._nsps.delete(namespace);
  };
}

module.exports = dashboard;

if (require.main === module) require('./server').main();
