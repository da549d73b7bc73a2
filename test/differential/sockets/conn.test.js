/** `socket.conn`, its transport and the request of the handshake. */
'use strict';

const { FOUR_DOORS, describeScenarios } = require('../support/scenarios');

const scenarios = {
  'what they are made of': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const { conn } = socket;
    world.note('conn', 'id', conn.id, io.engine.clients[conn.id] === conn, io.engine.clientsCount);
    world.note('conn', 'state', conn.readyState, conn.protocol, conn.upgraded, conn.upgrading);
    world.note('conn', 'address', conn.remoteAddress, conn.server === io.engine);
    world.note('conn', 'buffer', conn.writeBuffer, Array.isArray(conn.writeBuffer));
    const { transport } = conn;
    world.note('transport', 'name', transport.name, transport === conn.transport);
    world.note('transport', 'state', transport.readyState, transport.writable, transport.sid);
    world.note(
      'transport',
      'features',
      transport.protocol,
      transport.supportsBinary,
      transport.discarded,
    );
    world.note('transport', 'upgrades', transport.handlesUpgrades);
    world.note('transport', 'can be logged as JSON', typeof JSON.stringify(transport));
    peer.destroy();
    await world.until(() => conn.readyState === 'closed', 'the end');
    await world.quiet();
    world.note(
      'conn',
      'closed',
      conn.readyState,
      io.engine.clients[conn.id],
      conn.transport.readyState,
    );
  },
  'of polling': async (world) => {
    const io = await world.serve();
    const known = new Promise((resolve) => io.engine.once('connection', resolve));
    await world.poll('a', io);
    const { transport, upgraded, protocol } = await known;
    world.note('transport', 'name', transport.name, upgraded, protocol, transport.handlesUpgrades);
    world.note(
      'transport',
      'features',
      transport.supportsBinary,
      transport.readyState,
      transport.sid,
    );
  },
  'events of what comes in': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    world.record('conn', socket.conn, ['packet', 'data', 'message', 'heartbeat']);
    socket.on('x', world.noter('server', 'x'));
    peer.send(
      '42["x",1]',
      '451-["x",{"_placeholder":true,"num":0}]',
      Buffer.from('b'),
      '421["fence"]',
    );
    await world.saw('a', '431[]');
  },
  'the packet event of other packets': {
    deviates: {
      row: '`packet` events',
      differences: [[['conn: packet {type: "noop"}', 'conn: packet {type: "upgrade"}'], []]],
    },
    run: async (world) => {
      const io = await world.serve();
      const { socket, peer } = await world.join('a', io);
      world.record('conn', socket.conn, ['packet']);
      peer.send('6', '5', '421["fence"]');
      await world.saw('a', '431[]');
    },
  },
  'events of what goes out': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    socket.conn.on('packetCreate', ({ type, data }) =>
      world.note('conn', 'packetCreate', type, data),
    );
    socket.emit('one', 1);
    socket.emit('two', Buffer.from('b'));
    io.emit('three', 3);
    io.emit('four', Buffer.from('b'));
    await world.fence(peer);
  },
  'a heartbeat': async (world) => {
    const io = await world.serve({ pingInterval: 600, pingTimeout: 5000 });
    const { socket, peer } = await world.join('a', io);
    world.record('conn', socket.conn, ['heartbeat', 'packet']);
    await world.saw('a', '2');
    await world.until(() => peer.texts.includes('2'), 'a ping');
    io.engine.opts.pingInterval = 100_000;
    peer.send('3');
    await world.saw('conn', 'heartbeat');
    socket.conn.close(true);
    await peer.ended();
  },
  'messages by hand': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const { conn } = socket;
    world.note('conn', 'returns', conn.send('one') === conn, conn.write('two') === conn);
    conn.send(Buffer.from([1]));
    conn.send(new Uint16Array([2]));
    conn.send(new Uint8Array([3]).buffer);
    conn.send('with options', { compress: false });
    conn.send('with a callback', (transport) => world.note('conn', 'callback', transport?.name));
    conn.send('with both', {}, (transport) =>
      world.note('conn', 'callback of both', transport?.name),
    );
    await world.saw('conn', 'callback of both');
    await world.fence(peer);
  },
  'the request': async (world) => {
    const io = await world.serve();
    const peer = await world.ws('a', io, {
      query: 'EIO=4&transport=websocket&x=%C3%BC',
      headers: { 'X-Own': 'a', Cookie: 'c=d', 'User-Agent': 'agent' },
    });
    const { request } = await world.enter(peer, io);
    world.note('request', 'class', request.constructor.name, request.method, request.url);
    world.note('request', 'headers', request.headers, request.rawHeaders, request.httpVersion);
    world.note('request', 'query', request._query, request.res);
    world.note(
      'request',
      'address',
      request.socket.remoteAddress,
      request.connection.remoteAddress,
    );
    world.note('request', 'port', request.socket.remotePort === peer.wire.socket.localPort);
    world.note('request', 'encrypted', request.socket.encrypted, request.complete, request.aborted);
    request.user = { name: 'x' };
    world.note('request', 'additions', request.user);
  },
  'the request of polling': async (world) => {
    const io = await world.serve();
    const known = new Promise((resolve) => io.engine.once('connection', resolve));
    await world.poll('a', io);
    const { request } = await known;
    await world.quiet();
    world.note(
      'request',
      'class',
      request.constructor.name,
      request.method,
      request.url,
      request.res,
    );
    world.note('request', 'address', request.connection.remoteAddress, request._query);
  },
  'close() in every state': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const { conn } = socket;
    conn.on('close', (reason, description) =>
      world.note('conn', 'close', reason, description, conn.readyState),
    );
    conn.close();
    world.note('conn', 'state', conn.readyState);
    conn.close();
    conn.close(true);
    await peer.ended();
    conn.send('late', (transport) => world.note('conn', 'callback', transport));
    world.note('conn', 'state', conn.readyState);
  },
  'the module of the engine': async (world) => {
    world.note('class', 'errors', Object.values(world.Engine.errors), world.Engine.errorMessages);
    const engine = new world.Engine();
    world.note(
      'engine',
      'state',
      engine.clientsCount,
      engine.upgrades('websocket'),
      /^[\w-]{20}$/.test(engine.generateId()),
    );
    world.note('engine', 'close', engine.close() === engine);
  },
  'what the engine lists': {
    deviates: {
      row: '`engine.clients`',
      differences: [
        [
          ['engine: lists {}, ["websocket", "webtransport"]'],
          ['engine: lists null-prototype {}, ["websocket", "webtransport"]'],
        ],
      ],
    },
    run: (world) => {
      const engine = new world.Engine();
      world.note('engine', 'lists', engine.clients, engine.upgrades('polling'));
    },
  },
  'clients that come and go': async (world) => {
    const io = await world.serve();
    const peers = [];
    for (const lane of ['a', 'b', 'c']) peers.push(await world.join(lane, io));
    world.note('engine', 'count', io.engine.clientsCount, Object.keys(io.engine.clients).length);
    peers[1].peer.destroy();
    await world.until(() => io.engine.clientsCount === 2, 'one to leave');
    world.note('engine', 'ids', Object.keys(io.engine.clients).includes(peers[1].socket.conn.id));
    io.engine.close();
    world.note('engine', 'count', io.engine.clientsCount);
    await peers[0].peer.ended();
    await world.ws('d', io);
    await world.http('e', io, 'GET', '/socket.io/?EIO=4&transport=polling');
  },
};

/**
 * What tells of connections tells of their addresses. So other kinds of addresses are used here, beside the
 * four doors.
 */
describeScenarios(__filename, 'connections of the engine', scenarios, [
  ...FOUR_DOORS,
  ['http on IPv6', ['http on IPv6', 'own port on IPv6']],
  ['https on IPv6', ['https on IPv6', 'own port with TLS on IPv6']],
  ['http on a unix socket', ['http on a unix socket', 'own port on a unix socket']],
  ['https on a unix socket', ['https on a unix socket', 'own port with TLS on a unix socket']],
]);
