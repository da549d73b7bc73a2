/**
 * What `io.of()` makes of a pattern or a function: the parent of the namespaces whose names it accepts.
 */
import { Namespace } from './index';
import type { RemoteSocket, Server } from './index';
import type {
  DefaultEventsMap,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
} from './typed-events';

/** A namespace without sockets. What it emits goes to all of its children. */
export declare class ParentNamespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = any,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  private readonly children;
  constructor(server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>);
  _initAdapter(): void;
  emit<Name extends EventNamesWithoutAck<EmitEvents>>(
    event: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean;
  createChild(name: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** Throws: the sockets are those of the children. */
  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]>;
}
