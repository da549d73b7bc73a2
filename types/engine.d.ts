/**
 * The types of `beast.io/engine`: the native engine, which stands wherever engine.io's `Server` does.
 */
import { Server } from 'engine.io';
import type { ServerOptions } from 'engine.io';

/** The options that only the native engine has. */
export interface NativeOptions {
  /** Threads that do all socket I/O, 1 to 64. Default: one less than cores, from 1 to 4 */
  ioThreads: number;
  /** Most bytes that wait for a client that does not read. Default: 64 MiB */
  maxSendQueueBytes: number;
  /** Most bytes per I/O thread that wait for the JavaScript thread. Default: 16 MiB */
  maxInboxBytes: number;
}

export interface EngineOptions extends ServerOptions, Partial<NativeOptions> {}

/** The native engine. Throws an Error with code `ERR_BEASTIO_ADDON` where the addon cannot load. */
export class Engine extends Server {
  constructor(opts?: EngineOptions);
}

/** Creates the native engine, or engine.io's where the addon cannot load. */
export function createEngine(opts?: EngineOptions): Server;
