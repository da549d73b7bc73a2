/**
 * The sockets of one client, by namespace and by id. Most clients have one socket; the two tables are
 * made with the second.
 */
'use strict';

/** @typedef {import('../sockets/socket').Socket} Socket */

class ClientSockets {
  /** The socket, while there is but one. @type {Socket | undefined} */
  #onlySocket = undefined;
  /** The sockets by namespace, from the second one on. @type {Map<string, Socket> | undefined} */
  #byNamespace = undefined;
  /** The sockets by id, from the second one on. @type {Map<string, Socket> | undefined} */
  #byId = undefined;

  /** The sockets by id: a view made for this call. @returns {Map<string, Socket>} */
  get sockets() {
    return new Map([...this.allSockets()].map((socket) => [socket.id, socket]));
  }

  /** The sockets by namespace: a view made for this call. @returns {Map<string, Socket>} */
  get nsps() {
    return new Map([...this.allSockets()].map((socket) => [socket.nsp.name, socket]));
  }

  /** How many there are. */
  get socketCount() {
    return this.#byId?.size ?? (this.#onlySocket === undefined ? 0 : 1);
  }

  /** @returns {Iterable<Socket>} */
  allSockets() {
    if (this.#byId !== undefined) return this.#byId.values();
    return this.#onlySocket === undefined ? [] : [this.#onlySocket];
  }

  /** @param {string} namespace */
  findSocket(namespace) {
    const only = this.#onlySocket;
    if (only !== undefined) return only.nsp.name === namespace ? only : undefined;
    return this.#byNamespace?.get(namespace);
  }

  /** @param {Socket} socket */
  addSocket(socket) {
    const first = this.#onlySocket;
    if (first === undefined && this.#byNamespace === undefined) {
      this.#onlySocket = socket;
      return;
    }
    this.#byNamespace ??= new Map();
    this.#byId ??= new Map();
    if (first !== undefined) {
      this.#onlySocket = undefined;
      this.#byNamespace.set(first.nsp.name, first);
      this.#byId.set(first.id, first);
    }
    this.#byNamespace.set(socket.nsp.name, socket);
    this.#byId.set(socket.id, socket);
  }

  /**
   * Forgets a socket that was disconnected from its namespace.
   * @param {Socket} socket
   */
  _remove(socket) {
    if (this.#onlySocket === socket) this.#onlySocket = undefined;
    else if (this.#byId?.delete(socket.id)) this.#byNamespace?.delete(socket.nsp.name);
  }

  /** Forgets all of them. */
  forgetSockets() {
    this.#onlySocket = undefined;
    this.#byNamespace?.clear();
    this.#byId?.clear();
  }
}

module.exports = { ClientSockets };
