import type { EventEmitter } from 'node:events';

/** The folder of the headers for addons with handlers in C++: `#include <beastio/native.hpp>`. */
export declare const include: string;

/** What went wrong in handlers in C++. */
export interface NativeError extends Error {
  code:
    | 'ERR_BEASTIO_HANDLER'
    | 'ERR_BEASTIO_ARGUMENTS'
    | 'ERR_BEASTIO_SLOW_HANDLER'
    | 'ERR_BEASTIO_NATIVE';
  /** The event that was handled; empty: none. */
  event: string;
  /** Who has sent it, if he is still there. */
  socket: any;
}

/** `io.native`: what addons take that handle events in C++. See docs/mixed.md. */
export interface NativeHandle extends EventEmitter<{ error: [NativeError] }> {
  /** The version of the C interface, "major.minor". */
  readonly abi: string;
}

/** `nsp.native`: handlers in C++ for events of a namespace. */
export interface NativeNamespace {
  /**
   * Has handlers of an addon take an event, which then does not reach the listeners in JavaScript.
   * @throws ERR_BEASTIO_TAKEN if the event has a handler in C++
   */
  on(event: string, handlers: object): this;
  /** Takes them away. When it returns, none of them is called any more. */
  off(event: string): this;
}

/** `socket.native`: what JavaScript and C++ know of a socket in common. Values are JSON. */
export interface SocketAttributes {
  get(name: string): any;
  set(name: string, value: any): this;
}
