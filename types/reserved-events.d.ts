/**
 * The events that the classes emit by themselves, with the listeners that they call.
 */
import type { Namespace, Socket } from './index';
import type { DisconnectReason } from './socket-types';
import type { EventsMap } from './typed-events';

export interface NamespaceReservedEventsMap<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> {
  connect: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;
  connection: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void;
}

export interface ServerReservedEventsMap<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> extends NamespaceReservedEventsMap<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  new_namespace: (
    namespace: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ) => void;
}

export interface SocketReservedEventsMap {
  disconnect: (reason: DisconnectReason, description?: any) => void;
  disconnecting: (reason: DisconnectReason, description?: any) => void;
  error: (err: Error) => void;
}

/** Those of every emitter of Node's. */
export interface EventEmitterReservedEventsMap {
  newListener: (eventName: string | Symbol, listener: (...args: any[]) => void) => void;
  removeListener: (eventName: string | Symbol, listener: (...args: any[]) => void) => void;
}
