/**
 * What a socket tells about itself: how its client came in, and why it is gone.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { ParsedUrlQuery } from 'node:querystring';

/** Why a socket was disconnected. */
export type DisconnectReason =
  // the connection
  | 'transport error'
  | 'transport close'
  | 'forced close'
  | 'ping timeout'
  | 'parse error'
  // the server
  | 'server shutting down'
  | 'forced server close'
  // the namespace
  | 'client namespace disconnect'
  | 'server namespace disconnect';

/** How a client came in. */
export interface Handshake {
  headers: IncomingHttpHeaders;
  /** When the socket was created, as text. */
  time: string;
  /** The address of the client, or of the proxy before it. */
  address: string;
  /** Whether the request has an `Origin` header. */
  xdomain: boolean;
  /** Whether the connection is encrypted. */
  secure: boolean;
  /** When the socket was created, as a timestamp. */
  issued: number;
  url: string;
  query: ParsedUrlQuery;
  /** What the client gave as its option `auth`. */
  auth: { [key: string]: any };
}
