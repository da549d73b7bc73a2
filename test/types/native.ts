/**
 * The types of handlers in C++, which the genuine package does not have. Never run: `tsc` checks it.
 */
import { Server } from '../../types';
import { include } from '../../types/native';

declare function expectType<Expected>(): (actual: Expected) => void;

export function besideNative() {
  const io = new Server(3000);
  expectType<string>()(include);
  expectType<string>()(io.native.abi);
  io.native.on('error', (error) => {
    expectType<string>()(error.event);
    expectType<string>()(error.code);
  });
  io.of('/game').native.on('move', {}).off('move');
  // @ts-expect-error handlers are an object that an addon has made
  io.of('/game').native.on('move', 'handlers');
  io.on('connection', (socket) => expectType<any>()(socket.native.set('team', 'red').get('team')));
}
