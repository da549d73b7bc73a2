/** From polling to WebSocket. */
'use strict';

const frames = require('../../conformance/support/frames');
const { describeScenarios } = require('../support/scenarios');
const { refusedAfterUpgrade } = require('../support/deviations');

/** A session by polling whose connection is watched, and the query of its WebSocket. */
async function start(world, opts) {
  const io = await world.serve(opts);
  const known = new Promise((resolve) => io.engine.once('connection', resolve));
  const target = await world.poll('poll', io);
  const conn = await known;
  for (const event of ['upgrading', 'upgrade']) {
    conn.on(event, (transport) =>
      world.note(
        'server',
        event,
        transport.name,
        conn.transport.name,
        conn.upgrading,
        conn.upgraded,
      ),
    );
  }
  conn.on('close', (reason) => world.note('server', 'close', reason));
  io.engine.on('connection_error', ({ code, context }) =>
    world.note('server', 'connection_error', code, context),
  );
  const query = target.split('?')[1].replace('transport=polling', 'transport=websocket');
  return { io, conn, target, query };
}

/** The WebSocket of the session, which the server does not speak on by itself. */
const open = (world, io, lane, query) => world.ws(lane, io, { query, isHeard: false });

const text = (body) => ({ body, headers: { 'Content-Type': 'text/plain' } });

