/** Threads of the server's process that serve clients of their own, and are ended while these talk. */
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { frame } = require('../../support/clients/wire');
const { ignore, soon, withStrangers } = require('./strangers');

const CLIENTS = 4;
const MESSAGES = 200;
const MESSAGE_BYTES = 500;
const MOST_LIFE_MS = 1500;

/** @type {import('./on-members').Troublemaker} */
async function workerEnds({ server, places, fault }, random) {
  const { id, place } = await server.ask('startWorker', random.pick(Object.keys(places)));
  const message = frame(`42["x","${'y'.repeat(MESSAGE_BYTES)}"]`);
  await withStrangers(async (strangers) => {
    try {
      for (let i = 0; i < CLIENTS; i++) {
        const { socket } = await strangers.join(place);
        ignore(socket);
        socket.on('end', () => socket.end());
        for (let n = 0; n < MESSAGES; n++) socket.write(message);
      }
      await delay(random.integer(1, MOST_LIFE_MS));
    } finally {
      await server.ask('endWorker', id);
    }
    strangers.raw(place); // nobody may accept it
    await soon(strangers.allClosed()).catch(() =>
      fault('a thread has ended, and its connections are still open'),
    );
  });
}

module.exports = { workerEnds };
