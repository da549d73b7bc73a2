/** Namespaces made on demand, and their clean-up. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

describeScenarios(__filename, 'ParentNamespace', {
  'by a regular expression': async (world) => {
    const io = await world.serve();
    const parent = io.of(/^\/room-\d+$/);
    world.note('server', 'parent', /^\/_\d+$/.test(parent.name), parent.children, io._nsps.size);
    world.note('server', 'same', io.of(/^\/room-\d+$/) === parent, io.parentNsps.size);
    parent.use((socket, next) => {
      world.note('server', 'middleware', socket.nsp.name);
      next();
    });
    for (const event of ['connect', 'connection', 'other']) {
      parent.on(event, (socket) => world.note('server', event, socket.nsp.name));
    }
    const { socket } = await world.join('a', io, '/room-1');
    world.note('server', 'nsp', socket.nsp.constructor.name, parent.children.size);
    world.note('server', 'child', socket.nsp.eventNames(), socket.nsp._fns.length);
    parent.use((_socket, next) => next(new Error('added later')));
    await world.join('b', io, '/room-1');
    const refused = await world.ws('c', io);
    refused.send('40/room-2,', '40/room-x,');
    await world.saw('c', 'room-x');
  },

  'by a function': async (world) => {
    const io = await world.serve();
    const parent = io.of((name, auth, next) => {
      world.note('server', 'asked', name, auth);
      if (auth.answer === 'throw') throw new Error('thrown by the function');
      if (auth.answer === 'later') setImmediate(next, null, true);
      else next(auth.answer === 'error' ? new Error('no') : null, auth.answer);
    });
    parent.on('connection', (socket) => world.note('server', 'connection', socket.nsp.name));
    for (const answer of ['yes', 'later', 'error', '']) {
      const lane = `answer ${answer}`;
      const peer = await world.ws(lane, io);
      peer.send(`40/${answer || 'no'},{"answer":"${answer}"}`);
      await world.saw(lane, `/${answer || 'no'},`);
    }
    const peer = await world.ws('throw', io);
    peer.send('40/throw,{"answer":"throw"}');
    await peer.ended();
  },

  'several parents': async (world) => {
    const io = await world.serve();
    io.of((name, _auth, next) => {
      world.note('server', 'function one', name);
      next(null, false);
    });
    io.of(/^\/a/, (socket) => world.note('server', 'pattern', socket.nsp.name));
    io.of((name, _auth, next) => {
      world.note('server', 'function two', name);
      next(null, true);
    }).on('connection', (socket) => world.note('server', 'function', socket.nsp.name));
    for (const name of ['abc', 'bcd']) {
      const peer = await world.ws(name, io);
      peer.send(`40/${name},`);
      await world.saw(name, `40/${name}`);
    }
    world.note('server', 'of', io.of('/axe').name, io._nsps.get('/axe') !== undefined);
  },

  'two clients that ask for the same new namespace': async (world) => {
    const io = await world.serve();
    const answers = [];
    const parent = io.of((_name, _auth, next) => answers.push(next));
    world.record('server', io, ['new_namespace']);
    const a = await world.ws('a', io);
    const b = await world.ws('b', io);
    a.send('40/x,');
    b.send('40/x,');
    await world.until(() => answers.length === 2, 'both to be asked');
    answers[0](null, true);
    answers[1](null, true);
    await world.saw('a', '40/x');
    await world.saw('b', '40/x');
    world.note('server', 'children', parent.children.size, io.of('/x').sockets.size);
  },

  'a broadcast of the parent': async (world) => {
    const io = await world.serve();
    const parent = io.of(/^\/room-\d+$/);
    const a = await world.join('a', io, '/room-1');
    const b = await world.join('b', io, '/room-2');
    b.socket.join('r');
    world.note('server', 'emit', parent.emit('all', 1), parent.to('r').emit('to r'));
    parent.volatile.except('r').emit('except r');
    parent.local.compress(false).emit('local', Buffer.from('x'));
    world.note('server', 'send', parent.send('m') === parent, parent.write('m') === parent);
    for (const { peer, socket } of [a, b]) await world.fence(peer, socket.nsp.name);
    await world.attempt('server', 'fetchSockets', () => parent.fetchSockets());
    await world.attempt('server', 'allSockets', () => parent.allSockets());
    await world.attempt('server', 'socketsJoin', () => parent.socketsJoin('x'));
    await world.attempt('server', 'disconnectSockets', () => parent.disconnectSockets());
    world.note('server', 'adapter', parent.adapter.constructor.name, parent.sockets);
  },

  'the parent refuses reserved names': async (world) => {
    const parent = world.io().of(/x/);
    await world.attempt('server', 'emit', () => parent.emit('connect'));
    await world.attempt('server', 'to', () => parent.to('x').emit('connect'));
    await world.attempt('server', 'serverSideEmit', () => parent.serverSideEmit('connect'));
    await world.attempt('server', 'serverSideEmit', () => parent.serverSideEmit('hello'));
  },

  'namespaces that stay': async (world) => {
    const io = await world.serve();
    const parent = io.of(/^\/t-/);
    const { peer } = await world.join('a', io, '/t-1');
    peer.send('41/t-1,');
    await world.until(() => io.of('/t-1').sockets.size === 0, 'the namespace to be empty');
    world.note('server', 'after', [...io._nsps.keys()], parent.children.size);
  },

  'namespaces that go when they are empty': async (world) => {
    const io = await world.serve({ cleanupEmptyChildNamespaces: true });
    const parent = io.of(/^\/t-/);
    world.record('server', io, ['new_namespace']);
    const first = await world.join('a', io, '/t-1');
    const second = await world.join('b', io, '/t-1');
    const close = first.socket.nsp.adapter.close;
    first.socket.nsp.adapter.close = function () {
      world.note('server', 'adapter closed');
      return close.call(this);
    };
    first.peer.send('41/t-1,');
    await world.until(() => !first.socket.connected, 'the first to leave');
    world.note('server', 'one left', [...io._nsps.keys()], parent.children.size);
    second.socket.disconnect();
    world.note('server', 'none left', [...io._nsps.keys()], parent.children.size);
    const third = await world.enter(first.peer, io, '/t-1');
    world.note('server', 'again', [...io._nsps.keys()], third.nsp !== first.socket.nsp);
  },

  'a clean-up after a refusal': async (world) => {
    const io = await world.serve({ cleanupEmptyChildNamespaces: true });
    const parent = io.of(/^\/t-/).use((_socket, next) => next(new Error('no')));
    const peer = await world.ws('a', io);
    peer.send('40/t-1,');
    await world.saw('a', '44/t-1');
    world.note('server', 'after', [...io._nsps.keys()], parent.children.size);
  },

  'a clean-up spares namespaces of the application': async (world) => {
    const io = await world.serve({ cleanupEmptyChildNamespaces: true });
    io.of('/own');
    const { peer } = await world.join('a', io, '/own');
    peer.send('41/own,');
    await world.until(() => io.of('/own').sockets.size === 0, 'the namespace to be empty');
    world.note('server', 'after', [...io._nsps.keys()]);
  },

  'a listener given to of() for a child': {
    deviates: {
      row: "`of('/x', fn)` for a name that matches a dynamic namespace",
      differences: [[[], ['server: of "/t-1"']]],
    },
    run: async (world) => {
      const io = await world.serve();
      io.of(/^\/t-/, (socket) => world.note('server', 'parent', socket.nsp.name));
      io.of('/t-1', (socket) => world.note('server', 'of', socket.nsp.name));
      await world.join('a', io, '/t-1');
    },
  },
});
