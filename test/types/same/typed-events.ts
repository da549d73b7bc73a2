/** The types behind the events, which applications import by their path. */
import { Socket } from 'socket.io';
import type { Socket as SocketByPath } from 'socket.io/dist/socket';
import type { BroadcastOperator } from 'socket.io/dist/broadcast-operator';
import type { Handshake } from 'socket.io/dist/socket-types';
import type { ExtendedError, Namespace } from 'socket.io/dist/namespace';
import type {
  AllButLast,
  DecorateAcknowledgements,
  DecorateAcknowledgementsWithMultipleResponses,
  DecorateAcknowledgementsWithTimeoutAndMultipleResponses,
  DefaultEventsMap,
  EventNames,
  EventNamesWithAck,
  EventNamesWithError,
  EventNamesWithoutAck,
  EventParams,
  EventsMap,
  FirstNonErrorArg,
  FirstNonErrorTuple,
  Last,
  MultiplyArray,
  RemoveAcknowledgements,
  ReservedOrUserEventNames,
  ReservedOrUserListener,
  StrictEventEmitter,
  TypedEventBroadcaster,
} from 'socket.io/dist/typed-events';

interface Events {
  plain: (a: number) => void;
  nothing: () => void;
  ask: (a: string, ack: (answer: number) => void) => void;
  checked: (ack: (err: Error, answer: boolean) => void) => void;
  optionalAck: (a: string, ack?: (answer: number) => void) => void;
  anything: any;
  several: (ack: (a: string, b: number) => void) => void;
}
type Reserved = { connect: (id: string) => void };

declare const probeNames: EventNames<Events>;
declare const probeWithAck: EventNamesWithAck<Events>;
declare const probeWithoutAck: EventNamesWithoutAck<Events>;
declare const probeWithError: EventNamesWithError<Events>;
declare const probeParams: EventParams<Events, 'ask'>;
declare const probeRemoved: RemoveAcknowledgements<Events>;
declare const probeRemovedKeys: keyof RemoveAcknowledgements<Events>;
declare const probeDecoratedAsk: DecorateAcknowledgements<Events>['ask'];
declare const probeDecoratedChecked: DecorateAcknowledgements<Events>['checked'];
declare const probeDecoratedOptional: DecorateAcknowledgements<Events>['optionalAck'];
declare const probeDecoratedAnything: DecorateAcknowledgements<Events>['anything'];
declare const probeMultipleAsk: DecorateAcknowledgementsWithMultipleResponses<Events>['ask'];
declare const probeMultipleChecked: DecorateAcknowledgementsWithMultipleResponses<Events>['checked'];
declare const probeMultipleSeveral: DecorateAcknowledgementsWithMultipleResponses<Events>['several'];
declare const probeBothAsk: DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Events>['ask'];
declare const probeBothSeveral: DecorateAcknowledgementsWithTimeoutAndMultipleResponses<Events>['several'];
declare const probeLast: Last<[1, 2, 3]>;
declare const probeLastEmpty: Last<[]>;
declare const probeLastArray: Last<string[]>;
declare const probeLastOptional: Last<[a: 1, b?: 2]>;
declare const probeAllButLast: AllButLast<[1, 2, 3]>;
declare const probeAllButLastEmpty: AllButLast<[]>;
declare const probeFirstArg: FirstNonErrorArg<(err: Error, a: number) => void>;
declare const probeFirstArgOther: FirstNonErrorArg<(a: string, b: number) => void>;
declare const probeFirstArgNone: FirstNonErrorArg<string>;
declare const probeFirstTuple: FirstNonErrorTuple<[Error, 1]>;
declare const probeMultiply: MultiplyArray<[1, 'a']>;
declare const probeReservedNames: ReservedOrUserEventNames<Reserved, Events>;
declare const probeReservedListener: ReservedOrUserListener<Reserved, Events, 'connect'>;
declare const probeUserListener: ReservedOrUserListener<Reserved, Events, 'plain'>;
declare const probeDefault: DefaultEventsMap;
declare const probeMap: EventsMap;
declare const probeHandshake: Handshake;

declare const emitter: StrictEventEmitter<Events, Events, Reserved>;
emitter.on('connect', (id) => {
  const probeConnect = id;
});
emitter.on('nope', () => {});
emitter.emit('connect', 'x');
emitter.emit('plain', 'x');
const broadcaster: TypedEventBroadcaster<Events> = emitter;
broadcaster.emit('plain', 'x');

const byPath: SocketByPath = {} as Socket;
const error: ExtendedError = new Error('x');
declare const nsp: Namespace<Events>;
declare const operator: BroadcastOperator<Events, any>;
operator.emit('plain', 'x');
nsp.emit('ask', 'x', () => {});
