/** What one client or the application does. */
export interface Step {
  /** For the reader of a difference. */
  what: string;
  /** Whose connection. */
  client?: number;
  write?: Buffer[];
  stop?: 'end' | 'destroy';
  /** Of the application's. */
  session?: number;
  act?: 'send' | 'close' | 'discard' | 'engine close';
  data?: string | Buffer;
  /** Whether something happens after a tenth of a second. */
  isLong?: boolean;
}

export interface Plan {
  /** Of the engine. */
  opts: any;
  attachOpts: any;
  /** That are installed. */
  hooks: string[];
  steps: Step[];
}

/** That the plan believes to be open. */
export interface Session {
  id: number;
  protocol: number;
  isJsonp: boolean;
  isPolling: boolean;
  isPolled: boolean;
  isClosing: boolean;
  isProbed: boolean;
  /** The client with its WebSocket. */
  webSocket?: number;
  /** The client with the WebSocket that may become its own. */
  probe?: number;
}
