/** Namespaces, dynamic ones, their generics, and middlewares. */
import {
  type DefaultEventsMap,
  type ExtendedError,
  Namespace,
  type RemoteSocket,
  Server,
  Socket,
} from 'socket.io';

interface Main {
  main: (a: number) => void;
}
interface Chat {
  say: (text: string) => void;
}
interface Between {
  sync: (a: boolean) => void;
}
type User = { id: number };

const io = new Server<Main, Chat, Between, User>();
const untyped = new Server();
const listenOnly = new Server<Main>();
const listenAndEmit = new Server<Main, Chat>();

const probeUntyped = untyped;
const probeListenOnly = listenOnly;
const probeListenAndEmit = listenAndEmit;
const probeMain = io.sockets;
const probeOf = io.of('/chat');
const probeOfPattern = io.of(/^\/x/);
const probeOfFunction = io.of((name, auth, next) => {
  const probeMatcherName = name;
  const probeMatcherAuth = auth;
  const probeMatcherNext = next;
  next(null, true);
  next(new Error('x'), false);
  next();
  next(null, 1);
});
io.of();
io.of(1);
io.of('/chat', (socket) => {
  const probeOfSocket = socket;
});
io.of('/chat', 1);

const chat: Namespace<Chat, Main, Between, { room: string }> = io.of('/chat');
const anything: Namespace = io.of('/any');
const explicit: Namespace<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, any> =
  untyped.of('x');
const few: Namespace<Main, Chat> = listenAndEmit.of('x');
const assigned: Server<Main, Chat, Between, User> = new Server();
const wider: Server = io;
const swapped: Server<Chat, Main, Between, User> = io;

chat.on('connection', (socket) => {
  const probeChatSocket = socket;
  socket.on('say', (text) => text.length);
  socket.on('main', () => {});
  socket.emit('main', 1);
  socket.emit('say', 'x');
  socket.data.room.length;
  socket.data.id;
});
chat.on('sync', (a) => {
  const probeSync = a;
});
chat.on('say', () => {});
chat.on('new_namespace', () => {});
io.on('new_namespace', (namespace) => {
  const probeNew = namespace;
});
io.on('new_namespace', (namespace: string) => namespace);
chat.emit('main', 1);
chat.emit('say', 'x');
const probeName = chat.name;
chat.name = 'x';
const probeSockets = chat.sockets;
const probeAdapter = chat.adapter;
const probeNspServer = chat.server;
chat.sockets.get('x')?.emit('main', 'x');
chat.sockets.get('x').emit('main', 1);

io.use((socket, next) => {
  const probeMiddlewareSocket = socket;
  const probeNext = next;
  socket.data = { id: 1 };
  socket.data = { id: 'x' };
  const error: ExtendedError = new Error('x');
  error.data = { any: 'thing' };
  next(error);
  next();
  next('x');
  next(undefined, 1);
});
io.use(async (socket, next) => next());
io.use((socket: Socket, next) => next());
io.use((socket: string) => socket);
io.use('x');
chat.use((socket, next) => next(new Error(socket.data.room))).use(1);
untyped.use((socket, next) => {
  const probeUntypedData = socket.data;
  next();
});

untyped.on('connection', (socket) => {
  const probeUntypedSocket = socket;
  socket.on('anything', (a, b, c) => {
    const probeUntypedArguments = [a, b, c];
  });
  socket.on('disconnect', (reason) => {
    const probeUntypedReason = reason;
  });
  socket.emit('anything', 1, {}, () => {});
  socket.emit(1);
  socket.emit(Symbol('x'));
  socket.emitWithAck('anything', 1).then((value) => {
    const probeUntypedAck = value;
  });
  socket.timeout(1).emit('anything', (err, value) => {
    const probeUntypedTimeout = [err, value];
  });
});
untyped.emit('anything', () => {});
untyped.serverSideEmit('anything', 1, 2);
untyped.on('anything', (a) => {
  const probeUntypedSide = a;
});
listenOnly.emit('main', 1);
listenOnly.emit('main', 'x');
listenAndEmit.serverSideEmit('whatever', 1);

async function fetch() {
  const sockets = await io.in('room').fetchSockets();
  const probeFetched = sockets;
  for (const socket of sockets) {
    const probeRemote = socket;
    const probeRemoteData = socket.data;
    const probeRemoteRooms = socket.rooms;
    const probeRemoteHandshake = socket.handshake;
    socket.emit('say', 'x');
    socket.emit('main', 1);
    socket.data.id.toFixed();
    socket.data.name;
    socket.join('x');
    socket.join(1);
    socket.leave('x');
    socket.leave(['x']);
    const probeRemoteDisconnect = socket.disconnect(true);
    const probeRemoteTimeout = socket.timeout(1);
    socket.id = 'x';
    socket.on('main', () => {});
  }
  const remote: RemoteSocket<Chat, User> = sockets[0];
  const wrong: RemoteSocket<Main, User> = sockets[0];
  const probeAll = await io.allSockets();
  const probeAllOf = await chat.allSockets();
  const probeFetchedChat = await chat.fetchSockets();
  const probeLocal = await io.local.fetchSockets();
  io.socketsJoin('a');
  io.socketsJoin(['a', 'b']);
  io.socketsJoin(1);
  io.socketsLeave();
  chat.in('a').disconnectSockets('x');
  io.to('a').to(['b']).in('c').except(['d']).socketsJoin('e');
  io.to(1);
  io.except();
}

class MySocket extends Socket<Main, Chat> {
  greet() {
    this.emit('say', 'hello');
    this.emit('main', 1);
  }
}
class MyServer extends Server<Main, Chat> {
  override emit(): boolean {
    return super.emit('say', 'x');
  }
}
