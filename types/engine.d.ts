/**
 * The types of `beast.io/engine`: the exports of `engine.io`, with the native engine as `Server`.
 */
import type { Server as HttpServer } from 'node:http';
import { Server as EngineServer, Socket, Transport } from 'engine.io';
import type { AttachOptions, ServerOptions } from 'engine.io';

export { Socket, Transport, parser, protocol, transports, uServer } from 'engine.io';
export type { AttachOptions, ServerOptions } from 'engine.io';

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
export class Engine extends EngineServer {
  constructor(opts?: EngineOptions);
}

export { Engine as Server };

/** Puts a new engine in front of an HTTP server. */
export function attach(server: HttpServer, options?: EngineOptions & AttachOptions): Engine;

/** Creates an HTTP server that serves nothing but a new engine. */
export function listen(
  port: number,
  options?: EngineOptions & AttachOptions,
  callback?: () => void,
): Engine;
export function listen(port: number, callback?: () => void): Engine;

/** Creates the native engine, or engine.io's where the addon cannot load. */
export function createEngine(opts?: EngineOptions): EngineServer;
