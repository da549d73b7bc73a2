/**
 * Handlers that do not run where their events arrive: in C++ in a pool and in an inbox, in JavaScript in a later
 * turn. Clients see no difference.
 */
'use strict';

const { answerTo, eventOf, join, onEachSubject, record } = require('./support/rig');

onEachSubject('handlers elsewhere', (server) => {
  describe.each(['the pool', 'the inbox'])('in %s', (place) => {
    test('answer, and send', async () => {
      const client = await join(server());
      const args = ['é', { list: [Buffer.from('bytes')] }, null];
      expect(await answerTo(client, `echo in ${place}`, ...args)).toEqual(args);
      client.emit(`echo in ${place}`, ...args);
      expect(await eventOf(client, 'echo')).toEqual(args);
    });

    test('are called in the order of the events, for each socket', async () => {
      const clients = await Promise.all([join(server()), join(server()), join(server())]);
      const heard = clients.map((client) => record(client, 'number'));
      for (let i = 0; i < 300; i++) {
        for (const client of clients) client.emit(`count in ${place}`, i);
      }
      await Promise.all(clients.map((client) => answerTo(client, `echo in ${place}`)));
      const all = Array.from({ length: 300 }, (_, i) => ['number', i]);
      expect(heard).toEqual([all, all, all]);
    });

    test('join rooms, and send to them', async () => {
      const [one, other] = [await join(server()), await join(server())];
      await answerTo(one, `join in ${place}`, place);
      const said = eventOf(one, 'said');
      await answerTo(other, `join in ${place}`, place);
      expect(await said).toEqual(['somebody joins']);
      const [members] = await answerTo(one, 'who', { from: 'namespace', to: [place] });
      expect(members.map(([id]) => id).sort()).toEqual([one.id, other.id].sort());
    });

    test('throw, and harm nobody', async () => {
      const client = await join(server());
      client.emit(`throw in ${place}`);
      await server().saw(`thrown by throw in ${place}: far from its thread`);
      expect(await answerTo(client, `echo in ${place}`, 'after')).toEqual(['after']);
    });

    test('send, then disconnect', async () => {
      const client = await join(server());
      const heard = record(client, 'number', 'disconnect');
      client.emit(`leave in ${place}`);
      await eventOf(client, 'disconnect');
      expect(heard.map(([event, first]) => [event, first])).toEqual([
        ['number', -1],
        ['disconnect', 'io server disconnect'],
      ]);
    });

    test('ask, and go on when the answer comes', async () => {
      const client = await join(server());
      client.on('question', (question, ack) => ack(`answer to ${question}`));
      expect(await answerTo(client, `ask in ${place}`)).toEqual(['answer to from afar']);
    });

    test('ask, and wait for the answer', async () => {
      const client = await join(server());
      client.on('question', (question, ack) => ack(`answer to ${question}`));
      expect(await answerTo(client, `wait in ${place}`)).toEqual(['answer to waiting']);
    });

    test('gather what they send', async () => {
      const [one, other] = [await join(server()), await join(server())];
      const heard = record(one, 'number', 'said');
      const said = eventOf(other, 'said');
      one.emit(`gather in ${place}`, 50);
      expect(await said).toEqual(['gathered']);
      await answerTo(one, 'echo');
      expect(heard).toEqual([
        ...Array.from({ length: 50 }, (_, i) => ['number', i]),
        ['said', 'gathered'],
      ]);
    });

    test('visit the thread of a socket', async () => {
      const client = await join(server());
      await answerTo(client, 'join', 'one more');
      expect(await answerTo(client, `visit from ${place}`)).toEqual([client.id, 2]);
    });
  });
});
