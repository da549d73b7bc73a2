/** The server: how it is made, its options, its getters and setters, and the engine below. */
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { Server, type ServerOptions } from 'socket.io';

new Server();
new Server(3000);
new Server(createServer());
new Server(createTlsServer());
new Server(createSecureServer());
new Server(3000, { path: '/x' });
new Server({ path: '/x' });
new Server(undefined, {});
new Server('3000');
new Server(null);
new Server(createTcpServer());
new Server((req: unknown, res: unknown) => {});
new Server({}, {});
new Server(3000, 3000);
new Server(3000, {}, {});

const complete: Partial<ServerOptions> = {
  path: '/x',
  serveClient: false,
  connectTimeout: 1,
  connectionStateRecovery: { maxDisconnectionDuration: 1, skipMiddlewares: false },
  cleanupEmptyChildNamespaces: true,
  pingTimeout: 1,
  pingInterval: 1,
  upgradeTimeout: 1,
  maxHttpBufferSize: 1,
  allowUpgrades: true,
  perMessageDeflate: { threshold: 1 },
  httpCompression: true,
  transports: ['polling', 'websocket', 'webtransport'],
  allowEIO3: true,
  cookie: { name: 'io', sameSite: 'lax', maxAge: 1 },
  cors: { origin: ['x', /y/], credentials: true },
  addTrailingSlash: false,
  destroyUpgrade: true,
  destroyUpgradeTimeout: 1,
  allowRequest: (req, callback) => {
    const probeRequest = req;
    const probeCallback = callback;
    callback(null, true);
    callback('no', false);
    callback(new Error('x'), false);
    callback();
  },
};
const probePath = complete.path;
const probeTransports = complete.transports;
const probeCors = complete.cors;
const probeCookie = complete.cookie;
const probeDeflate = complete.perMessageDeflate;
const probeRecovery = complete.connectionStateRecovery;
const probeAdapterOption = complete.adapter;
const probeParser = complete.parser;

new Server({ path: 1 });
new Server({ serveClient: 'yes' });
new Server({ transports: 'polling' });
new Server({ transports: ['carrier pigeon'] });
new Server({ pingInterval: '1' });
new Server({ connectionStateRecovery: true });
new Server({ connectionStateRecovery: { maxDuration: 1 } });
new Server({ cookie: { sameSite: 'lax' } });
new Server({ cookie: 'io' });
new Server({ cors: { origins: '*' } });
new Server({ cors: true });
new Server({ allowRequest: true });
new Server({ adapter: 1 });
new Server({ origins: '*' });
new Server({ perMessageDeflate: 'yes' });
new Server({ httpCompression: { threshold: 'x' } });
new Server({ cookie: true });
new Server({ wsEngine: class {} });
new Server({ initialPacket: { anything: 1 } });

const all: ServerOptions = { path: '/x' };

const io = new Server();
const probeServeClient = io.serveClient();
const probeServeClientSet = io.serveClient(true);
io.serveClient('x');
const probeGetPath = io.path();
const probeSetPath = io.path('/y');
io.path(1);
const probeGetTimeout = io.connectTimeout();
const probeSetTimeout = io.connectTimeout(1);
io.connectTimeout('1');
const probeGetAdapter = io.adapter();
io.adapter(1);
const probeAttach = io.attach(3000);
io.attach(createServer(), { path: 1 });
io.attach();
io.listen(3000);
io.listen('x');
const probeBind = io.bind({});
io.attachApp({});
const probeClose = io.close();
io.close((err) => {
  const probeCloseError = err;
});
io.close(1);
const probeEngine = io.engine;
const probeCount = io.engine.clientsCount;
const probeHttpServer = io.httpServer;
const probeEngineOpts = io.engine.opts;
io.engine.on('connection_error', (err) => {
  const probeConnectionError = err;
});
io.engine.on('headers', (headers, req) => {
  const probeHeaders = headers;
});
io.engine.use((req, res, next) => {
  const probeEngineNext = next;
});
io.engine.use(1);
io.engine.generateId = (req) => 'x';
io.engine.generateId = () => 1;
io.sockets = io.of('/');
io.nope;
io._opts.path;

io.on('connection', (socket) => {
  socket.conn.on('upgrade', (transport) => {
    const probeTransport = transport;
  });
  socket.conn.on('packet', (packet) => {
    const probePacket = packet;
  });
  const probeRemoteAddress = socket.conn.remoteAddress;
  const probeProtocol = socket.conn.protocol;
  const probeReadyState = socket.conn.readyState;
  const probeConnRequest = socket.conn.request;
  socket.conn.transport.nope;
  socket.conn.close();
  socket.conn.close('x');
  const probeHeader = socket.handshake.headers['x-y'];
  const probeQuery = socket.handshake.query.x;
  const probeAuth = socket.handshake.auth.token;
  const probeIssued = socket.handshake.issued;
  const probeTime = socket.handshake.time;
  socket.handshake.nope;
  socket.request.session;
  const probeSocketServer = socket.server;
});
