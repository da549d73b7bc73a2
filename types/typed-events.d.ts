/**
 * Events as types: maps from event names to listeners, and what follows from such a map for `on`,
 * `emit` and acknowledgements.
 */
import { EventEmitter } from 'node:events';

/** Event names and their listeners. An interface of an application need not extend it. */
export interface EventsMap {
  [event: string]: any;
}

/** Any event with any arguments: what holds where an application gives no types. */
export interface DefaultEventsMap {
  [event: string]: (...args: any[]) => void;
}

/** The arguments of a function; never where it is none. */
type ArgumentsOf<F> = F extends (...args: infer Args) => any ? Args : never;

type AnyFunction = (...args: any[]) => any;

/** Whether a type is `any`, the only one that swallows every intersection. */
type IsAny<T> = 0 extends 1 & T ? true : false;

/** The last element of a tuple, optional elements included; the element of an array. */
export type Last<Elements extends readonly unknown[]> = Elements extends readonly [infer Only]
  ? Only
  : Elements extends readonly [any, ...infer Rest]
    ? Last<Rest>
    : Elements extends readonly (infer Element)[]
      ? Element
      : never;

/** A tuple without its last element. */
export type AllButLast<Elements extends any[]> = Elements extends [...infer Head, any]
  ? Head
  : any[];

/** The first element of a tuple that is no error, of the first two. */
export type FirstNonErrorTuple<Elements extends unknown[]> = Elements[0] extends Error
  ? Elements[1]
  : Elements[0];

/** The first argument of a callback that is no error. */
export type FirstNonErrorArg<Callback> = Callback extends (...args: infer Args) => any
  ? FirstNonErrorTuple<Args>
  : any;

/** A tuple of arrays instead of single values. */
export type MultiplyArray<Elements extends unknown[]> = {
  [Index in keyof Elements]: Elements[Index][];
};

/** The event names of a map. */
export type EventNames<Map extends EventsMap> = keyof Map & (string | symbol);

/** The arguments of an event. */
export type EventParams<Map extends EventsMap, Name extends EventNames<Map>> = Parameters<
  Map[Name]
>;

/** What the acknowledgement of an event resolves to. */
export type AckValue<Map extends EventsMap, Name extends EventNames<Map>> = FirstNonErrorArg<
  Last<EventParams<Map, Name>>
>;

/** Whether a map or one of its listeners says nothing about arguments. */
type IsUntyped<Map extends EventsMap, Name extends EventNames<Map>> = IsAny<
  Last<Parameters<Map[Name]>> | Map[Name]
>;

/** Whether an event ends with an acknowledgement callback. */
type HasAck<Map extends EventsMap, Name extends EventNames<Map>> =
  Parameters<Map[Name]> extends never[]
    ? false
    : Last<Parameters<Map[Name]>> extends AnyFunction
      ? true
      : false;

/** The names of the events that are acknowledged. */
export type EventNamesWithAck<
  Map extends EventsMap,
  Name extends EventNames<Map> = EventNames<Map>,
> =
  IsUntyped<Map, Name> extends true
    ? Name
    : Name extends (HasAck<Map, Name> extends true ? Name : never)
      ? Name
      : never;

/** The names of the events that are not acknowledged. */
export type EventNamesWithoutAck<
  Map extends EventsMap,
  Name extends EventNames<Map> = EventNames<Map>,
> =
  IsUntyped<Map, Name> extends true
    ? Name
    : Name extends (HasAck<Map, Name> extends true ? never : Name)
      ? Name
      : never;

/** The names of the events whose acknowledgement has an error first. */
export type EventNamesWithError<
  Map extends EventsMap,
  Name extends EventNamesWithAck<Map> = EventNamesWithAck<Map>,
> =
  IsUntyped<Map, Name> extends true
    ? Name
    : Name extends (ArgumentsOf<Last<Parameters<Map[Name]>>>[0] extends Error ? Name : never)
      ? Name
      : never;

