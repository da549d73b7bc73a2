/** Typed events between one client and the server, right and wrong. */
import { createServer } from 'node:http';
import { type DisconnectReason, type Event, Server, type Socket } from 'socket.io';

interface FromClient {
  none: () => void;
  one: (a: number) => void;
  optional: (a: string, b?: boolean) => void;
  rest: (...values: number[]) => void;
  question: (a: string, ack: (answer: { ok: boolean }) => void) => void;
  message: (text: string) => void;
  union: (value: 'a' | 'b') => void;
}

interface ToClient {
  none: () => void;
  news: (text: string, count: number) => void;
  optional: (a: string, b?: boolean) => void;
  rest: (first: string, ...values: number[]) => void;
  buffer: (data: Buffer) => void;
  message: (text: string) => void;
}

type Between = { refresh: (key: string) => void };
type Data = { name: string; age?: number };

const io = new Server<FromClient, ToClient, Between, Data>(createServer());

io.on('connection', (socket) => {
  const probeSocket = socket;
  const probeData = socket.data;
  const probeRooms = socket.rooms;
  const probeHandshake = socket.handshake;
  const probeConn = socket.conn.transport.name;
  const probeRequest = socket.request;
  const probeId = socket.id;
  const probeNsp = socket.nsp;
  const probeClient = socket.client;
  const probeConnected = socket.connected;

  socket.on('none', () => {});
  socket.on('none', (unexpected) => unexpected);
  socket.on('one', (value) => {
    const probeOne = value;
  });
  socket.on('one', (value: string) => value);
  socket.on('one', (value, second) => second);
  socket.on('optional', (a, b) => {
    const probeOptional = b;
  });
  socket.on('rest', (...values) => {
    const probeRest = values;
  });
  socket.on('question', (text, ack) => {
    const probeAck = ack;
    ack({ ok: true });
    ack({ ok: 1 });
    ack();
    ack({ ok: true }, 2);
  });
  socket.on('union', (value) => {
    const probeUnion = value;
  });
  socket.on('news', () => {});
  socket.once('unknown', () => {});
  socket.once('one', (value) => {
    const probeOnce = value;
  });
  socket.on(1, () => {});
  socket.on('one', 'no listener');
  socket.off('one', () => {});
  socket.off('whatever', () => {});
  socket.addListener('whatever', (a) => a);
  socket.removeAllListeners('one');
  socket.prependListener('one', () => {});
  const probeListeners = socket.listeners('one');
  const probeDisconnectListeners = socket.listeners('disconnect');
  socket.listeners('unknown');

  socket.on('disconnect', (reason, description) => {
    const probeReason = reason;
    const probeDescription = description;
    if (reason === 'ping timeout') return;
    if (reason === 'no such reason') return;
  });
  socket.on('disconnecting', (reason: DisconnectReason) => reason);
  socket.on('disconnecting', (reason: number) => reason);
  socket.on('error', (err) => {
    const probeError = err;
  });
  socket.on('error', (err: string) => err);

  const probeEmit = socket.emit('none');
  socket.emit('none', 1);
  socket.emit('news', 'text', 1);
  socket.emit('news', 'text');
  socket.emit('news', 1, 'text');
  socket.emit('news', 'text', 1, 2);
  socket.emit('optional', 'a');
  socket.emit('optional', 'a', undefined);
  socket.emit('optional', 'a', 1);
  socket.emit('rest', 'a', 1, 2, 3);
  socket.emit('rest', 'a', 'b');
  socket.emit('rest');
  socket.emit('buffer', Buffer.from(''));
  socket.emit('buffer', new Uint8Array(1));
  socket.emit('one', 1);
  socket.emit('disconnect', 'transport close');
  socket.emit();
  const probeSend = socket.send('text');
  socket.send(1);
  socket.write();
  const probeVolatile = socket.volatile;
  const probeCompress = socket.compress(true);
  socket.compress('yes');
  socket.volatile.emit('news', 'text');
  socket.compress(false).emit('news', 'text', 1);
  socket.volatile();

  const probeJoin = socket.join('room');
  socket.join(['a', 'b']);
  socket.join(1);
  socket.leave('a');
  socket.leave(['a']);
  socket.data.name = 'x';
  socket.data.name = 1;
  socket.data.other = 1;
  socket.data.age?.toFixed();
  socket.data.age.toFixed();
  socket.id = 'x';
  socket.nsp = io.sockets;
  socket.rooms = new Set();
  socket.handshake = socket.handshake;
  socket.connected = false;
  socket.disconnected = true;
  const probeDisconnect = socket.disconnect();
  socket.disconnect('now');
  socket.recovered = true;

  socket.use((event, next) => {
    const probeEvent = event;
    const copy: Event = event;
    next();
    next(new Error('x'));
    next('x');
    const [name, first] = copy;
    const probeName = name;
    const probeFirst = first;
  });
  socket.use(async () => {});
  socket.use((event: string) => event);
  socket.use(1);

  socket.onAny((event, ...args) => {
    const probeAny = event;
    const probeAnyArgs = args;
  });
  socket.onAny((event: string, value: number) => value);
  socket.prependAny(() => {});
  socket.offAny();
  socket.offAny(1);
  const probeAnyListeners = socket.listenersAny();
  socket.onAnyOutgoing((event, ...args) => args);
  socket.prependAnyOutgoing(1);
  socket.offAnyOutgoing(() => {});
  const probeOutgoing = socket.listenersAnyOutgoing();
});

io.on('connect', (socket: Socket<FromClient, ToClient, Between, Data>) => socket);
io.on('connection', (socket: Socket) => socket);
io.on('connection', (socket: Socket<ToClient, FromClient>) => socket);
io.on('connection', (socket, second) => second);
io.on('connection', async (socket) => {
  await socket.join('x');
});
io.once('connection', (socket) => socket.emit('news', 'text'));
