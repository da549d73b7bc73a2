'use strict';

/** A session of a few clients under the eyes of an administrator, and what the latter was told of it. */

const { once } = require('node:events');

/** How often a sum of the admin UI was told: names what makes rows of one kind. */
const kindOf = (/** @type {any} */ { type, subType }) => [type, subType].filter(Boolean).join(' ');

class Administrator {
  /** @type {any[][]} */
  events = [];

  /** @param {any} socket in the namespace `/admin` */
  constructor(socket) {
    this.socket = socket;
    socket.onAny((/** @type {any[]} */ ...event) => this.events.push(event));
  }

  /**
   * @param {string} name
   * @returns {any[][]} the arguments of all such events so far
   */
  all(name) {
    return this.events.filter(([event]) => event === name).map(([, ...args]) => args);
  }

  /**
   * Waits until the administrator has been told.
   * @param {string} name
   * @param {(...args: any[]) => boolean} [matches]
   * @returns {Promise<any[]>} the arguments of the first such event
   */
  async told(name, matches = () => true) {
    for (;;) {
      const args = this.all(name).find((candidate) => matches(...candidate));
      if (args !== undefined) return args;
      await new Promise((resolve) => this.socket.once(name, resolve));
    }
  }
}

/**
 * Runs the session.
 * @param {(options: any, namespace?: string) => any} connect
 * @returns {Promise<any>} all that does not differ from run to run
 */
async function observe(connect) {
  const admin = new Administrator(connect({ transports: ['websocket'] }, '/admin'));
  await admin.told('server_stats');

  const clients = [];
  for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
    const client = connect({ transports, query: { tag: transports.join() } });
    clients.push(client);
    if (transports.length === 2) await admin.told('socket_updated', ({ transport }) => transport);
    await client.emitWithAck('join', 'room');
  }
  const [poller, speaker, upgraded] = clients;
  const chat = speaker.io.socket('/chat');
  await once(chat, 'connect');
  // A client has an id while it is connected only.
  const ids = [...clients, chat, admin.socket].map((client) => client.id);
  const gone = (/** @type {number} */ index) =>
    admin.told('socket_disconnected', (_nsp, id) => id === ids[index]);

  const said = Promise.all([poller, upgraded].map((client) => once(client, 'said')));
  speaker.emit('say', 'room', { text: 'hällo' });
  await said;
  admin.socket.emit('join', '/', 'another room', poller.id);
  await admin.told('room_joined', (_nsp, room) => room === 'another room');
  const byAdmin = once(poller, 'said');
  admin.socket.emit('emit', '/', 'another room', 'said', 'by the administrator');
  await byAdmin;
  const [stats] = await admin.told('server_stats', ({ clientsCount }) => clientsCount === 4);

  admin.socket.emit('_disconnect', '/', true, ids[0]);
  await gone(0);
  speaker.io.engine.close();
  await Promise.all([gone(1), gone(3)]);
  upgraded.disconnect();
  await gone(2);
  await admin.told('server_stats', (last) => last !== stats && last.uptime > stats.uptime);

  const known = (/** @type {any} */ value) =>
    JSON.parse(
      ids.reduce((text, id, index) => text.replaceAll(id, `id ${index}`), JSON.stringify(value)),
    );
  const withoutDate = (/** @type {any[]} */ args) => args.slice(0, -1);
  return known({
    connected: admin.all('socket_connected').map(([socket]) => summaryOf(socket)),
    updated: admin.all('socket_updated').flat(),
    joined: admin.all('room_joined').map(withoutDate),
    left: admin.all('room_left').map(withoutDate),
    received: admin.all('event_received').map(withoutDate),
    sent: admin.all('event_sent').map(withoutDate),
    disconnected: admin.all('socket_disconnected').map(withoutDate),
    serverId: stats.serverId,
    pollingClientsCount: stats.pollingClientsCount,
    namespaces: stats.namespaces,
    sums: sumsOf(admin.all('server_stats').flat()),
  });
}

/** @param {any} socket as the admin UI describes it */
function summaryOf({ id, clientId, transport, nsp, data, rooms, handshake }) {
  const { address, secure, xdomain, query } = handshake;
  return {
    id,
    clientIdLength: clientId.length,
    transport,
    nsp,
    data,
    rooms,
    handshake: { address, secure, xdomain, tag: query.tag, fields: Object.keys(handshake) },
  };
}

/**
 * What was counted during the session. What was sent depends on how often the administrator was told.
 * @param {any[]} stats
 */
function sumsOf(stats) {
  /** @type {Record<string, number>} */
  const sums = {};
  for (const row of stats.flatMap(({ aggregatedEvents }) => aggregatedEvents)) {
    const kind = kindOf(row);
    sums[kind] = (sums[kind] ?? 0) + row.count;
  }
  const isSent = sums.packetsOut > 0 && sums.bytesOut > 0;
  return { ...sums, packetsOut: isSent, bytesOut: isSent };
}

module.exports = { observe };
