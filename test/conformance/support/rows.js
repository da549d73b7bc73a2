/**
 * Tables of conversations as tests. A row says what the genuine server answers. It is run on every subject of
 * its file. All must answer the same, unless the row says where ours is different and why. Rows of one group
 * share a server.
 */
'use strict';

const assert = require('node:assert/strict');
const { Conversation, SID } = require('./conversation');
const { hasTls, isOurs, isOwnPort, startEngine } = require('./subjects');

/** @typedef {(talk: Conversation) => unknown} Step */
/**
 * @typedef {object} Row
 * @property {string} name
 * @property {Step[]} steps
 * @property {string[]} sees the lines that the client gets to see
 * @property {string[]} told the lines that the server's side is told
 * @property {{ why: string } & Partial<Row>} [genuineWithTls] where the genuine server's answers are
 *   different over TLS
 * @property {{ why: string } & Partial<Row>} [ours] where ours is deliberately
 *   different
 * @property {{ why: string } & Partial<Row>} [onOwnPort] where its own port is
 */
/**
 * @typedef {object} Group
 * @property {string} title
 * @property {any} [opts] of the engine
 * @property {import('node:http').ServerOptions} [http]
 * @property {(engine: any) => void} [prepare]
 * @property {Row[]} rows
 */

/**
 * @param {readonly string[]} subjects
 * @param {Group[]} groups
 */
function describeGroups(subjects, groups) {
  for (const { title, opts, http, prepare, rows } of groups) {
    describe.each(subjects)(`${title}: %s`, (subject) => {
      /** @type {import('./subjects').Running} */
      let running;
      beforeAll(async () => {
        running = await startEngine(subject, opts, http);
        prepare?.(running.engine);
      });
      afterAll(() => running.stop());
      for (const row of rows) test(row.name, () => check(row, subject, running));
    });
  }
}

/**
 * @param {Row} row
 * @param {string} subject
 * @param {import('./subjects').Running} running
 */
async function check(row, subject, running) {
  const { steps, sees, told } = {
    ...row,
    ...(!isOurs(subject) && hasTls(subject) && row.genuineWithTls),
    ...(isOurs(subject) && row.ours),
    ...(isOwnPort(subject) && row.onOwnPort),
  };
  const talk = new Conversation(running);
  try {
    for (const step of steps) await step(talk);
    await talk.eventsCount(told.length);
    assert.deepEqual([...talk.transcript], sees);
    assert.deepEqual([...talk.events], told);
    const open = talk.conns.filter(({ readyState }) => readyState !== 'closed');
    assert.equal(running.engine.clientsCount, open.length, 'clientsCount');
    const ids = open.map(({ id }) => id);
    assert.deepEqual(Object.keys(running.engine.clients).sort(), ids.sort(), 'clients');
  } catch (error) {
    throw explained(/** @type {Error} */ (error), talk);
  } finally {
    await talk.finish();
  }
}

/**
 * @param {Error} error
 * @param {Conversation} talk
 */
function explained(error, talk) {
  error.message += `\n\nseen:\n  ${talk.transcript.join('\n  ')}\ntold:\n  ${talk.events.join('\n  ')}`;
  return error;
}

// Steps.

/** @typedef {import('./conversation').RequestForm} RequestForm */

/**
 * @param {Record<string, string | undefined>} [query]
 * @param {Record<string, string>} [headers]
 * @returns {Step}
 */
const open = (query, headers) => (talk) => talk.open(query, headers);
/** @param {string} body @param {RequestForm} [form] @returns {Step} */
const post =
  (body, { headers, ...form } = {}) =>
  (talk) =>
    talk.exchange('POST', { body, headers: { 'Content-Type': TEXT, ...headers }, ...form });
