/** At this path for applications that import types by it. */
export { Namespace } from '../types';
export type { ExtendedError } from '../types';
export type { NamespaceReservedEventsMap, ServerReservedEventsMap } from '../types/reserved-events';
export declare const RESERVED_EVENTS: ReadonlySet<string | Symbol>;
