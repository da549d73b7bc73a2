/** Catch-all listeners, for what comes in and for what goes out. */
'use strict';

const { describeScenarios } = require('../support/scenarios');

const KINDS = ['', 'Outgoing'];

describeScenarios(__filename, 'catch-all listeners', {
  'are added, put first, removed and listed': async (world) => {
    const io = await world.serve();
    const { socket } = await world.join('a', io);
    const [a, b, c] = [() => {}, () => {}, () => {}];
    const names = (list) => list.map((each) => ['a', 'b', 'c'][[a, b, c].indexOf(each)]);
    for (const kind of KINDS) {
      const list = () => names(socket[`listenersAny${kind}`]());
      const step = (label, result) => world.note(`any${kind}`, label, result === socket, list());
      step('on', socket[`onAny${kind}`](a));
      step('on', socket[`onAny${kind}`](b));
      step('on again', socket[`onAny${kind}`](a));
      step('prepend', socket[`prependAny${kind}`](c));
      step('off', socket[`offAny${kind}`](a));
      step(
        'off unknown',
        socket[`offAny${kind}`](() => {}),
      );
      socket[`listenersAny${kind}`]().push(a);
      step('after a change of the list', socket);
      step('off all', socket[`offAny${kind}`]());
      step('off none', socket[`offAny${kind}`](a));
      step('prepend', socket[`prependAny${kind}`](b));
    }
  },

  'of what comes in': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const note =
      (label) =>
      (...args) =>
        world.note('server', label, args, args.length);
    socket.onAny(note('any'));
    socket.prependAny(function (...args) {
      world.note('server', 'first', args[0], this === socket);
      if (args[0] === 'change') args[1] = 'changed';
    });
    socket.on('x', note('on'));
    socket.on('change', note('on'));
    socket.emit('ask', note('answer'));
    peer.send(
      '42["x",1]',
      '42["unknown"]',
      '421["x"]',
      '430[1]',
      '42["change",1]',
      '42[7,8]',
      '451-["x",{"_placeholder":true,"num":0}]',
      Buffer.from('b'),
    );
    await world.saw('server', 'on [', 4); // or the fence might be read with the rest
    await world.fence(peer);
    socket.offAny();
    peer.send('42["x",2]');
    await world.fence(peer);
  },

  'that throw': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    socket.onAny((event) => {
      world.note('server', 'any', event);
      if (event === 'x') throw new Error('thrown by a catch-all listener');
    });
    socket.onAny((event) => world.note('server', 'second', event));
    socket.on('x', world.noter('server', 'on'));
    peer.send('42["x",1]', '42["y",2]');
    await world.fence(peer);
    world.note('server', 'connected', socket.connected);
  },

  'added and removed while they run': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const second = () => world.note('server', 'second');
    const first = () => {
      world.note('server', 'first');
      socket.offAny(second);
      socket.onAny(third);
    };
    const third = () => world.note('server', 'third');
    socket.onAny(first).onAny(second);
    peer.send('42["x"]', '42["y"]');
    await world.fence(peer);
  },

  'of what goes out': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    const note =
      (label) =>
      (...args) =>
        world.note('server', label, args, args.length);
    socket.onAnyOutgoing(note('any'));
    socket.prependAnyOutgoing(function (event) {
      world.note('server', 'first', event, this === socket);
    });
    socket.emit('one', 1, Buffer.from('b'));
    socket.emit('ask', 2, () => {});
    socket.timeout(1000).emit('timed', () => {});
    socket.volatile.emit('volatile');
    io.emit('all', 3);
    io.to(socket.id).emit('room', 4);
    io.except(socket.id).emit('not me');
    socket.broadcast.emit('others');
    io.timeout(1000).emit('all ask', () => {});
    socket.send('message');
    socket.on('ask', (ack) => ack('an acknowledgement is none'));
    peer.send('421["ask"]');
    await world.fence(peer);
    socket.offAnyOutgoing();
    socket.emit('unseen');
    socket.disconnect();
    socket.onAnyOutgoing(note('after')).emit('after the end');
    io.emit('after the end');
    await world.quiet();
  },

  'of what goes out, that throw and change': async (world) => {
    const io = await world.serve();
    const { socket, peer } = await world.join('a', io);
    socket.onAnyOutgoing((event, value) => {
      if (event === 'throw') throw new Error('thrown by an outgoing listener');
      if (value?.list) value.list.push('added');
    });
    await world.attempt('server', 'emit', () => socket.emit('throw'));
    await world.attempt('server', 'broadcast', () => io.emit('throw'));
    await world.attempt('server', 'change', () => socket.emit('change', { list: [] }));
    await world.attempt('server', 'change', () => io.emit('change', { list: [] }));
    await world.fence(peer);
  },

  'of several sockets of one broadcast': async (world) => {
    const io = await world.serve();
    const members = [];
    for (const lane of ['a', 'b', 'c']) members.push(await world.join(lane, io));
    members.forEach(({ socket }, i) => {
      if (i !== 1) socket.onAnyOutgoing((event) => world.note('server', `outgoing ${i}`, event));
      socket.join(i === 2 ? 'two' : 'other');
    });
    io.emit('all');
    io.to('two').emit('two');
    io.except('two').emit('not two');
    members[0].socket.broadcast.emit('all but 0');
    members[0].socket.offAnyOutgoing();
    io.emit('all again');
    for (const { peer } of members) await world.fence(peer);
  },

  'of what goes out, in the midst of a broadcast': async (world) => {
    const io = await world.serve();
    const members = [];
    for (const lane of ['a', 'b', 'c', 'd']) members.push(await world.join(lane, io));
    const sockets = members.map(({ socket }) => socket);
    // The last one listens first: the order is that of the recipients.
    for (const i of [2, 1, 0]) {
      sockets[i].onAnyOutgoing((event) => {
        world.note('server', `outgoing ${i}`, event);
        if (event === 'emit') for (const each of sockets) each.emit(`from ${i}`);
        if (event === 'leave') sockets[i + 1].leave('room');
        if (event === 'broadcast' && i === 1) io.emit('inner');
        if (event === 'throw' && i === 1) throw new Error('thrown by an outgoing listener');
      });
    }
    for (const socket of sockets) socket.join('room');
    for (const event of ['emit', 'broadcast', 'throw', 'leave']) {
      await world.attempt('server', event, () => io.to('room').emit(event, Buffer.from('x')));
      await world.attempt('server', `${event} for answers`, () => {
        io.in('room')
          .timeout(1)
          .emit(event, world.noter('server', `${event} is over`));
      });
    }
    await world.saw('server', 'is over', 4);
    for (const { peer } of members) await world.fence(peer);
  },

  'of any event, by plugins that replace onevent': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    const messages = ['42["x",1]', '427["y",{"z":2}]', '451-["x",{"_placeholder":true,"num":0}]'];
    let rounds = 0;
    let lasts = 0;
    const sendAll = async () => {
      peer.send(...messages, Buffer.from('b'), '42["last"]');
      rounds++;
      await world.until(() => lasts === rounds, 'the last event');
      await world.fence(peer);
    };
    for (const event of ['x', '*', 'last']) socket.on(event, world.noter('server', event));
    socket.on('last', () => lasts++);
    const twice = (original) =>
      function (packet) {
        if (packet.data[0] === 'fence') return original.call(this, packet);
        const args = packet.data;
        world.note('server', 'onevent', packet.type, packet.nsp, packet.id, args);
        original.call(this, packet);
        packet.data = ['*', ...args];
        return original.call(this, packet);
      };
    socket.onevent = twice(socket.onevent);
    world.note('server', 'own', Object.keys(socket).includes('onevent'));
    socket.use((event, next) => (world.note('server', 'middleware', event), next()));
    await sendAll();
    delete socket.onevent;
    const { prototype } = world.io.Socket;
    const { onevent } = prototype;
    prototype.onevent = twice(onevent);
    await sendAll();
    prototype.onevent = onevent;
    await sendAll();
  },
});
