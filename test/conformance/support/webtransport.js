/**
 * The steps of rows in which WebTransport sessions take part. They are a client's end of a session for each
 * name, what it says and hears, and what all these rows have in common.
 */
'use strict';

const { SID } = require('./conversation');
const { emit, handshake, happened } = require('./rows');
const { within } = require('./wire');
const { WebTransportClient } = require('../../support/fakes/webtransport');

/** @typedef {import('./conversation').Conversation} Conversation */
/** @typedef {import('./rows').Step} Step */

/** As an engine's option that serves them. */
const ALL = ['polling', 'websocket', 'webtransport'];

/** Stands for the packet that names the last session. */
const OPEN_SID = '0 and sid';

/** The clients of each conversation, by name. @type {WeakMap<Conversation, Map<string, WebTransportClient>>} */
const clients = new WeakMap();

/** @param {Conversation} talk @param {string} name @returns {WebTransportClient} */
function clientOf(talk, name) {
  return /** @type {any} */ (clients.get(talk)?.get(name));
}

// Steps.

/** @param {string} name @param {(string | Buffer)[]} packets @returns {Step} */
const begin =
  (name, ...packets) =>
  (talk) =>
    start(talk, name, new WebTransportClient(), packets);
/** A session in which no stream is opened. @param {string} name @returns {Step} */
const beginWithoutStream = (name) => (talk) =>
  start(talk, name, new WebTransportClient({ hasStream: false }), []);
/** @param {string} name @param {(string | Buffer)[]} packets `OPEN_SID` names the session @returns {Step} */
const say =
  (name, ...packets) =>
  (talk) => {
    for (const packet of packets) {
      clientOf(talk, name).send(packet === OPEN_SID ? `0{"sid":"${talk.sid}"}` : packet);
    }
  };
/** @param {string} name @param {Uint8Array[]} chunks @returns {Step} */
const write =
  (name, ...chunks) =>
  (talk) => {
    for (const chunk of chunks) clientOf(talk, name).write(chunk);
  };
/** @param {string} name @param {number} [count] @returns {Step} */
const hear =
  (name, count = 1) =>
  async (talk) => {
    for (let i = 0; i < count; i++) {
      const packet = await within(clientOf(talk, name).receive(), `a packet of ${name}`);
      const text = typeof packet === 'string' ? packet : `<${packet.toString('hex')}>`;
      talk.sid = /^0.*"sid":"([^"]+)"/.exec(text)?.[1] ?? talk.sid;
      const plain = text.replace(talk.sid || SID, SID);
      talk.transcript.push(`${name}: ${plain.length > 200 ? `${plain.length} long` : plain}`);
    }
  };
/** @param {string} name @returns {Step} */
const hearEnd = (name) => async (talk) => {
  await within(clientOf(talk, name).closed, `the end of ${name}`);
  talk.transcript.push(`${name}: the end`);
};
/** @param {string} name @param {(client: WebTransportClient) => void} act @returns {Step} */
const onClient = (name, act) => (talk) => act(clientOf(talk, name));
/** Messages go both ways. @param {string} name */
const works = (name) => [say(name, '4up'), happened('data "up"'), emit('down'), hear(name)];

/** @param {Conversation} talk @param {string} name @param {WebTransportClient} client @param {(string | Buffer)[]} packets */
function start(talk, name, client, packets) {
  const own = clients.get(talk) ?? new Map();
  clients.set(talk, own.set(name, client));
  talk.engine.onWebTransportSession(client.session);
  return say(name, ...packets)(talk);
}

// What is seen and told.

const OPENED = handshake({ upgrades: [] });
const TOLD = 'open webtransport v4';

/** A header that it makes itself. @param {number[]} bytes */
const head = (...bytes) => Buffer.from(bytes);

module.exports = {
  ALL,
  OPENED,
  OPEN_SID,
  TOLD,
  begin,
  beginWithoutStream,
  head,
  hear,
  hearEnd,
  onClient,
  say,
  works,
  write,
};
