/**
 * What the sockets of one connection share: `socket.client`.
 */
import type { IncomingMessage } from 'node:http';
import type { Socket as EngineSocket } from 'engine.io';
import type { Server } from './index';
import type { NativeSession } from './native-session';
import type { EventsMap } from './typed-events';

/** The namespaces of one connection. */
export declare class Client<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData = any,
> {
  readonly conn: NativeSession & EngineSocket;
  private readonly id;
  private readonly server;
  private writeToEngine;
  constructor(
    server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
    conn: EngineSocket,
  );
  get request(): IncomingMessage;
}
