'use strict';

/**
 * People who play the game of examples/mixed-game, as a program: `node players.js URL SECONDS`. They move, talk, ask for
 * the latency, leave without a word and come again. It ends with code 1 if one of them was not served.
 */

const { setTimeout: sleep } = require('node:timers/promises');
const { io: connect } = require('socket.io-client');

const PLAYERS = 60;
const MOVE_MS = 50;
const STAY_MS = 3000;

const [url, seconds] = process.argv.slice(2);
const end = Date.now() + Number(seconds) * 1000;
const counts = { visits: 0, moves: 0, changes: 0, answers: 0, lines: 0, lost: 0 };

/** One visit after the other. @param {number} index */
async function play(index) {
  while (Date.now() < end) {
    const name = `P${index}-${(counts.visits += 1)}`;
    const player = connect(url, {
      transports: index % 3 === 0 ? ['polling', 'websocket'] : ['websocket'],
      auth: { name },
      forceNew: true,
      reconnection: false,
    });
    player.on('changes', () => (counts.changes += 1));
    player.on('chat', () => (counts.lines += 1));
    player.on('connect_error', () => (counts.lost += 1));
    player.on(
      'disconnect',
      (reason) => (counts.lost += /^io client|^forced close/.test(reason) ? 0 : 1),
    );
    await new Promise((resolve) => player.once('connect', resolve).once('connect_error', resolve));
    const leave = Math.min(end, Date.now() + STAY_MS * (1 + (index % 5)));
    for (let step = 0; player.connected && Date.now() < leave; step++) {
      player.emit('move', Math.sin(step + index), Math.cos(step));
      counts.moves += 1;
      if (step % 20 === 0) player.emit('chat', `hello ${step}`);
      if (step % 10 === 0) player.emit('ping', () => (counts.answers += 1));
      await sleep(MOVE_MS);
    }
    if (index % 2 === 0) player.io.engine.close();
    else player.disconnect();
  }
}

async function main() {
  await Promise.all(Array.from({ length: PLAYERS }, (_, index) => play(index)));
  console.log(JSON.stringify(counts));
  const { lost, ...others } = counts;
  process.exitCode = lost === 0 && Object.values(others).every((count) => count > 0) ? 0 : 1;
}

void main();
