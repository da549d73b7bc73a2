/**
 * Broadcasts, and the sockets of other servers, which are reached by broadcasts.
 */
import type { Adapter, Room, SocketId } from 'socket.io-adapter';
import type { DrainOptions } from './native-session';
import type { Handshake } from './socket-types';
import type {
  AckValue,
  AllButLast,
  DecorateAcknowledgements,
  EventNames,
  EventNamesWithError,
  EventParams,
  EventsMap,
  TypedEventBroadcaster,
} from './typed-events';

/** A broadcast under construction. Immutable: every step gives a new one. */
export declare class BroadcastOperator<
  EmitEvents extends EventsMap,
  SocketData,
> implements TypedEventBroadcaster<EmitEvents> {
  private readonly adapter;
  private readonly rooms;
  private readonly exceptRooms;
  private readonly flags;
  constructor(
    adapter: Adapter,
    rooms?: Set<Room>,
    exceptRooms?: Set<Room>,
    flags?: { [flag: string]: any },
  );
  /** Targets rooms; a socket in several of them gets one copy. */
  to(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData>;
  /** The same as `to()`. */
  in(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData>;
  /** Leaves out the sockets in these rooms. */
  except(room: Room | Room[]): BroadcastOperator<EmitEvents, SocketData>;
  /** Whether the packet may be compressed. */
  compress(compress: boolean): BroadcastOperator<EmitEvents, SocketData>;
  /** Clients that are not ready for the packet do not get it. */
  get volatile(): BroadcastOperator<EmitEvents, SocketData>;
  /** Only the sockets of this server of the cluster are concerned. */
  get local(): BroadcastOperator<EmitEvents, SocketData>;
  /** How long, in milliseconds, acknowledgements are waited for. */
  timeout(timeout: number): BroadcastOperator<DecorateAcknowledgements<EmitEvents>, SocketData>;
  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean;
  /** Resolves with one response per client; needs a `timeout()`. */
  emitWithAck<Name extends EventNamesWithError<EmitEvents>>(
    event: Name,
    ...args: AllButLast<EventParams<EmitEvents, Name>>
  ): Promise<AckValue<EmitEvents, Name>>;
  /** @deprecated use `fetchSockets()` */
  allSockets(): Promise<Set<SocketId>>;
  fetchSockets(): Promise<RemoteSocket<EmitEvents, SocketData>[]>;
  /** Resolves when all of them on this server have taken what they were sent so far, or have left. */
  drained(options?: DrainOptions): Promise<void>;
  socketsJoin(room: Room | Room[]): void;
  socketsLeave(room: Room | Room[]): void;
  /** Disconnects the sockets, and closes their connections on request. */
  disconnectSockets(close?: boolean): void;
}

/** A socket of this or another server of the cluster, with what works in both cases. */
export declare class RemoteSocket<
  EmitEvents extends EventsMap,
  SocketData,
> implements TypedEventBroadcaster<EmitEvents> {
  readonly id: SocketId;
  readonly handshake: Handshake;
  readonly rooms: Set<Room>;
  readonly data: SocketData;
  constructor(
    adapter: Adapter,
    details: { id: SocketId; handshake: Handshake; rooms: Room[]; data: SocketData },
  );
  timeout(timeout: number): BroadcastOperator<DecorateAcknowledgements<EmitEvents>, SocketData>;
  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean;
  join(room: Room | Room[]): void;
  leave(room: Room): void;
  disconnect(close?: boolean): this;
}
