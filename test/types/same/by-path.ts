/** What applications import by the path of a file. */
import { Client } from 'socket.io/dist/client';
import {
  Namespace,
  NamespaceReservedEventsMap,
  RESERVED_EVENTS as NAMESPACE_EVENTS,
  ServerReservedEventsMap,
} from 'socket.io/dist/namespace';
import { ParentNamespace } from 'socket.io/dist/parent-namespace';
import {
  EventEmitterReservedEventsMap,
  RESERVED_EVENTS,
  SocketReservedEventsMap,
} from 'socket.io/dist/socket-types';
import { patchAdapter, restoreAdapter, serveFile } from 'socket.io/dist/uws';
import { Server } from 'socket.io';

interface FromClients {
  say: (text: string) => void;
}
interface ToClients {
  said: (by: string, text: string) => void;
}
interface BetweenServers {
  ping: (from: number) => void;
}
type Data = { name: string };

declare const client: Client<FromClients, ToClients, BetweenServers, Data>;
const probeRequest = client.request;
client.writeToEngine([], {});
declare const parent: ParentNamespace<FromClients, ToClients, BetweenServers, Data>;
const probeChild = parent.createChild('/child');
const probeEmit = parent.emit('said', 'a', 'b');
const probeSockets = parent.fetchSockets();
parent.emit('said', 'a');
parent.emit('nope');
parent.createChild(1);
parent.children.clear();
const probeParent = new ParentNamespace(new Server());
const namespace: Namespace<FromClients, ToClients, BetweenServers, Data> = parent;

declare const namespaceEvents: NamespaceReservedEventsMap<
  FromClients,
  ToClients,
  BetweenServers,
  Data
>;
declare const serverEvents: ServerReservedEventsMap<FromClients, ToClients, BetweenServers, Data>;
const probeConnect = namespaceEvents.connect;
const probeConnection = serverEvents.connection;
const probeNewNamespace = serverEvents.new_namespace;
declare const probeNames: keyof ServerReservedEventsMap<{}, {}, {}, any>;
const wrong: NamespaceReservedEventsMap<FromClients, ToClients, BetweenServers, Data> = {};
declare const socketEvents: SocketReservedEventsMap;
const probeDisconnect = socketEvents.disconnect;
const probeDisconnecting = socketEvents.disconnecting;
const probeError = socketEvents.error;
declare const emitterEvents: EventEmitterReservedEventsMap;
const probeNewListener = emitterEvents.newListener;
const probeRemoveListener = emitterEvents.removeListener;
socketEvents.nope;

const probeReserved = RESERVED_EVENTS;
const probeNamespaceReserved = NAMESPACE_EVENTS;
RESERVED_EVENTS.add('more');
const probePatch = patchAdapter;
const probeRestore = restoreAdapter;
const probeServeFile = serveFile;
