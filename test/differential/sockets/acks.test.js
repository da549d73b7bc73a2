/** Acknowledgements, of one socket and of broadcasts. */
'use strict';

const { crowd } = require('../support/crowd');
const { describeScenarios } = require('../support/scenarios');

/** How many acknowledgements are awaited. */
const pending = (members) => members.map(({ socket }) => socket.acks.size);

describeScenarios(__filename, 'acknowledgements', {
  'of a client': async (world) => {
    const { members } = await crowd(world, 1);
    const [{ peer, socket }] = members;
    const forms = {
      none: [],
      one: ['one'],
      many: [1, null, { a: [true] }],
      binary: [Buffer.from('x')],
    };
    for (const [form, args] of Object.entries(forms)) {
      socket.on(form, (...given) => {
        const ack = given.pop();
        world.note('server', form, given, typeof ack, ack.length);
        world.note('server', 'returns', ack(...args));
        ack('a second time');
      });
    }
    let id = 1;
    for (const form of Object.keys(forms)) peer.send(`42${id++}["${form}","x"]`);
    peer.send('420["none"]', '4299999["one"]', '42007["one"]');
    await world.fence(peer);
  },

  'with curious ids': async (world) => {
    const { members } = await crowd(world, 1);
    const [{ peer, socket }] = members;
    socket.on('x', (ack) => ack('ok'));
    peer.send('429007199254740993["x"]', `42${'9'.repeat(30)}["x"]`, `42${'9'.repeat(400)}["x"]`);
    await world.fence(peer);
  },

  'of the server': async (world) => {
    const { members } = await crowd(world, 1);
    const [{ peer, socket }] = members;
    for (let i = 0; i < 4; i++) socket.emit('ask', i, world.noter('server', `answer ${i}`));
    world.note('server', 'pending', socket.acks.size, [...socket.acks.keys()]);
    peer.send(
      '433[1,"two",{"three":3}]',
      '430[]',
      '431[null]',
      '461-2[{"_placeholder":true,"num":0}]',
      Buffer.from([1, 2]),
    );
    await world.fence(peer);
    world.note('server', 'pending', socket.acks.size);
    peer.send('430["again"]', '4377["unknown"]', '43["no id"]', '430');
    await world.fence(peer);
  },

  'that wait for ever': async (world) => {
    const { members } = await crowd(world, 1);
    const [{ peer, socket }] = members;
    socket.emit('ask', world.noter('server', 'answer'));
    socket.on('disconnect', () => world.note('server', 'disconnect', socket.acks.size));
    peer.send('41', '430["late"]');
    await world.saw('server', 'disconnect');
    await world.quiet();
    world.note('server', 'acks', socket.acks.size);
  },

  'with a time-out': async (world) => {
    const { members } = await crowd(world, 1);
    const [{ peer, socket }] = members;
    socket.timeout(5).emit('too late', function (...args) {
      world.note('server', 'too late', args, this === socket, socket.acks.size);
    });
    socket.timeout(5000).emit('in time', function (...args) {
      world.note('server', 'in time', args, this === socket);
    });
    socket.timeout(5000).emit('nothing', world.noter('server', 'nothing'));
    await world.saw('server', 'too late');
    peer.send('430["late"]', '431["a","b"]', '432[]');
    await world.fence(peer);
    world.note('server', 'acks', socket.acks.size);
  },

  'with time-outs that are odd': async (world) => {
    const { members } = await crowd(world, 1);
    const [{ socket }] = members;
    for (const ms of [0, -1, NaN, '5', null]) {
      socket.timeout(ms).emit('ask', world.noter('server', `timeout ${ms}`));
      await world.saw('server', `timeout ${ms}`);
    }
    socket.timeout(undefined).emit('ask', world.noter('server', 'never'));
    await world.quiet();
  },

  emitWithAck: async (world) => {
    const { members } = await crowd(world, 1);
    const [{ peer, socket }] = members;
    const answers = [
      world.attempt('one', 'answer', () => socket.emitWithAck('ask', 1)),
      world.attempt('two', 'answer', () => socket.timeout(5000).emitWithAck('ask', 2)),
      world.attempt('three', 'answer', () => socket.timeout(5).emitWithAck('ask', 3)),
    ];
    peer.send('430["a","ignored"]', '431["b"]');
    await Promise.all(answers);
    await world.attempt('four', 'reserved', () => socket.emitWithAck('connect'));
    world.note('server', 'acks', socket.acks.size);
  },

  'whose callback throws': async (world) => {
    const { members } = await crowd(world, 1);
    const [{ peer, socket }] = members;
    socket.emit('ask', () => {
      throw new Error('thrown by a callback');
    });
    peer.send('430[]');
    await world.saw('process', 'by a callback');
    socket.timeout(5).emit('ask', () => {
      throw new Error('thrown by a callback with a time-out');
    });
    await world.saw('process', 'with a time-out');
    await world.fence(peer);
  },

  'share the counter of the namespace': async (world) => {
    const { io, members } = await crowd(world, 2);
    for (const { socket } of members) socket.emit('ask', () => {});
    io.timeout(1000).emit('all', () => {});
    members[0].socket.emit('ask', () => {});
    world.note(
      'server',
      'ids',
      io.sockets._ids,
      members.map(({ socket }) => socket.acks.size > 0),
    );
    const other = await world.enter(members[0].peer, io, '/other');
    other.emit('ask', () => {});
    world.note('server', 'other', io.of('/other')._ids);
    for (const { peer } of members) await world.fence(peer);
  },

  'of a broadcast': async (world) => {
    const { io, members } = await crowd(world, 3);
    io.timeout(5000).emit('ask', 1, (...args) => world.note('server', 'result', args));
    members[1].peer.send('430["b"]');
    await world.fence(members[1].peer);
    members[0].peer.send('430["a","ignored"]');
    await world.fence(members[0].peer);
    members[2].peer.send('430[{"c":1}]');
    await world.saw('server', 'result');
    world.note('server', 'pending', pending(members));
  },

  'of a broadcast, while they are awaited': {
    deviates: {
      row: '`socket.acks` during a broadcast for acknowledgements',
      differences: [[['server: pending [1, 1]'], ['server: pending [0, 0]']]],
    },
    run: async (world) => {
      const { io, members } = await crowd(world, 2);
      io.timeout(5).emit('ask', (...args) => world.note('server', 'result', args));
      world.note('server', 'pending', pending(members));
      await world.saw('server', 'result');
      world.note('server', 'pending in the end', pending(members));
    },
  },

  'of a broadcast that not all answer': async (world) => {
    const { io, members } = await crowd(world, 3);
    members[1].peer.send('430["b"]');
    const done = world.attempt('server', 'result', async () => {
      try {
        await io.timeout(1500).emitWithAck('ask');
      } catch (error) {
        world.note('server', 'responses', error.responses, pending(members));
        throw error;
      }
    });
    members[1].peer.send('430["b"]');
    await done;
    members[0].peer.send('430["late"]');
    await world.fence(members[0].peer);
    world.note('server', 'pending', pending(members));
  },

  'of a broadcast to nobody': async (world) => {
    const { io } = await crowd(world, 0);
    await world.attempt('server', 'all', () => io.timeout(1000).emitWithAck('ask'));
    await world.attempt('server', 'room', () => io.to('empty').timeout(1000).emitWithAck('ask'));
    io.timeout(1000).emit('ask', (...args) => world.note('server', 'callback', args));
    world.note('server', 'not yet');
    await world.saw('server', 'callback');
  },

  'of a broadcast without a time-out': async (world) => {
    const { io, members } = await crowd(world, 1);
    await world.attempt('server', 'emit', () => io.emit('ask', world.noter('server', 'callback')));
    await world.quiet();
    await world.attempt('server', 'emitWithAck', () => io.except('nobody').emitWithAck('ask'));
    world.note('server', 'pending', pending(members));
  },

  'of a broadcast to rooms, with exceptions': async (world) => {
    const { io, members } = await crowd(world, 4);
    members.forEach(({ socket }, i) => socket.join(i % 2 ? 'odd' : 'even'));
    const result = members[0].socket.to(['odd', 'even']).except(members[3].socket.id);
    const done = world.attempt('server', 'result', () => result.timeout(5000).emitWithAck('ask'));
    world.note('server', 'ids', io.sockets._ids);
    members[1].peer.send('430[1]');
    await world.fence(members[1].peer);
    members[2].peer.send('430[2]');
    await done;
  },

  'of a broadcast with attachments': async (world) => {
    const { io, members } = await crowd(world, 2);
    const done = world.attempt('server', 'result', () =>
      io.timeout(5000).emitWithAck('ask', Buffer.from([1, 2, 3])),
    );
    members[0].peer.send('461-0[{"_placeholder":true,"num":0}]', Buffer.from('a'));
    await world.fence(members[0].peer);
    members[1].peer.send('430[]');
    await done;
  },

  'of a broadcast, by a client that leaves': async (world) => {
    const { io, members } = await crowd(world, 2);
    const done = world.attempt('server', 'result', () => io.timeout(1500).emitWithAck('ask'));
    members[0].peer.send('430["a"]');
    members[1].peer.send('41');
    await done;
  },

  'of a broadcast, answered after its time-out and twice': async (world) => {
    const { io, members } = await crowd(world, 2);
    const done = world.attempt('server', 'result', () => io.timeout(5000).emitWithAck('ask'));
    members[0].peer.send('430["a"]', '430["a again"]');
    await world.fence(members[0].peer);
    members[1].peer.send('430["b"]', '430["b again"]');
    await done;
    await world.fence(members[1].peer);
  },

  'of one fetched socket': async (world) => {
    const { io, members } = await crowd(world, 1);
    const [fetched] = await io.fetchSockets();
    world.note('server', 'local', fetched === members[0].socket);
    const done = world.attempt('server', 'result', () => fetched.timeout(5000).emitWithAck('ask'));
    members[0].peer.send('430["a"]');
    await done;
  },

  'the callback of a broadcast that throws': async (world) => {
    const { io, members } = await crowd(world, 1);
    io.timeout(5000).emit('ask', function () {
      world.note('server', 'this', this.constructor.name);
      throw new Error('thrown by a callback');
    });
    members[0].peer.send('430[]');
    await world.saw('process', 'thrown');
    io.timeout(5).emit('ask', () => {
      throw new Error('thrown by a time-out');
    });
    await world.saw('process', 'time-out');
    await world.fence(members[0].peer);
  },
});
