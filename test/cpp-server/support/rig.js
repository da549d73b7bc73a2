/**
 * Servers and official clients for the tests of one file: each subject's server is started once. Clients are
 * closed after each test.
 */
'use strict';

const { io: connect } = require('socket.io-client');
const connectOld = require('socket.io-client-2');
const { BUILD_TIMEOUT_MS, built } = require('./program');
const { SUBJECTS, startServer } = require('./server-process');

const PATIENCE_MS = 20_000;

/** Ways of an official client to connect. @type {[string, string[]][]} */
const WAYS = [
  ['WebSocket', ['websocket']],
  ['polling', ['polling']],
  ['an upgrade', ['polling', 'websocket']],
];

/** @type {any[]} */
const clients = [];

/**
 * An official client, not yet connected.
 * @param {import('./server-process').ServerProcess} server
 * @param {string} [nsp]
 * @param {any} [options] `version: 2` for the client of Socket.IO 2
 */
function open(server, nsp = '/', { version = 4, ...options } = {}) {
  const client = (version === 2 ? connectOld : connect)(server.url(nsp), {
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
    ...options,
  });
  clients.push(client);
  return client;
}

/**
 * The arguments of the next event of a client.
 * @param {any} client
 * @param {string} event
 * @returns {Promise<any[]>}
 */
function eventOf(client, event) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no "${event}"`)), PATIENCE_MS);
    client.once(event, (/** @type {any[]} */ ...args) => {
      clearTimeout(timer);
      resolve(args);
    });
  });
}

/**
 * An official client that is connected.
 * @param {import('./server-process').ServerProcess} server
 * @param {string} [nsp]
 * @param {any} [options]
 */
async function join(server, nsp, options) {
  const client = open(server, nsp, options);
  await eventOf(client, 'connect');
  return client;
}

/**
 * What the server answers, as a list.
 * @param {any} client of any version
 * @param {string} event
 * @param {...any} args
 * @returns {Promise<any[]>}
 */
function answerTo(client, event, ...args) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer to "${event}"`)), PATIENCE_MS);
    client.emit(event, ...args, (/** @type {any[]} */ ...answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
}

/**
 * The events of a client from now on, each as a list that begins with its name.
 * @param {any} client
 * @param {...string} events
 */
function record(client, ...events) {
  /** @type {any[][]} */
  const heard = [];
  for (const event of events) {
    client.on(event, (/** @type {any[]} */ ...args) => heard.push([event, ...args]));
  }
  return heard;
}

function closeClients() {
  for (const client of clients.splice(0)) {
    client.close();
    client.io.engine?.close(); // with all other sockets on it
  }
}

/**
 * Tests that are run on each subject, beside one server of its own.
 * @param {string} title
 * @param {(server: () => import('./server-process').ServerProcess, subject: string) => void} tests
 * @param {{ options?: object, subjects?: import('./server-process').Subject[] }} [choice]
 */
function onEachSubject(title, tests, { options, subjects = SUBJECTS } = {}) {
  describe.each(subjects)(`${title}: %s`, (subject) => {
    /** @type {import('./server-process').ServerProcess} */
    let server;
    beforeAll(async () => {
      await built();
      server = await startServer(subject, options);
    }, BUILD_TIMEOUT_MS);
    afterEach(async () => {
      closeClients();
      await server?.forget();
    });
    afterAll(() => server?.stop());
    tests(() => server, subject);
  });
}

module.exports = { WAYS, answerTo, closeClients, eventOf, join, onEachSubject, open, record };
