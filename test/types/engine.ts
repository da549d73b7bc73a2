/** What must compile, and what must not, for `beast.io/engine`. Never run: `tsc` checks it. */
import { Engine, createEngine } from 'beast.io/engine';
import type { EngineOptions, NativeOptions } from 'beast.io/engine';
import type { Server as GenuineEngine } from 'engine.io';

const options: EngineOptions = { pingInterval: 1, ioThreads: 2, maxInboxBytes: 1 };
const engine: GenuineEngine = new Engine(options);
export const count: number = createEngine().clientsCount;
engine.on('connection', (socket) => socket.send('hello'));
// @ts-expect-error a number
new Engine({ ioThreads: 'two' });
// @ts-expect-error no such option
createEngine({ threads: 2 });
export const names: (keyof NativeOptions)[] = ['ioThreads', 'maxSendQueueBytes', 'maxInboxBytes'];

export const clients: number = new Engine().stats().sessions.websocket.v4;
export const perThread: number[] = new Engine().stats().threads.map(({ bytes }) => bytes.in);
// @ts-expect-error no such figure
new Engine().stats().clients;
