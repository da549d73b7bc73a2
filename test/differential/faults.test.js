/**
 * The suite can fail. These scenarios show no difference between the packages. With any of the faults of
 * support/faults.js seeded into one of them they do.
 */
'use strict';

const { compare } = require('./support/compare');
const { FAULTS } = require('./support/faults');
const { runFile } = require('./support/programs');
const { describeScenarios } = require('./support/scenarios');

const scenarios = {
  'events of all kinds': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    socket.emit('one', 1);
    socket.emit('two', 'two', { two: [2] });
    socket.emit('three', Buffer.from([1, 2, 3]));
    socket.emit('ask', (answer) => world.note('server', 'answer', answer));
    peer.send('430["yes"]');
    world.note('server', 'send', typeof socket.send);
    await world.saw('server', 'answer');
    await world.fence(peer);
  },
  'a session by polling': async (world) => {
    const io = await world.serve();
    const target = await world.poll('a', io);
    await world.http('a', io, 'POST', target, { body: '40' });
    await world.http('a', io, 'GET', target);
  },
  'a disconnection': async (world) => {
    const io = await world.serve();
    const { peer, socket } = await world.join('a', io);
    world.record('server', socket, ['disconnecting', 'disconnect']);
    socket.on('throw', () => {
      throw new Error('thrown by a handler');
    });
    peer.send('42["throw"]');
    await world.fence(peer);
    socket.once('disconnecting', () => process.nextTick(world.noter('server', 'next tick')));
    peer.send('41');
    await world.saw('server', 'next tick');
  },
};

describeScenarios(__filename, 'no fault', scenarios);

if (typeof describe !== 'undefined') {
  describe('a fault that is caught', () => {
    const names = Object.keys(scenarios);
    /** @type {import('./support/programs').FileRun} */
    let genuine;
    beforeAll(() => {
      genuine = runFile('genuine', 'http', __filename);
    });
    afterAll(() => genuine.stop());

    test.each(Object.keys(FAULTS))('%s', async (fault) => {
      const faulty = runFile('ours', 'http', __filename, { fault });
      try {
        const differences = [];
        for (const name of names) {
          differences.push(...compare(await genuine.traceOf(name), await faulty.traceOf(name)));
        }
        expect(differences).not.toEqual([]);
      } finally {
        await faulty.stop();
      }
    });
  });
}
