/** At this path for applications that import types by it. */
export * from '../types/socket-types';
export type {
  EventEmitterReservedEventsMap,
  SocketReservedEventsMap,
} from '../types/reserved-events';
export declare const RESERVED_EVENTS: ReadonlySet<string | Symbol>;
