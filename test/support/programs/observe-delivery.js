/**
 * Prints what an application sees of packets that came in one read: through the sink of a native connection,
 * and through `data` events. It is a separate program, because some of its handlers throw, and a test runner
 * treats uncaught exceptions in another way.
 */
'use strict';

const {
  FakeNativeConnection,
  FakePlainConnection,
  connectFake,
} = require('../fakes/fake-connection');

const scenarios = {
  'events and acknowledgements': ['2["e",1]', '30[]', '2["e",2]', '30[]'],
  'a disconnection in between': ['2["e",1]', '1', '2["e",2]', '30[]'],
  'a disconnection, then CONNECT at once': ['2["e",1]', '1', '0'],
  'binary and text': [
    '51-["e",{"_placeholder":true,"num":0}]',
    Buffer.from('x'),
    '2["e",2]',
    '30[]',
  ],
  'binary events and a disconnection': [
    '51-["e",{"_placeholder":true,"num":0}]',
    Buffer.from('x'),
    '1',
  ],
  'events and garbage': ['2["e",1]', '9', '2["e",2]'],
  'an acknowledgement and garbage': ['30[]', '2["e",1]', '9'],
  'an acknowledgement whose callback throws': ['31[]', '2["e",1]', '30[]'],
  'an invalid payload': ['2["e",1]', '2["disconnect"]'],
  'text within a binary packet': ['51-["e",{"_placeholder":true,"num":0}]', '2["e",2]'],
  'another namespace': ['2["e",1]', '2/other,["e",2]'],
  'a handler that throws': ['2["throw",1]', '2["e",2]', '2["throw",3]'],
  'events that are acknowledged': ['25["ask",1]', '26["ask",2]'],
};

/**
 * What the application sees of some messages.
 * @param {typeof FakeConnection} Connection
 * @param {any[]} messages
 * @param {{ any?: boolean, use?: boolean }} also
 */
async function observe(Connection, messages, also) {
  const { conn, socket } = await connectFake(Connection);
  const log = [];
  const note = (...entry) => {
    log.push(entry.join(' '));
    process.nextTick(() => log.push(`tick of ${entry.join(' ')}`));
    Promise.resolve().then(() => log.push(`microtask of ${entry.join(' ')}`));
  };
  socket.emit('q', () => note('ack 0'));
  socket.emit('q', () => {
    note('ack 1');
    throw new Error('thrown by an acknowledgement');
  });
  socket.on('e', (value) => note('event', value));
  socket.on('ask', (value, ack) => ack(value));
  socket.on('throw', (value) => {
    note('throw', value);
    throw new Error(`thrown ${value}`);
  });
  socket.on('error', (err) => note('error', err.message));
  socket.on('disconnecting', (reason) => note('disconnecting', reason));
  socket.on('disconnect', (reason) => note('disconnect', reason));
  if (also.any) socket.onAny((event, value) => note('any', event, value));
  if (also.use) {
    socket.use(([event], next) => {
      note('use', event);
      next();
    });
  }
  const uncaught = (err) => note('uncaught', err.message);
  process.on('uncaughtException', uncaught);
  // One callback of the event loop for one read, as from a real socket.
  await new Promise((resolve) => setImmediate(() => resolve(conn.receive(...messages))));
  await settle();
  await settle();
  process.removeListener('uncaughtException', uncaught);
  return { log, written: conn.written.map(([message]) => message), state: conn.readyState };
}

const variants = [{}, { any: true }, { use: true }, { any: true, use: true }];

/** Runs everything, one after the other. */
async function main() {
  const results = [];
  for (const [scenario, messages] of Object.entries(scenarios)) {
    for (const also of variants) {
      results.push({
        name: [scenario, ...Object.keys(also)].join(' + '),
        plain: await observe(FakePlainConnection, messages, also),
        native: await observe(FakeNativeConnection, messages, also),
      });
    }
  }
  console.log(JSON.stringify(results));
}

const settle = () => new Promise(setImmediate);

main();
