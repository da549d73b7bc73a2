/**
 * The types of `beast.io/engine`: the exports of `engine.io`, with the native engine as `Server`.
 */
import type { Server as HttpServer } from 'node:http';
import type { SecureContextOptions, TlsOptions as NodeTlsOptions } from 'node:tls';
import { Server as EngineServer, Socket, Transport } from 'engine.io';
import type { AttachOptions, ServerOptions } from 'engine.io';
import type { EngineStats } from './stats';

export { Socket, Transport, parser, protocol, transports, uServer } from 'engine.io';
export type { AttachOptions, ServerOptions } from 'engine.io';
export type { EngineStats, ThreadStats } from './stats';

/** Who a server is, and whose clients it trusts. */
export type TlsCredentials = Pick<
  SecureContextOptions,
  'key' | 'cert' | 'pfx' | 'passphrase' | 'ca' | 'crl'
>;

/**
 * TLS on the engine's own port: those options of Node's `https.createServer` that an I/O thread can honour.
 */
export interface TlsOptions
  extends
    TlsCredentials,
    Pick<
      SecureContextOptions,
      | 'minVersion'
      | 'maxVersion'
      | 'secureProtocol'
      | 'ciphers'
      | 'ecdhCurve'
      | 'sigalgs'
      | 'dhparam'
      | 'secureOptions'
      | 'honorCipherOrder'
      | 'sessionIdContext'
    >,
    Pick<
      NodeTlsOptions,
      | 'ALPNProtocols'
      | 'requestCert'
      | 'rejectUnauthorized'
      | 'sessionTimeout'
      | 'ticketKeys'
      | 'handshakeTimeout'
    > {
  /** Other certificates by the host name that a client asks for; a `*` stands for any text without dots */
  contexts?: Record<string, TlsCredentials>;
}

/** The options that only the native engine has. */
export interface NativeOptions {
  // options of the engine: begin
  /** Threads that do all socket I/O, 1 to 64. Default: cores − 1, from 1 to 4 */
  ioThreads: number;
  /** Who does the socket I/O: `auto`, `threads` or `javascript`. Default: `'auto'` */
  ioDriver: 'auto' | 'threads' | 'javascript';
  /** Bytes that may wait for a client that takes nothing for `sendTimeout`. Default: `67108864` */
  maxSendQueueBytes: number;
  /** Milliseconds in which a client with more than that must take something. Default: `10000` */
  sendTimeout: number;
  /** Most bytes that wait for any client. Default: four times `maxSendQueueBytes` */
  hardMaxSendQueueBytes: number;
  /** Most bytes that wait for all clients together. Default: `1073741824` */
  maxTotalSendQueueBytes: number;
  /** What becomes of a client for which more than `maxSendQueueBytes` would wait. Default: `'disconnect'` */
  slowClientPolicy: 'disconnect' | 'drop-oldest' | 'drop-volatile';
  /** Bytes beyond which the events `slow` and `drained` tell of a client. Default: `1048576` */
  sendHighWaterMark: number;
  /** Give memory that a storm has left free back to the system. Default: `true` */
  trimMemory: boolean;
  /** Most bytes per I/O thread that wait for the JavaScript thread. Default: `16777216` */
  maxInboxBytes: number;
  /** Most bytes of one connection among them. Default: `1048576` */
  maxInboxBytesPerClient: number;
  /** Milliseconds that the body of a POST may take at any pace. Default: `10000` */
  bodyTimeout: number;
  /** What a body that takes longer must bring per second, on average. Default: `1024` */
  minBodyBytesPerSecond: number;
  /** Most clients at once. Default: none */
  maxClients?: number;
  /** Most clients of one address at once. Default: none */
  maxClientsPerAddress?: number;
  /** Most connections of one address to the own port. Default: none */
  maxConnectionsPerAddress?: number;
  /** Handshakes that one address may make at once, and each second. Default: none */
  maxHandshakesPerSecond?: number;
  /** Whose `X-Forwarded-For` is believed: addresses, ranges or names. Default: `[]` */
  trustedProxies?: readonly string[];
  /** Bits of an IPv6 address that make one address. Default: `64` */
  ipv6PrefixBits?: number;
  /** Packets that one client may send at once, and each second. Default: none */
  maxMessagesPerSecond?: number;
  /** Bytes that one client may send at once, and each second. Default: none */
  maxBytesPerSecond?: number;
  /** What becomes of a client that sends too fast: `pause` or `disconnect`. Default: `'pause'` */
  rateLimitPolicy?: 'pause' | 'disconnect';
  /** Serve https and wss on the engine's own port. Default: none */
  tls: TlsOptions;
  // options of the engine: end
}

export interface EngineOptions extends ServerOptions, Partial<NativeOptions> {}

/**
 * The native engine. Throws an Error with code `ERR_BEASTIO_ADDON` where the addon cannot load, and
 * `ERR_BEASTIO_IO_THREADS` where its threads cannot start.
 */
export class Engine extends EngineServer {
  constructor(opts?: EngineOptions);
  /**
   * Replaces the keys and certificates of the own port. Connections that are open go on.
   * Errors: names the option that cannot be used.
   */
  setSecureContext(options: TlsOptions): void;
  /** What the engine has counted, and how it is. See docs/metrics.md. */
  stats(): EngineStats;
}

export { Engine as Server };

/** Puts a new engine in front of an HTTP server. */
export function attach(server: HttpServer, options?: EngineOptions & AttachOptions): Engine;

/** Creates an HTTP server that serves nothing but a new engine. */
export function listen(
  port: number,
  options?: EngineOptions & AttachOptions,
  callback?: () => void,
): Engine;
export function listen(port: number, callback?: () => void): Engine;

/** Creates the native engine, or engine.io's where the addon cannot load. */
export function createEngine(opts?: EngineOptions): EngineServer;
