/**
 * Clients that lose their connection and come back. Official ones stand behind a network that fails. Raw ones
 * remember what a client has to tell.
 */
'use strict';

const { once } = require('node:events');
const { io: connectClient } = require('socket.io-client');
const { certificate } = require('../servers/doors');
const { startProxy } = require('../fakes/lossy-proxy');
const { cleanUp, eventOf, openRaw, urlOf } = require('./rig');

/** @type {Awaited<ReturnType<typeof startProxy>>[]} */
const proxies = [];

/** Official clients behind these. @type {any[]} */
const clients = [];

/** Ends all of it, and the servers. */
async function cleanUpNetworks() {
  for (const client of clients.splice(0)) {
    client.io.reconnection(false);
    client.disconnect();
  }
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()));
  await cleanUp();
}

const recovery = { connectionStateRecovery: {} };
/** Not shared: the server completes its options in place. */
const withoutOffset = (more = {}) => ({
  connectionStateRecovery: { ...more },
  recoverWithoutOffset: true,
});

const reconnecting = { reconnection: true, reconnectionDelay: 5, reconnectionDelayMax: 5 };

/** A network between a server and its clients. @param {any} io */
async function networkOf(io) {
  const proxy = await startProxy(Number(new URL(urlOf(io)).port));
  proxies.push(proxy);
  return proxy;
}

/**
 * An official client behind a network, which reconnects.
 * @param {any} io
 * @param {{ port: number }} network
 * @param {string[]} transports
 * @param {string} [nsp]
 */
async function connectThrough(io, network, transports, nsp = '/') {
  const connected = once(io.of(nsp), 'connection');
  const url = new URL(urlOf(io, nsp));
  url.port = String(network.port);
  const { ca } = certificate();
  const client = connectClient(url.href, { forceNew: true, ...reconnecting, transports, ca });
  clients.push(client);
  const [[socket]] = await Promise.all([connected, eventOf(client, 'connect')]);
  return { client, socket };
}

/**
 * The client finds out that the network has failed, and then it works again. The server does not: until
 * the first attempt to reconnect has failed, the close of a polling client is lost as well.
 * @param {Awaited<ReturnType<typeof startProxy>>} network
 * @param {any} client
 */
function interrupt(network, client) {
  client.io.once('reconnect_error', () => network.recover());
  network.fail();
}

/** What a raw client is let in with. @param {string} answer */
const pidOf = (answer) => JSON.parse(answer.slice(2)).pid;

/** The event in a message, without its offset. @param {any} message */
const eventIn = (message) => JSON.parse(message.slice(2)).slice(0, -1);

/** @param {any} message */
const offsetOf = (message) => JSON.parse(message.slice(2)).at(-1);

/**
 * Comes back with what the client remembers.
 * @param {any} io
 * @param {object} auth
 */
async function comeBack(io, auth) {
  const raw = await openRaw(io);
  const connected = once(io, 'connection');
  raw.send(`40${JSON.stringify(auth)}`);
  const [socket] = await connected;
  return { raw, socket };
}

/** @param {any} member */
async function lose({ raw, socket }) {
  const left = once(socket, 'disconnect');
  raw.ws.terminate();
  await left;
}

module.exports = {
  cleanUpNetworks,
  comeBack,
  connectThrough,
  eventIn,
  interrupt,
  lose,
  networkOf,
  offsetOf,
  pidOf,
  reconnecting,
  recovery,
  withoutOffset,
};
