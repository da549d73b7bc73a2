/**
 * A process of WebSockets that join a room and read all that comes, as fast as they can. Its arguments are
 * the place, the number of clients, and what stands in the last packet. It tells its parent when all have
 * joined, and when all have read the last packet.
 */
'use strict';

const { joinByHand } = require('./crowd');
const { frame } = require('../../support/clients/wire');

async function read() {
  const place = JSON.parse(process.argv[2]);
  const count = Number(process.argv[3]);
  const last = Buffer.from(process.argv[4]);
  let unfinished = count;
  for (let i = 0; i < count; i++) {
    const wire = await joinByHand(place);
    wire.write(frame('420["join","readers"]'));
    await wire.framesUpTo(3);
    let tail = Buffer.alloc(0);
    wire.socket.removeAllListeners('data').on('data', (chunk) => {
      tail = Buffer.concat([tail, chunk.subarray(-2 * last.length)]).subarray(-2 * last.length);
      if (tail.includes(last) && --unfinished === 0) process.send?.('done');
    });
  }
  process.send?.('joined');
  process.on('disconnect', () => process.exit());
}

read();
