/**
 * What must compile, and what must not, for applications written in TypeScript. Never run: `tsc`
 * checks it, against these types and, with the path changed, against the genuine ones.
 */
import { createServer } from 'node:http';
import { Server } from '../../types';
import type {
  BroadcastOperator,
  DefaultEventsMap,
  DisconnectReason,
  Event,
  ExtendedError,
  Namespace,
  RemoteSocket,
  ServerOptions,
  Socket,
} from '../../types';

/** Fails to compile unless both types are the same. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function expectType<Expected>(): <Actual>(
  actual: Actual,
  ...same: Same<Actual, Expected> extends true ? [] : ['the types differ']
) => void;

const options: Partial<ServerOptions> = {
  path: '/x',
  cors: { origin: '*' },
  connectionStateRecovery: { maxDisconnectionDuration: 1 },
};

export function untyped() {
  const io = new Server(createServer(), options);
  new Server(3000);
  new Server(3000, { requestListener: (req, res) => res.end(req.url) });
  // @ts-expect-error a function
  new Server(3000, { requestListener: 'app' });
  new Server({ serveClient: false });
  // @ts-expect-error an unknown option
  new Server({ unknown: true });
  // @ts-expect-error no HTTP server
  io.attach(() => {});

  io.on('connection', (socket) => {
    expectType<Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, any>>()(socket);
    socket.emit('anything', 1, 'two', { three: 4 }, (answer: any) => answer);
    socket.on('anything', (a, b) => {
      expectType<any>()(a);
      expectType<any>()(b);
    });
    socket.on('disconnect', (reason, description) => {
      expectType<DisconnectReason>()(reason);
      expectType<any>()(description);
    });
    socket.on('error', (err) => expectType<Error>()(err));
    // @ts-expect-error the listener of a reserved event
    socket.on('disconnecting', (reason: number) => reason);
    socket.data.anything = 1;
    socket.use((event, next) => {
      expectType<Event>()(event);
      next(new Error('no'));
    });
    expectType<boolean>()(socket.broadcast.to('a').emit('x'));
  });
  io.use((socket, next) => {
    const err: ExtendedError = new Error(socket.id);
    err.data = {};
    next(err);
  });
  io.of(/x/).on('connection', (socket) => socket.nsp.name.length);
  io.of((_name, _auth, next) => next(null, true));
  expectType<Promise<void>>()(io.close());
  expectType<string>()(io.path());
}

interface FromClient {
  ping: (n: number, ack: (answer: string) => void) => void;
  note: (text: string) => void;
  nothing: () => void;
}

interface ToClient {
  news: (text: string, n: number) => void;
  ask: (question: string, ack: (answer: number) => void) => void;
  checked: (ack: (err: Error, answer: boolean) => void) => void;
  message: (text: string) => void;
}

interface BetweenServers {
  refresh: (key: string) => void;
  count: (ack: (n: number) => void) => void;
}

interface Data {
  user: string;
}

export async function typed() {
  const io = new Server<FromClient, ToClient, BetweenServers, Data>();

  io.on('connection', async (socket) => {
    expectType<Data>()(socket.data);
    socket.on('ping', (n, ack) => {
      expectType<number>()(n);
      ack('pong');
      // @ts-expect-error the answer is a string
      ack(1);
    });
    // @ts-expect-error an event that clients do not send
    socket.on('news', () => {});
    // @ts-expect-error the argument is a string
    socket.on('note', (text: number) => text);

    socket.emit('news', 'text', 1);
    // @ts-expect-error the second argument is missing
    socket.emit('news', 'text');
    // @ts-expect-error the second argument is a number
    socket.emit('news', 'text', 'one');
    // @ts-expect-error an event that is not sent to clients
    socket.emit('note', 'text');
    socket.send('text');
    // @ts-expect-error a message is a string
    socket.send(1);

    socket.emit('ask', 'why', (answer) => expectType<number>()(answer));
    socket.timeout(1).emit('ask', 'why', (err, answer) => {
      expectType<Error>()(err);
      expectType<number>()(answer);
    });
    socket.timeout(1).emit('checked', (err, answer) => {
      expectType<Error>()(err);
      expectType<boolean>()(answer);
    });
    expectType<number>()(await socket.emitWithAck('ask', 'why'));
    expectType<number>()(await socket.timeout(1).emitWithAck('ask', 'why'));
    expectType<boolean>()(await socket.emitWithAck('checked'));
    // @ts-expect-error an event without acknowledgement
    await socket.emitWithAck('news', 'text', 1);

    socket.broadcast.timeout(1).emit('ask', 'why', (err, answers) => {
      expectType<Error>()(err);
      expectType<number[]>()(answers);
    });
    socket.to('a').emit('news', 'text', 1);
    // @ts-expect-error rooms are strings
    socket.join(1);
  });

  io.emit('news', 'text', 1);
  // @ts-expect-error an acknowledgement of everybody needs a timeout
  io.emit('ask', 'why', () => {});
  io.timeout(1).emit('ask', 'why', (err, answers) => {
    expectType<Error>()(err);
    expectType<number[]>()(answers);
  });
  expectType<number[]>()(await io.timeout(1).emitWithAck('ask', 'why'));
  expectType<boolean[]>()(await io.to('a').timeout(1).emitWithAck('checked'));
  expectType<number[]>()(await io.emitWithAck('ask', 'why'));
  expectType<boolean[]>()(await io.of('/').emitWithAck('checked'));
  // @ts-expect-error an event without acknowledgement
  await io.emitWithAck('news', 'text', 1);
  // @ts-expect-error without a timeout there is nothing to wait for
  await io.to('a').emitWithAck('ask', 'why');
  // @ts-expect-error the argument is a number
  io.to('a').volatile.emit('news', 'text', 'one');

  io.on('refresh', (key) => expectType<string>()(key));
  io.serverSideEmit('refresh', 'key');
  // @ts-expect-error the key is a string
  io.serverSideEmit('refresh', 1);
  io.serverSideEmit('count', (err, counts) => {
    expectType<Error>()(err);
    expectType<number[]>()(counts);
  });
  expectType<number[]>()(await io.serverSideEmitWithAck('count'));
  // @ts-expect-error an event without acknowledgement
  await io.serverSideEmitWithAck('refresh');

  io.on('new_namespace', (nsp) => {
    expectType<Namespace<FromClient, ToClient, BetweenServers, Data>>()(nsp);
  });
  const [remote] = await io.in('a').fetchSockets();
  const known: RemoteSocket<any, Data> = remote;
  expectType<Data>()(remote.data);
  remote.emit('news', 'text', 1);
  // @ts-expect-error the second argument is missing
  remote.emit('news', 'text');
  const operator: BroadcastOperator<any, Data> = io.to('a').except(known.id).local;
  expectType<Promise<Set<string>>>()(operator.allSockets());

  const chat = io.of('/chat');
  chat.emit('news', 'text', 1);
  // @ts-expect-error an acknowledgement of everybody needs a timeout
  chat.emit('ask', 'why', () => {});
}
