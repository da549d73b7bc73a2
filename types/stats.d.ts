/** What `io.engine.stats()` tells. See docs/metrics.md. */
import type { Server as EngineServer } from 'engine.io';

/** Engine.IO clients by protocol: 3 is that of Socket.IO 1 and 2, 4 that of Socket.IO 3 and 4. */
export interface ByProtocol {
  v3: number;
  v4: number;
}

/** Engine.IO clients by transport. */
export interface SessionCounts {
  polling: ByProtocol;
  websocket: ByProtocol;
  webtransport: ByProtocol;
}

/** What an I/O thread has counted, or all of them. What is not said to be of now counts since the start. */
export interface ThreadStats {
  connections: {
    /** Sockets of the I/O threads now; not those of a Node server that polls come by. */
    open: number;
    /** By the own port. */
    accepted: number;
    /** Beyond `maxConnections` of the own port. */
    turnedAway: number;
    /** WebSockets of an attached server, with their sockets. */
    takenOver: number;
    /** Streams whose bytes pass through Node: WebSockets on attached `https`, WebTransport. */
    bridged: number;
    /** TLS of the own port. */
    tlsHandshakes: number;
    tlsFailures: number;
  };
  /** Engine.IO clients now. */
  sessions: SessionCounts;
  /** Engine.IO clients that have come, by the transport that they came by. */
  handshakes: SessionCounts;
  /** Changes to another transport, and those that were begun and given up. */
  upgrades: { websocket: number; webtransport: number; abandoned: number };
  /** Requests that were refused, by Engine.IO's error. */
  refusals: {
    unknownTransport: number;
    unknownSid: number;
    badHandshakeMethod: number;
    badRequest: number;
    forbidden: number;
    unsupportedProtocolVersion: number;
  };
  /** How often clients have met a limit: they were turned away, paused or cut off. */
  limited: {
    maxClients: number;
    maxClientsPerAddress: number;
    maxHandshakesPerSecond: number;
    draining: number;
    maxMessagesPerSecond: number;
    maxBytesPerSecond: number;
    maxConnectionsPerAddress: number;
  };
  /** Answers of the own port that are errors, by status. */
  httpErrors: Record<
    '400' | '403' | '404' | '405' | '408' | '413' | '417' | '429' | '431' | '500' | '503' | 'other',
    number
  >;
  /** Engine.IO clients that have left, by reason. */
  closed: {
    transportClose: number;
    transportError: number;
    pingTimeout: number;
    parseError: number;
    forcedClose: number;
  };
  /** Clients that were cut off, by the bound that they exceeded. */
  cut: {
    sendQueue: number;
    totalSendQueue: number;
    sendTimeout: number;
    pings: number;
    messageSize: number;
    rate: number;
  };
  /** Engine.IO messages from clients and to clients. */
  messages: { in: number; out: number };
  /** Bytes as they pass the sockets; of polls on an attached server, the bodies. */
  bytes: { in: number; out: number };
  /** Bytes that wait for clients now. */
  sendQueueBytes: number;
  /** Bytes that wait now: for the JavaScript thread, and for handlers in C++ on other threads. */
  inboxBytes: number;
  /** Bytes of POSTs that are held now: their clients are paused, or too much waits for handlers. */
  heldPostBytes: number;
  /** Messages that slow clients were not sent: volatile ones, and those that `slowClientPolicy` drops. */
  droppedMessages: number;
  /** PINGs and PONGs of clients. */
  heartbeats: number;
  /** Round trips of heartbeats, of protocol 4: how many took as many milliseconds, or less. */
  roundTrips: {
    /** Each round trip is in the first bucket that it fits. */
    buckets: Record<
      | '1'
      | '2'
      | '5'
      | '10'
      | '25'
      | '50'
      | '100'
      | '250'
      | '500'
      | '1000'
      | '2500'
      | '5000'
      | '10000'
      | 'Infinity',
      number
    >;
    /** All together. */
    microseconds: number;
  };
  driving: {
    /** How many of the loops JavaScript drives now. */
    byHost: number;
    /** How often JavaScript was given a loop. */
    handOvers: number;
    /** Turns of the loops, and those of JavaScript among them. */
    turns: number;
    hostTurns: number;
  };
}

/** What an engine has counted, and how its process is. Figures without a thread are of all threads. */
export interface EngineStats extends ThreadStats {
  /** What the Socket.IO servers on the engine have now. */
  socketio: { sockets: number; namespaces: number; rooms: number };
  /** What was delivered to the application's handlers. */
  handlers: {
    /** Parts of batches, between which the event loop turns. */
    slices: number;
    /** What they have taken. */
    milliseconds: number;
    /** What the longest has taken. */
    longestMilliseconds: number;
  };
  /**
   * How many milliseconds later than due the event loop comes. That is over the last 10 seconds, or since the
   * call before. It is measured from the first call on, until the engine is closed.
   */
  eventLoopDelay: { mean: number; p50: number; p99: number; max: number } | undefined;
  /** Of the process. */
  memory: NodeJS.MemoryUsage;
  /** By I/O thread. */
  threads: ThreadStats[];
}

/** `io.engine`. Its name is that of engine.io's, as applications see it in messages of the compiler. */
export interface Server extends EngineServer {
  /** What the engine has counted, and how it is. Another engine than the native one has none. */
  stats?(): EngineStats;
}