/** The events of a map that are not acknowledged. */
export type RemoveAcknowledgements<Map extends EventsMap> = {
  [Name in EventNamesWithoutAck<Map>]: Map[Name];
};

/** Names of the events of the library and of the application. */
export type ReservedOrUserEventNames<Reserved extends EventsMap, User extends EventsMap> =
  EventNames<Reserved> | EventNames<User>;

/** The listener of an event, those of the library coming first; any where no map knows the name. */
export type ReservedOrUserListener<
  Reserved extends EventsMap,
  User extends EventsMap,
  Name extends ReservedOrUserEventNames<Reserved, User>,
> = OrUntypedListener<
  Name extends EventNames<Reserved>
    ? Reserved[Name]
    : Name extends EventNames<User>
      ? User[Name]
      : never
>;

/** The tuple keeps a `never` from being distributed away. */
type OrUntypedListener<Listener> = [Listener] extends [never]
  ? (...args: any[]) => void | Promise<void>
  : Listener;

/** What emits typed events without being an emitter. */
export interface TypedEventBroadcaster<EmitEvents extends EventsMap> {
  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean;
}

/** An emitter that listens to the events of one map and emits those of another. */
export declare abstract class StrictEventEmitter<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ReservedEvents extends EventsMap = {},
>
  extends EventEmitter
  implements TypedEventBroadcaster<EmitEvents>
{
  on<Name extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Name,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Name>,
  ): this;
  once<Name extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Name,
    listener: ReservedOrUserListener<ReservedEvents, ListenEvents, Name>,
  ): this;
  emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: EventParams<EmitEvents, Name>
  ): boolean;
  listeners<Name extends ReservedOrUserEventNames<ReservedEvents, ListenEvents>>(
    event: Name,
  ): ReservedOrUserListener<ReservedEvents, ListenEvents, Name>[];
}

/** Callbacks with an error first, unless they have one. */
type WithTimeoutError<Args extends any[]> = {
  [Index in keyof Args]: Args[Index] extends (...args: infer Values) => infer Result
    ? Values[0] extends Error
      ? Args[Index]
      : (err: Error, ...args: Values) => Result
    : Args[Index];
};

/** The first element of a tuple as a tuple of one, its name kept. */
type FirstOnly<Elements extends any[]> = Elements extends [any, ...infer Rest]
  ? Elements extends [...infer Head, ...Rest]
    ? Head
    : never
  : never;

/** Callbacks that get an array of the first value of each client. */
type WithManyResponses<Args extends any[]> = {
  [Index in keyof Args]: Args[Index] extends (...args: infer Values) => infer Result
    ? Values extends [Error]
      ? (err: Error) => Result
      : Values extends [Error, ...infer Rest]
        ? (err: Error, ...args: FirstOnly<MultiplyArray<Rest>>) => Result
        : Values extends []
          ? () => Result
          : (...args: FirstOnly<MultiplyArray<Values>>) => Result
    : Args[Index];
};

/**
 * The events after `timeout()`: what the other side acknowledges with one value arrives here after an
 * error, which is set when the time is over.
 */
export type DecorateAcknowledgements<Map> = {
  [Name in keyof Map]: Map[Name] extends (...args: infer Args) => infer Result
    ? (...args: WithTimeoutError<Args>) => Result
    : Map[Name];
};

/** The events of a broadcast: every client acknowledges, so arrays of values arrive. */
export type DecorateAcknowledgementsWithMultipleResponses<Map> = {
  [Name in keyof Map]: Map[Name] extends (...args: infer Args) => infer Result
    ? (...args: WithManyResponses<Args>) => Result
    : Map[Name];
};

/** The events between servers: arrays of values after an error. */
export type DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Map> = {
  [Name in keyof Map]: Map[Name] extends (...args: infer Args) => infer Result
    ? (...args: WithManyResponses<WithTimeoutError<Args>>) => Result
    : Map[Name];
};
