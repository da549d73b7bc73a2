/**
 * The types of beast.io: those of socket.io, name for name, so that applications compile unchanged.
 */
import type { IncomingMessage, RequestListener, Server as HttpServer } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as HttpsServer } from 'node:https';
import type { ListenOptions } from 'node:net';
import type {
  AttachOptions,
  ServerOptions as EngineOptions,
  Socket as EngineSocket,
} from 'engine.io';
import type { Adapter, Room, Session, SocketId } from 'socket.io-adapter';
import type { Encoder } from 'socket.io-parser';
import type * as parser from 'socket.io-parser';
import type { BroadcastOperator, RemoteSocket } from './broadcast-operator';
import type { NativeOptions } from './engine';
import type { Server as Engine } from './stats';
import type { NativeHandle, NativeNamespace, SocketAttributes } from './native';
import type { DrainError, DrainOptions, NativeSession } from './native-session';
import type {
  NamespaceReservedEventsMap,
  ServerReservedEventsMap,
  SocketReservedEventsMap,
} from './reserved-events';
import type { DisconnectReason } from './socket-types';
import { StrictEventEmitter } from './typed-events';
import type {
  AckValue,
  AllButLast,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
  RemoveAcknowledgements,
} from './typed-events';

// Imported as types and exported without saying so: tsc then reports a use as a value where it is made.
export { BroadcastOperator, DefaultEventsMap, DisconnectReason, RemoteSocket };
export type { DrainError, DrainOptions, NativeSession };

/** A received event, as the middlewares of a socket see it: its name and its arguments. */
export type Event = [string, ...any[]];

/** An error whose data reaches the client that a middleware refuses. */
export interface ExtendedError extends Error {
  data?: any;
}

type HttpServerInstance = HttpServer | HttpsServer | Http2SecureServer | Http2Server;

/** Where an own port listens: as Node's `server.listen`. */
type PortAddress = ListenOptions & ({ port: number } | { path: string } | { fd: number });

type AdapterConstructor = typeof Adapter | ((nsp: Namespace) => Adapter);

/** Decides on the name of a namespace that does not exist yet. */
type NamespaceMatcher = (
  name: string,
  auth: { [key: string]: any },
  next: (err: Error | null, success: boolean) => void,
) => void;

type Multiple<Events> = DecorateAcknowledgementsWithMultipleResponses<Events>;

type BetweenServers<Events> = DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Events>;

/** The options of a server, those of its engine included. */
export interface ServerOptions extends EngineOptions, AttachOptions, NativeOptions {
  // options of the server: begin
  /** Milliseconds that acknowledgements are waited for when an emit has no `timeout()`. Callbacks then get an error first, as with the option of the client library. Default: none */
  ackTimeout?: number;
  /** Whether acknowledgements end, by an error, when their client leaves. Default: `false` */
  settleAcksOnDisconnect?: boolean;
  /** Most namespaces that one client may be in. Default: none */
  maxNamespacesPerClient?: number;
  /** Most rooms that one socket may join, besides that of its id. Default: none */
  maxRoomsPerSocket?: number;
  /** Most acknowledgements that one socket may owe. Default: none */
  maxPendingAcks?: number;
  /** Whether `connectionStateRecovery` holds for clients that no event has reached yet, too. Default: `false` */
  recoverWithoutOffset?: boolean;
  /** Whether recovery over a Redis stream loses nothing; own events pass through Redis then. Default: `false` */
  recoverWithoutLoss?: boolean;
  /** With a port: who answers requests that are not the engine's, an Express application say. Default: answers 404 */
  requestListener: RequestListener;
  /** The path below which the engine answers. Default: `/socket.io` */
  path: string;
  /** Whether the browser client is served. Default: `true` */
  serveClient: boolean;
  /** The adapter class. Default: the one in memory */
  adapter: AdapterConstructor;
  /** The parser: `{ Encoder, Decoder }`. Default: `socket.io-parser` */
  parser: any;
  /** Milliseconds that a client may take to join a namespace. Default: `45000` */
  connectTimeout: number;
  /** Whether clients that come back find their session as they left it. Default: off */
  connectionStateRecovery: {
    /** How long, in milliseconds, a session is kept. Default: two minutes */
    maxDisconnectionDuration?: number;
    /** Whether the middlewares are skipped for a recovered session. Default: `true` */
    skipMiddlewares?: boolean;
  };
  /** Whether the children of dynamic namespaces go away with their last socket. Default: `false` */
  cleanupEmptyChildNamespaces: boolean;
  // options of the server: end
}

