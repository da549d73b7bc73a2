/** Acknowledgements: of a client, of many, with a timeout, between servers. */
import { Server } from 'socket.io';

interface Events {
  plain: (a: number) => void;
  nothing: () => void;
  ask: (a: string, ack: (answer: number) => void) => void;
  askNothing: (ack: () => void) => void;
  askTwo: (ack: (a: string, b: boolean) => void) => void;
  checked: (a: string, ack: (err: Error, answer: string) => void) => void;
  onlyError: (ack: (err: Error) => void) => void;
  optionalAck: (a: string, ack?: (answer: number) => void) => void;
  returning: (a: string, ack: (answer: number) => number) => number;
  anything: any;
  anyArguments: (...args: any[]) => void;
  callbackFirst: (callback: (x: number) => void, a: string) => void;
}

const io = new Server<Events, Events, Events, { n: number }>();

io.on('connection', async (socket) => {
  socket.emit('ask', 'a', (answer) => {
    const probeAnswer = answer;
  });
  socket.emit('ask', 'a');
  socket.emit('ask', 'a', (answer: string) => answer);
  socket.emit('askTwo', (a, b) => {
    const probeTwo = b;
  });
  socket.emit('checked', 'a', (err, answer) => {
    const probeErr = err;
    const probeChecked = answer;
  });
  socket.emit('optionalAck', 'a');
  socket.emit('optionalAck', 'a', (answer) => {
    const probeOptional = answer;
  });

  const timed = socket.timeout(1);
  const probeTimed = timed;
  timed.emit('plain', 1);
  timed.emit('plain', 'a');
  timed.emit('ask', 'a', (err, answer) => {
    const probeTimedErr = err;
    const probeTimedAnswer = answer;
  });
  timed.emit('ask', 'a', (answer: number) => answer);
  timed.emit('askNothing', (err) => {
    const probeTimedNothing = err;
  });
  timed.emit('askNothing', (err, extra) => extra);
  timed.emit('askTwo', (err, a, b) => {
    const probeTimedTwo = [a, b] as const;
  });
  timed.emit('checked', 'a', (err, answer) => {
    const probeTimedChecked = answer;
  });
  timed.emit('onlyError', (err) => {
    const probeOnlyError = err;
  });
  timed.emit('optionalAck', 'a', (first) => {
    const probeTimedOptional = first;
  });
  timed.emit('anything', 1, 2, (x: string) => x);
  timed.emit(
    'callbackFirst',
    (x) => {
      const probeCallbackFirst = x;
    },
    'a',
  );
  socket.timeout('1');
  socket.timeout();

  const probeWithAck = await socket.emitWithAck('ask', 'a');
  const probeWithAckNothing = await socket.emitWithAck('askNothing');
  const probeWithAckTwo = await socket.emitWithAck('askTwo');
  const probeWithAckChecked = await socket.emitWithAck('checked', 'a');
  const probeWithAckOnlyError = await socket.emitWithAck('onlyError');
  const probeWithAckAny = await socket.emitWithAck('anything', 1);
  const probeWithAckAnyArguments = await socket.emitWithAck('anyArguments', 1);
  const probeWithAckReturning = await socket.emitWithAck('returning', 'a');
  const probeTimedWithAck = await timed.emitWithAck('ask', 'a');
  const probeTimedWithAckTwo = await timed.emitWithAck('askTwo');
  const probeTimedWithAckChecked = await timed.emitWithAck('checked', 'a');
  await socket.emitWithAck('optionalAck', 'a');
  await socket.emitWithAck('plain', 1);
  await socket.emitWithAck('nothing');
  await socket.emitWithAck('callbackFirst', () => {});
  await socket.emitWithAck('ask');
  await socket.emitWithAck('ask', 1);
  await socket.emitWithAck('ask', 'a', () => {});
  await socket.emitWithAck('unknown');

  const others = socket.broadcast;
  const probeOthers = others;
  others.emit('plain', 1);
  others.emit('ask', 'a');
  others.emit('ask', 'a', (answers) => {
    const probeAnswers = answers;
  });
  others.timeout(1).emit('ask', 'a', (err, answers) => {
    const probeManyErr = err;
    const probeMany = answers;
  });
  others.timeout(1).emit('ask', 'a', (err, answers: string[]) => answers);
  others.timeout(1).emit('askTwo', (err, answers) => {
    const probeManyTwo = answers;
  });
  others.timeout(1).emit('askTwo', (err, answers, more) => more);
  others.timeout(1).emit('checked', 'a', (err, answers) => {
    const probeManyChecked = answers;
  });
  others.timeout(1).emit('onlyError', (err) => {
    const probeManyOnlyError = err;
  });
  others.timeout(1).emit('askNothing', (err) => {
    const probeManyNothing = err;
  });
  const probeManyWithAck = await others.timeout(1).emitWithAck('ask', 'a');
  const probeManyWithAckTwo = await others.timeout(1).emitWithAck('askTwo');
  const probeManyWithAckChecked = await others.timeout(1).emitWithAck('checked', 'a');
  const probeManyWithAckAny = await others.timeout(1).emitWithAck('anything');
  await others.emitWithAck('ask', 'a');
  await others.emitWithAck('checked', 'a');
  await others.timeout(1).emitWithAck('plain', 1);
  await socket.to('a').timeout(1).emitWithAck('ask');
  socket.to('a').except('b').local.volatile.compress(true).emit('plain', 'x');
  socket
    .in(['a'])
    .timeout(1)
    .timeout(2)
    .emit('ask', 'a', (err, answers) => {
      const probeTwice = answers;
    });
});

io.emit('plain', 1);
io.emit('nothing');
io.emit('ask', 'a', () => {});
io.emit('ask', 'a');
io.emit('askNothing', () => {});
io.emit('checked', 'a', () => {});
io.emit('anything', 1, () => {});
io.emit('anyArguments', 1);
io.emit('optionalAck', 'a');
io.emit('callbackFirst', () => {}, 'a');
io.emit('unknown');
io.emit('plain');
io.sockets.emit('ask', 'a', () => {});
const probeServerTimeout = io.timeout(1);
io.timeout(1).emit('ask', 'a', (err, answers) => {
  const probeServerAnswers = answers;
});
io.volatile.emit('ask', 'a', (answers) => {
  const probeVolatileAnswers = answers;
});
io.to('a').emit('askTwo', (first, second) => {
  const probeToTwo = [first, second];
});

async function between() {
  const probeSideEmit = io.serverSideEmit('plain', 1);
  io.serverSideEmit('plain');
  io.serverSideEmit('ask', 'a', (err, answers) => {
    const probeSideErr = err;
    const probeSideAnswers = answers;
  });
  io.serverSideEmit('askTwo', (err, answers) => {
    const probeSideTwo = answers;
  });
  io.serverSideEmit('checked', 'a', (err, answers) => {
    const probeSideChecked = answers;
  });
  io.serverSideEmit('unknown');
  io.serverSideEmit('ask', 'a', (answers: number[]) => answers);
  const probeSideWithAck = await io.serverSideEmitWithAck('ask', 'a');
  const probeSideWithAckTwo = await io.of('/x').serverSideEmitWithAck('askTwo');
  await io.serverSideEmitWithAck('plain', 1);
  await io.serverSideEmitWithAck('ask');
  io.on('plain', (a) => {
    const probeSide = a;
  });
  io.on('ask', (a, ack) => {
    const probeSideAck = ack;
  });
  io.on('unknown', () => {});
}
