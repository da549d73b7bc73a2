/**
 * What the addon's two files export. Its side is native/node/engine-object.hpp and
 * native/tls-addon/addon.cpp. All functions are called on the thread that has loaded the addon.
 */

/** The first file. */
export interface Addon {
  Engine: new (
    options: NativeOptions,
    receive: Receive,
    /** Whether the runtime has libuv, whose handle wakes this thread faster. */
    hasLibuv: boolean,
    /** Takes what Node's sockets are to write, within a `flush` where this thread drives. */
    answer: Receive,
  ) => NativeEngine;
  /** Makes an `uncaughtException` of an error. */
  raise(error: unknown): void;
  /** Of the description that it was built from, see WIRE_HASH. */
  wireHash: string;
}

/** The second file. */
export interface TlsAddon {
  /**
   * Keys, certificates and rules of a port. Throws the reason if OpenSSL cannot use them; it begins
   * with the name of the option.
   */
  createContext(options: Record<string, any>): TlsContext;
}

/** Taken by `setTls` only. */
export interface TlsContext {
  readonly __brand: 'TlsContext';
}

/** As lib/engine/base/options.js completes them. */
export type NativeOptions = Record<string, any>;

/**
 * Takes a batch of records; must not throw. Returns false if it has not delivered the batch to its
 * end: `delivered` must be called then, and no other batch comes before.
 */
export type Receive = (
  records: Int32Array,
  /** How many numbers the batch has. */
  count: number,
  latin1: string,
  utf16?: string,
  extras?: any[],
) => boolean;

/** A request of the attached door. */
export interface NativeRequest {
  /** Which its answer names. */
  id: number;
  method: string;
  /** Path and query. */
  target: string;
  origin: string | undefined;
  /** For a new session; empty: the I/O thread chooses. */
  sid: string;
}

/** The headers of an upgrade that the WebSocket handshake looks at. */
export interface UpgradeHeaders {
  key: string | undefined;
  version: string | undefined;
  upgrade: string | undefined;
  protocols: string | undefined;
  extensions: string | undefined;
  /** Further lines of the answer, each with its CRLF. */
  lines?: string;
}

export interface ListenOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  backlog?: number;
  ipv6Only?: boolean;
  reusePort?: boolean;
}

/** Handlers in C++ for one engine: native/node/native-handlers.hpp. */
export interface NativeHandlers {
  /** `io.native`, which addons take. */
  native: any;
  /** The number of a namespace in notes and tellings. */
  namespaceNumber(name: string): number;
  /** Whether a handler in C++ takes an event. */
  handles(name: string, event: string): boolean;
  /** Whether C++ is to be asked who may enter a namespace. */
  guards(name: string): boolean;
  /** How emits of C++ go: see WAY of lib/api/native/native-namespace.js. */
  setWay(name: string, way: number): void;
  /** Sockets leave that C++ alone has let in. */
  closeServed(): void;
  /** A socket has answered what C++ had asked. */
  answer(question: number, json: string, attachments: Uint8Array[]): void;
  /** No more answers will come; `expected`: how many sockets were asked. */
  finish(question: number, isTimedOut: boolean, expected: number): void;
  /** @returns what `remove` takes, or the number of a `beastio_status` */
  add(name: string, event: string, handlers: unknown): object | number;
  remove(registration: object): void;
}

/** I/O threads and what they serve. Throws with the code ERR_BEASTIO_IO_THREADS if they cannot start. */
export interface NativeEngine {
  /** Words that both sides see, see TURN. */
  readonly turn: Int32Array;

