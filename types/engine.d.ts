/**
 * The types of `beast.io/engine`: the exports of `engine.io`, with the native engine as `Server`.
 */
import type { Server as HttpServer } from 'node:http';
import type { SecureContextOptions, TlsOptions as NodeTlsOptions } from 'node:tls';
import { Server as EngineServer, Socket, Transport } from 'engine.io';
import type { AttachOptions, ServerOptions } from 'engine.io';

export { Socket, Transport, parser, protocol, transports, uServer } from 'engine.io';
export type { AttachOptions, ServerOptions } from 'engine.io';

/** Who a server is, and whose clients it trusts. */
export type TlsCredentials = Pick<
  SecureContextOptions,
  'key' | 'cert' | 'pfx' | 'passphrase' | 'ca' | 'crl'
>;

/** TLS on the engine's own port: what of Node's `https.createServer` an I/O thread can honour. */
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
  /** Serve https and wss on the engine's own port */
  tls: TlsOptions;
  /** Threads that do all socket I/O, 1 to 64. Default: one less than cores, from 1 to 4 */
  ioThreads: number;
  /** Most bytes that wait for a client that does not read. Default: 64 MiB */
  maxSendQueueBytes: number;
  /** Most bytes per I/O thread that wait for the JavaScript thread. Default: 16 MiB */
  maxInboxBytes: number;
}

export interface EngineOptions extends ServerOptions, Partial<NativeOptions> {}

/**
 * The native engine. Throws an Error with code `ERR_BEASTIO_ADDON` where the addon cannot load, and
 * `ERR_BEASTIO_IO_THREADS` where its threads cannot start.
 */
export class Engine extends EngineServer {
  constructor(opts?: EngineOptions);
  /**
   * Replaces the keys and certificates of its own port; connections that are open go on.
   * Errors: names the option that cannot be used.
   */
  setSecureContext(options: TlsOptions): void;
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