/** One client in one namespace. */
export declare class Socket<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = any,
> extends StrictEventEmitter<ListenEvents, EmitEvents, SocketReservedEventsMap> {
  readonly nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents>;
  readonly client: import('./client').Client<ListenEvents, EmitEvents, ServerSideEvents>;
  /** Random and unique; not secret, but not the id of the connection either. */
  readonly id: SocketId;
  /** Whether the session of an earlier connection goes on. */
  readonly recovered: boolean;
  readonly handshake: import('./socket-types').Handshake;
  /** What the application attaches to the socket. */
  data: SocketData;
  connected: boolean;
  private readonly server;
  private readonly adapter;
  private readonly pid?;
  private acks;
  private flags;
  private fns;
  private packet;
  private leaveAll;
  private notifyOutgoingListeners;
  constructor(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents>,
    client: import('./client').Client<ListenEvents, EmitEvents, ServerSideEvents>,
    auth: Record<string, unknown>,
    previousSession?: Session,
  );
  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean;
  /** Resolves with the acknowledgement of the client. */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<AckValue<EmitEvents, Name>>;
  send(...args: EventParams<EmitEvents, 'message'>): this;
  write(...args: EventParams<EmitEvents, 'message'>): this;
  /** Whether the next packet may be compressed. */
  compress(compress: boolean): this;
  /** The next packet may be lost. */
  get volatile(): this;
  /** Resolves when the client has taken what it was sent so far, or has left. */
  drained(options?: DrainOptions): Promise<void>;
  /** Bytes that were sent and that the connection of the client has not taken. */
  readonly bufferedAmount: number;
  /** How long, in milliseconds, the next acknowledgement is waited for. */
  timeout(
    timeout: number,
  ): Socket<ListenEvents, DecorateAcknowledgements<EmitEvents>, ServerSideEvents, SocketData>;
  /** Everybody in the namespace but this socket. */
  get broadcast(): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  get local(): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  to(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  in(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  except(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  join(rooms: Room | Room[]): Promise<void> | void;
  leave(room: string): Promise<void> | void;
  /** Leaves the namespace, and closes the connection on request. */
  disconnect(close?: boolean): this;
  /** Adds a middleware for received events. */
  use(middleware: (event: Event, next: (err?: Error) => void) => void): this;
  get disconnected(): boolean;
  /** The request that opened the connection. */
  get request(): IncomingMessage;
  /** The connection. */
  get conn(): NativeSession & EngineSocket;
  get rooms(): Set<Room>;
  /** What JavaScript and handlers in C++ know of the socket in common. */
  get native(): SocketAttributes;
  onAny(listener: (...args: any[]) => void): this;
  prependAny(listener: (...args: any[]) => void): this;
  offAny(listener?: (...args: any[]) => void): this;
  listenersAny(): ((...args: any[]) => void)[];
  onAnyOutgoing(listener: (...args: any[]) => void): this;
  prependAnyOutgoing(listener: (...args: any[]) => void): this;
  offAnyOutgoing(listener?: (...args: any[]) => void): this;
  listenersAnyOutgoing(): ((...args: any[]) => void)[];
}

/** One of the channels that share a client's connection. */
export declare class Namespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  SocketData = any,
> extends StrictEventEmitter<
  ServerSideEvents,
  RemoveAcknowledgements<EmitEvents>,
  NamespaceReservedEventsMap<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
> {
  readonly name: string;
  readonly sockets: Map<SocketId, Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>;
  adapter: Adapter;
  readonly server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** The next acknowledgement id; adapters count on it. */
  _ids: number;
  constructor(server: Server<ListenEvents, EmitEvents, ServerSideEvents, SocketData>, name: string);
  /** Handlers in C++ for events of this namespace. Throws ERR_BEASTIO_UNSUPPORTED where there are none. */
  get native(): NativeNamespace;
  _initAdapter(): void;
  /** Emits what another server of the cluster has sent; called by adapters. */
  _onServerSideEmit(args: [string, ...any[]]): void;
  /** Adds a middleware for new sockets. */
  use(
    middleware: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (err?: ExtendedError) => void,
    ) => void,
  ): this;
  to(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  in(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  except(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  emit<Name extends EventNamesWithoutAck<EmitEvents>>(
    event: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean;
  /** Resolves with one response per client; needs the option `ackTimeout`. */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<AckValue<EmitEvents, Name>[]>;
  send(...args: EventParams<EmitEvents, 'message'>): this;
  write(...args: EventParams<EmitEvents, 'message'>): this;
  /** Sends an event to the other servers of the cluster. */
  serverSideEmit<Name extends EventNames<ServerSideEvents>>(
    event: Name,
    ...args: EventParams<BetweenServers<ServerSideEvents>, Name>
  ): boolean;
  /** Resolves with one response per other server of the cluster. */
  serverSideEmitWithAck<Name extends EventNamesWithAck<ServerSideEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<ServerSideEvents, Name>>
  ): Promise<AckValue<ServerSideEvents, Name>[]>;
  /** @deprecated use `fetchSockets()` */
  allSockets(): Promise<Set<SocketId>>;
  compress(compress: boolean): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  get volatile(): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  get local(): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  timeout(
    timeout: number,
  ): BroadcastOperator<DecorateAcknowledgements<Multiple<EmitEvents>>, SocketData>;
  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]>;
  /** Resolves when all of them on this server have taken what they were sent so far, or have left. */
  drained(options?: DrainOptions): Promise<void>;
  socketsJoin(room: Room | Room[]): void;
  socketsLeave(room: Room | Room[]): void;
  disconnectSockets(close?: boolean): void;
}

/** The server; as an emitter and broadcaster it stands for its main namespace. */
export declare class Server<
  /** The events that come from clients. */
  ListenEvents extends EventsMap = DefaultEventsMap,
  /** The events that go to clients. */
  EmitEvents extends EventsMap = ListenEvents,
  /** The events between the servers of a cluster. */
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  /** What the application attaches to a socket. */
  SocketData = any,
> extends StrictEventEmitter<
  ServerSideEvents,
  RemoveAcknowledgements<EmitEvents>,
  ServerReservedEventsMap<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
> {
  /** The main namespace. */
  readonly sockets: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /** What addons take that handle events in C++. Throws ERR_BEASTIO_UNSUPPORTED where there are none. */
  get native(): NativeHandle;
  engine: Engine;
  httpServer: HttpServerInstance;
  readonly _parser: typeof parser;
  readonly encoder: Encoder;
  private readonly opts;
  private parentNsps;
  _nsps: Map<string, Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>>;
  constructor(opts?: Partial<ServerOptions>);
  constructor(srv?: HttpServerInstance | number, opts?: Partial<ServerOptions>);
  constructor(
    srv: undefined | Partial<ServerOptions> | HttpServerInstance | number,
    opts?: Partial<ServerOptions>,
  );
  get _opts(): Partial<ServerOptions>;
  serveClient(value: boolean): this;
  serveClient(): boolean;
  serveClient(value?: boolean): this | boolean;
  path(value: string): this;
  path(): string;
  path(value?: string): this | string;
  connectTimeout(value: number): this;
  connectTimeout(): number;
  connectTimeout(value?: number): this | number;
  adapter(): AdapterConstructor | undefined;
  adapter(value: AdapterConstructor): this;
  /** Attaches to an HTTP server, or listens on a port. */
  listen(srv: HttpServerInstance | PortAddress | number, opts?: Partial<ServerOptions>): this;
  /** Attaches to an HTTP server, or listens on a port. */
  attach(srv: HttpServerInstance | PortAddress | number, opts?: Partial<ServerOptions>): this;
  /** Attaches to a µWebSockets.js application. */
  attachApp(app: any, opts?: Partial<ServerOptions>): void;
  /** Takes the connections of an engine. */
  bind(engine: any): this;
  /** The namespace of a name, or the parent of all namespaces whose names match. */
  of(
    name: string | RegExp | NamespaceMatcher,
    onConnect?: (socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>) => void,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>;
  /**
   * Disconnects everybody and closes the HTTP server. With `drain`, nobody new is let in, and the clients are
   * sent away one after the other within so many milliseconds. So they do not all come back to the next server
   * in the same second. The callback then is the second argument.
   */
  close(
    callback?: ((err?: Error) => void) | { drain?: number },
    next?: (err?: Error) => void,
  ): Promise<void>;
  use(
    middleware: (
      socket: Socket<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
      next: (err?: ExtendedError) => void,
    ) => void,
  ): this;
  to(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  in(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  except(room: Room | Room[]): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  /** Resolves with one response per client; needs the option `ackTimeout`. */
  emitWithAck<Name extends EventNamesWithAck<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<AckValue<EmitEvents, Name>[]>;
  send(...args: EventParams<EmitEvents, 'message'>): this;
  write(...args: EventParams<EmitEvents, 'message'>): this;
  /** Sends an event to the other servers of the cluster. */
  serverSideEmit<Name extends EventNames<ServerSideEvents>>(
    event: Name,
    ...args: EventParams<BetweenServers<ServerSideEvents>, Name>
  ): boolean;
  /** Resolves with one response per other server of the cluster. */
  serverSideEmitWithAck<Name extends EventNamesWithAck<ServerSideEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<ServerSideEvents, Name>>
  ): Promise<AckValue<ServerSideEvents, Name>[]>;
  /** @deprecated use `fetchSockets()` */
  allSockets(): Promise<Set<SocketId>>;
  compress(compress: boolean): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  get volatile(): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  get local(): BroadcastOperator<Multiple<EmitEvents>, SocketData>;
  timeout(
    timeout: number,
  ): BroadcastOperator<DecorateAcknowledgements<Multiple<EmitEvents>>, SocketData>;
  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]>;
  /** Resolves when all of them on this server have taken what they were sent so far, or have left. */
  drained(options?: DrainOptions): Promise<void>;
  socketsJoin(room: Room | Room[]): void;
  socketsLeave(room: Room | Room[]): void;
  disconnectSockets(close?: boolean): void;
}