describeScenarios(__filename, 'upgrade', {
  'by the book': async (world) => {
    const { io, conn, target, query } = await start(world);
    io.on('connection', (socket) => {
      socket.emit('first', 1);
      socket.on('x', (n) => socket.emit('got', n));
    });
    await world.http('post', io, 'POST', target, text('40'));
    await world.http('poll', io, 'GET', target);
    const peer = await open(world, io, 'ws', query);
    peer.send('2probe');
    await world.saw('ws', '3probe');
    await world.saw('server', 'upgrading "websocket"');
    world.note('server', 'probed', conn.transport.name, conn.upgrading);
    await world.http('post', io, 'POST', target, text('42["x",1]'));
    await world.http('poll', io, 'GET', target);
    peer.send('5');
    await world.saw('server', 'upgrade "websocket"');
    world.note('server', 'upgraded', conn.transport.name, conn.upgraded, conn.upgrading);
    peer.send('42["x",2]');
    await world.saw('ws', 'got');
    await world.http('afterwards', io, 'GET', target);
    await world.http('afterwards', io, 'POST', target, text('42["x",3]'));
    const second = await open(world, io, 'second', query);
    await second.ended();
  },
  'with a pending poll': async (world) => {
    const { io, conn, target, query } = await start(world);
    const poll = await world.begin('poll', io, 'GET', target);
    const peer = await open(world, io, 'ws', query);
    peer.send('2probe');
    await world.saw('ws', '3probe');
    await poll.answer();
    conn.send('while probed');
    await world.http('poll', io, 'GET', target);
    peer.send('5');
    await world.saw('server', 'upgrade "websocket"');
    conn.send('afterwards');
    await world.saw('ws', 'afterwards');
  },
  'with messages that wait': async (world) => {
    const { io, conn, query } = await start(world);
    conn.send('one');
    conn.send(Buffer.from('two'));
    const peer = await open(world, io, 'ws', query);
    peer.send('2probe');
    await world.saw('ws', '3probe');
    conn.send('three');
    peer.send('5');
    await world.saw('ws', 'three');
  },
  'without a probe': async (world) => {
    const { io, conn, query } = await start(world);
    const peer = await open(world, io, 'ws', query);
    peer.send('5');
    await world.saw('server', 'upgrade "websocket"');
    conn.send('x');
    await world.saw('ws', '4x');
  },
  'with a wrong first packet': async (world) => {
    const { io, conn, target, query } = await start(world);
    for (const [lane, packet] of Object.entries({
      message: '4x',
      'ping without probe': '2',
      'another probe': '2prob',
      pong: '3probe',
      unknown: '9',
      empty: '',
      noop: '6',
    })) {
      const peer = await open(world, io, lane, query);
      peer.send(packet);
      await peer.ended();
      world.note('server', lane, conn.readyState, conn.transport.name, conn.upgrading);
    }
    conn.send('still polling');
    await world.http('poll', io, 'GET', target);
  },
  'that never ends': async (world) => {
    const { io, conn, target, query } = await start(world, { upgradeTimeout: 1500 });
    const peer = await open(world, io, 'ws', query);
    peer.send('2probe');
    await peer.ended();
    world.note('server', 'after', conn.upgrading, conn.upgraded, conn.transport.name);
    conn.send('still polling');
    await world.http('poll', io, 'GET', target);
  },
  'whose WebSocket is lost': async (world) => {
    const { io, conn, target, query } = await start(world);
    const peer = await open(world, io, 'ws', query);
    peer.send('2probe');
    await world.saw('ws', '3probe');
    peer.write(frames.close(1000));
    await peer.ended();
    await world.until(() => !conn.upgrading, 'the upgrade to be over');
    conn.send('still polling');
    await world.http('poll', io, 'GET', target);
    const again = await open(world, io, 'again', query);
    again.send('2probe');
    await world.saw('again', '3probe');
  },
  'two at once': async (world) => {
    const { io, query } = await start(world);
    const peer = await open(world, io, 'ws', query);
    peer.send('2probe');
    await world.saw('ws', '3probe');
    const second = await open(world, io, 'second', query);
    await second.ended();
    peer.send('5');
    await world.saw('server', 'upgrade "websocket"');
  },
  'of a session that is closed meanwhile': async (world) => {
    const { io, conn, query } = await start(world);
    const peer = await open(world, io, 'ws', query);
    peer.send('2probe');
    await world.saw('ws', '3probe');
    await world.saw('server', 'upgrading "websocket"');
    conn.close(true);
    await peer.ended();
  },
  'of no session': async (world) => {
    const { io } = await start(world);
    await world.ws('unknown', io, { query: 'EIO=4&transport=websocket&sid=nobody' });
    await world.ws('proto', io, { query: 'EIO=4&transport=websocket&sid=__proto__' });
  },
  'with another revision': async (world) => {
    const { io, query } = await start(world, { allowEIO3: true });
    const peer = await open(world, io, 'ws', query.replace('EIO=4', 'EIO=3'));
    await peer.ended();
  },
  'that is not allowed': async (world) => {
    const { io, query } = await start(world, { allowUpgrades: false });
    const peer = await open(world, io, 'ws', query);
    peer.send('2probe');
    await world.saw('ws', '3probe');
    peer.send('5');
    await world.saw('server', 'upgrade "websocket"');
  },
  'requests for WebSockets that are wrong': async (world) => {
    const io = await world.serve();
    io.engine.on('connection_error', ({ code, message, context }) =>
      world.note('server', 'connection_error', code, message, context),
    );
    for (const [lane, headers] of Object.entries({
      'no key': { 'Sec-WebSocket-Key': undefined },
      'a short key': { 'Sec-WebSocket-Key': 'abc' },
      'version 12': { 'Sec-WebSocket-Version': '12' },
      'version 8': { 'Sec-WebSocket-Version': '8' },
      'no version': { 'Sec-WebSocket-Version': undefined },
      protocols: { 'Sec-WebSocket-Protocol': 'one, two' },
      'bad protocols': { 'Sec-WebSocket-Protocol': 'one,,two' },
      extensions: { 'Sec-WebSocket-Extensions': 'permessage-deflate' },
      'a bad origin': { Origin: 'http://a\u00e9' },
    })) {
      const peer = await world.ws(lane, io, { headers });
      peer.destroy();
    }
    for (const query of ['EIO=4&transport=x', 'transport=websocket', 'EIO=4&transport=polling']) {
      if (query === 'transport=websocket') continue; // another scenario
      const peer = await world.ws(query, io, { query, isHeard: false });
      await peer.ended();
    }
  },
  'a WebSocket without EIO': {
    deviates: refusedAfterUpgrade(
      'WebSocket handshake with another `EIO` than 4, without `allowEIO3`',
      'Unsupported protocol version',
    ),
    run: async (world) => {
      const io = await world.serve();
      io.engine.on('connection_error', ({ code, context }) =>
        world.note('server', 'connection_error', code, context),
      );
      await world.ws('a', io, { query: 'transport=websocket', isHeard: false });
      await world.saw('a', 'HTTP/1.1');
      await world.saw('server', 'connection_error');
    },
  },
  'official clients that upgrade': async (world) => {
    const io = await world.serve({ allowEIO3: true });
    io.on('connection', (socket) => {
      socket.on('echo', (...args) => args.pop()(...args));
      socket.conn.on('upgrade', (to) => world.note(socket.handshake.query.me, 'upgrade', to.name));
    });
    for (const version of [4, 2]) {
      const lane = `client ${version}`;
      const client = world.client(lane, io, '/', {
        version,
        transports: ['polling', 'websocket'],
        query: { me: `server ${version}` },
      });
      await world.saw(`server ${version}`, 'upgrade');
      client.emit('echo', 1, 'two', Buffer.from('3'), (...args) =>
        world.note(lane, 'echoed', args),
      );
      await world.saw(lane, 'echoed');
      client.disconnect();
    }
  },
});
