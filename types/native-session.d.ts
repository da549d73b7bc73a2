/**
 * What a session of the native engine has that engine.io's has not: see docs/backpressure.md.
 */

/** How long to wait, in milliseconds; none: it may take any time. */
export interface DrainOptions {
  timeout?: number;
}

/** What `drained()` of sockets rejects with when the time is over. */
export interface DrainError<SocketType> extends Error {
  /** Those that have not taken what they were sent. */
  sockets: SocketType[];
}

export interface NativeSession {
  /** Bytes that were sent and that the connection of the client has not taken. */
  readonly bufferedAmount: number;
  /**
   * Milliseconds that the client took to answer the last PING. Undefined before the first answer, and with
   * protocol 3.
   */
  readonly rtt: number | undefined;
  /** Beyond so many waiting bytes `slow` is emitted. Default: the option `sendHighWaterMark` */
  sendHighWaterMark: number;
  /** What becomes of the client when more than `maxSendQueueBytes` would wait. Default: the option of that name */
  slowClientPolicy: 'disconnect' | 'drop-oldest' | 'drop-volatile';
  /** How many bytes may wait for the client. Default: the option of that name */
  maxSendQueueBytes: number;
  /** Resolves when the client has taken what it was sent so far, or has left. */
  drained(options?: DrainOptions): Promise<void>;
  /** Takes nothing from the client until `resume()`. */
  pause(): this;
  /** Takes what has come meanwhile, and goes on. */
  resume(): this;
  readonly isPaused: boolean;
  /** More than `sendHighWaterMark` bytes wait. */
  on(event: 'slow', listener: (bytes: number) => void): this;
  /** All that waited for a slow client has been taken. */
  on(event: 'drained', listener: () => void): this;
  on(event: string | symbol, listener: (...args: any[]) => void): this;
}
