/**
 * The types of docs/backpressure.md, which the genuine package does not have. Never run: `tsc` checks it.
 */
import { DrainError, Server, Socket } from '../../types';

declare function expectType<Expected>(): (actual: Expected) => void;

export async function backpressure(io: Server, socket: Socket) {
  expectType<number>()(socket.bufferedAmount);
  expectType<number>()(socket.conn.bufferedAmount);
  expectType<number | undefined>()(socket.conn.rtt);
  expectType<boolean>()(socket.conn.pause().resume().isPaused);
  socket.conn.sendHighWaterMark = 1000;
  socket.conn.slowClientPolicy = 'drop-oldest';
  // @ts-expect-error there is no such policy
  socket.conn.slowClientPolicy = 'drop';
  socket.conn.maxSendQueueBytes = 1_000_000;
  new Server({ slowClientPolicy: 'drop-volatile' });
  socket.conn.on('slow', (bytes) => expectType<number>()(bytes));
  socket.conn.on('drained', () => socket.conn.close());
  // @ts-expect-error it is counted, not set
  socket.conn.bufferedAmount = 1;
  // @ts-expect-error milliseconds are a number
  await socket.drained({ timeout: '1' });
  await socket.timeout(1).drained();
  await socket.conn.drained({ timeout: 1 });
  try {
    await Promise.all([io.drained(), io.of('/a').drained(), io.to('a').drained({ timeout: 1 })]);
  } catch (error) {
    expectType<Socket[]>()((error as DrainError<Socket>).sockets);
  }
}