/** @param {RequestForm} [form] @returns {Step} */
const poll = (form) => (talk) => talk.exchange('GET', form);
/** @param {string} method @param {RequestForm} [form] @returns {Step} */
const request = (method, form) => (talk) => talk.exchange(method, form);
/** @param {string} name @param {string} method @param {RequestForm} [form] @returns {Step} */
const begin = (name, method, form) => (talk) => talk.begin(name, method, form);
/** @param {string} name @returns {Step} */
const answer = (name) => (talk) => talk.answer(name);
/** @param {string} name @param {any} [form] @returns {Step} */
const openWebSocket = (name, form) => (talk) => talk.openWebSocket(name, form);
/** @param {string} name @param {(string | Buffer)[]} messages @returns {Step} */
const say =
  (name, ...messages) =>
  (talk) =>
    talk.say(name, ...messages);
/** @param {string} name @param {Buffer | string} bytes @returns {Step} */
const write = (name, bytes) => (talk) => talk.write(name, bytes);
/** @param {string} name @param {number} [count] @returns {Step} */
const hear =
  (name, count = 1) =>
  async (talk) => {
    for (let i = 0; i < count; i++) await talk.hear(name);
  };
/** @param {string} name @returns {Step} */
const hearEnd = (name) => (talk) => talk.hearEnd(name);
/** @param {string} name @returns {Step} */
const drop = (name) => (talk) => talk.drop(name);
/** @param {string} name @returns {Step} */
const end = (name) => (talk) => talk.end(name);
/** @param {string} start @returns {Step} */
const happened = (start) => (talk) => talk.happened(start);
/** Does something on the server. @param {(conn: any, talk: Conversation) => unknown} act @returns {Step} */
const onServer = (act) => async (talk) => {
  await act(talk.conns[talk.conns.length - 1], talk);
};
/** @param {...any} messages @returns {Step} */
const emit = (...messages) =>
  onServer((conn) => {
    for (const message of messages) conn.send(message);
  });

// What is seen.

const TEXT = 'text/plain;charset=UTF-8';
const PLAIN = 'text/plain; charset=UTF-8';

/**
 * The answer to a poll.
 * @param {string} body
 * @param {string[]} [more] lines of its head
 */
function payload(body, more = []) {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  const head = ['cache-control: no-store', length, `content-type: ${PLAIN}`, ...more].sort();
  return ['200', ...head, body].join(' | ');
}

/** The answer to a POST. */
const POSTED = '200 | cache-control: no-store | content-length: 2 | content-type: text/html | ok';

/** The first packet of a session. */
function handshake({
  upgrades = ['websocket'],
  pingInterval = 25000,
  pingTimeout = 20000,
  maxPayload = 1000000,
} = {}) {
  return `0${JSON.stringify({ sid: SID, upgrades, pingInterval, pingTimeout, maxPayload })}`;
}

/** The answer to a handshake by polling. */
const OPENED = payload(handshake());

/**
 * A refusal over HTTP.
 * @param {number} code
 * @param {string} message
 * @param {number} [status]
 */
function refusal(code, message, status = 400) {
  const body = JSON.stringify({ code, message });
  return `${status} | content-type: application/json | transfer-encoding: chunked | ${body}`;
}

/**
 * A refusal of an upgrade.
 * @param {string} body
 * @param {string[]} [more]
 */
function upgradeRefusal(body, more = []) {
  const length = `content-length: ${Buffer.byteLength(body)}`;
  const head = ['connection: close', length, 'content-type: text/html', ...more].sort();
  return ['400', ...head, body].join(' | ');
}

/** An accepted upgrade. @param {string[]} [more] */
function switching(more = []) {
  const head = ['connection: Upgrade', 'sec-websocket-accept: correct', 'upgrade: websocket'];
  return ['101', ...[...head, ...more].sort()].join(' | ');
}

/** A status without anything. @param {number} status */
const empty = (status) => `${status} | transfer-encoding: chunked`;

module.exports = {
  OPENED,
  POSTED,
  answer,
  begin,
  describeGroups,
  drop,
  emit,
  empty,
  end,
  handshake,
  happened,
  hear,
  hearEnd,
  onServer,
  open,
  openWebSocket,
  payload,
  poll,
  post,
  refusal,
  request,
  say,
  switching,
  upgradeRefusal,
  write,
};