  /** The batch for which `receive` has returned false has been delivered. */
  delivered(): void;
  /**
   * Hands commands over.
   * @param count how many numbers they have
   * @param how see SUBMIT
   * @returns whether the I/O threads have been given them
   */
  flush(
    numbers: Int32Array,
    count: number,
    text: string,
    values: (string | Uint8Array)[],
    how: number,
  ): boolean;
  /** Has the I/O threads execute now what was laid down for them (SUBMIT.LAID). */
  wake(): void;
  /**
   * Has handlers in C++ stand before JavaScript, from the first call on.
   * @param flush called before something is sent on this thread
   * @param ackTimeout milliseconds for an acknowledgement that C++ asks for
   * @param openNamespace called with the name of each namespace that an addon asks for
   * @param serve called with that of one that an addon wants to serve alone; returns whether it may
   * @returns always the same
   */
  openHandlers(
    flush: () => void,
    ackTimeout: number,
    openNamespace: (name: string) => void,
    serve: (name: string) => boolean,
  ): NativeHandlers;
  /**
   * Waits until the I/O threads have offered the sockets all that was flushed, then calls `receive`
   * with what they tell. For the end of the process.
   */
  settle(milliseconds: number, receive: Receive): void;

  /** The client of a request went away before the answer. */
  abort(thread: number, request: number): void;
  /**
   * Hands an upgrade over.
   * @param head bytes read past the request
   * @param descriptor which is duplicated; -1: a bridged stream
   * @returns the thread that serves it, or -1 if there are no more descriptors
   */
  upgrade(
    request: NativeRequest,
    headers: UpgradeHeaders,
    head: Uint8Array,
    descriptor: number,
  ): number;
  /** Whether `upgrade` would not refuse these headers. */
  isAcceptable(method: string, headers: UpgradeHeaders): boolean;
  /** Cuts the connection of an upgrade off. */
  cutOff(thread: number, request: number): void;
  /**
   * Hands a stream of WebTransport over.
   * @param sid of the session that it takes over; empty: a new one
   * @param head bytes read past the first packet
   * @returns the thread that serves it
   */
  webTransport(stream: number, sid: string, head: Uint8Array): number;

  /** What a stream has read; it is copied. */
  streamData(thread: number, stream: number, bytes: Uint8Array): void;
  /** A stream will read no more, but takes what is written. */
  streamReadEnd(thread: number, stream: number): void;
  /** A stream is gone, or failed if the error is not empty. */
  streamEnd(thread: number, stream: number, error: string): void;
  /** A stream has taken so many bytes of what was written. */
  streamDrain(thread: number, stream: number, bytes: number): void;

  /** How long a client took to answer the last PING, in microseconds; -1: it is not known. */
  roundTrip(place: number, generation: number): number;
  /**
   * Bytes that wait for the client of a watched session, with all that was handed over.
   * @param asks waits for the I/O thread: for the first look
   */
  bufferedAmount(place: number, generation: number, asks: boolean): number;
  /** A watched session is closed. */
  forget(place: number, generation: number): void;

  /**
   * Asks the TLS of a connection that was left to JavaScript, and waits for the I/O thread.
   * @param question see TLS_QUESTION; its arguments follow
   * @returns undefined if the connection is gone, or has no answer
   */
  askTls(
    thread: number,
    stream: number,
    question: number,
    number?: number,
    label?: string,
    context?: Uint8Array,
  ): any;
  /** TLS for connections that the own port accepts from now on. */
  setTls(context: TlsContext): void;

  /** Options from now on. */
  setOptions(options: NativeOptions): void;

  /** Opens the own port. Returns the number of the system's error if it cannot. */
  listen(options: ListenOptions): { address: string; port: number } | number;
  /** Opens the own port to connections that `adopt` brings. */
  openPort(): void;
  /** Serves a connection that Node has accepted. Returns whether its descriptor could be duplicated. */
  adopt(descriptor: number): boolean;
  closePort(): void;
  closeConnections(idleOnly: boolean): void;
  /** How many connections the own port has accepted that are not gone, whoever serves them. */
  connections(): number;
  addConnections(count: number): void;
  /** A connection that JavaScript was left is over. `line`: as CONNECTION has told. */
  hangUp(line: number): void;

  /** What each I/O thread has counted: see types/stats.d.ts. */
  stats(): Record<string, any>[];

  /** Keeps the engine from being collected. */
  hold(): void;
  letGo(): void;
  /** Keeps the event loop running. */
  ref(): void;
  unref(): void;
}
