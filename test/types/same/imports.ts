/** Ways of importing the package that are right, and some that are not. */
import * as everything from 'socket.io';
import standard from 'socket.io';
import { Adapter, Client, ParentNamespace } from 'socket.io';
import { BroadcastOperator, RemoteSocket, Server } from 'socket.io';
import type { DefaultEventsMap, DisconnectReason, Event, ExtendedError } from 'socket.io';
import type { Namespace, ServerOptions, Socket } from 'socket.io';
import type { EventsMap, Handshake, StrictEventEmitter } from 'socket.io';
import manifest from 'socket.io/package.json';
import { Socket as SocketByPath } from 'socket.io/dist/socket';

const probeServer = everything.Server;
everything.nope;
everything(3000);
standard(3000);
const probeManifest = manifest.version;
type Uses = [Server, DefaultEventsMap, DisconnectReason, Event, ExtendedError, Namespace];
type MoreUses = [ServerOptions, Socket, EventsMap, Handshake, StrictEventEmitter<any, any>];
new Adapter({});
new Client();
new ParentNamespace();
new BroadcastOperator();
new RemoteSocket();
new SocketByPath();
