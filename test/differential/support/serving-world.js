'use strict';

/** The servers of a scenario: they stand behind one door, and are closed when the scenario is over. */

const { once } = require('node:events');
const {
  addressOf,
  createNodeServer,
  ownPortOptions,
  placeOf,
} = require('../../support/servers/doors');

/** What answers requests that are not the engine's; the same as behind `io.listen(port)`. */
const application = (/** @type {any} */ _req, /** @type {any} */ res) => {
  res.writeHead(404);
  res.end();
};

/** With one I/O thread it is known what that has done before something else. */
const ONE_THREAD = { ioThreads: 1 };

/** @typedef {import('../../support/servers/doors').Place} Place */

class ServingWorld {
  /** @type {(() => unknown)[]} */
  #closers = [];
  /** Of this world, in the order in which they opened. @type {any[]} */
  servers = [];
  #createHttpServer;
  /** Where the servers of this world are reached. @type {WeakMap<any, Place>} */
  #places = new WeakMap();

  /**
   * @param {{ io: any, Engine: any, RemoteSocket?: any, createHttpServer?: any }} packages
   * @param {import('../../support/servers/doors').Door} door of all its servers
   */
  constructor(packages, door) {
    this.door = door;
    this.#createHttpServer = packages.createHttpServer;
    /** The package: a function with the classes `Server`, `Namespace` and `Socket`. */
    this.io = packages.io;
    this.Engine = packages.Engine;
    this.RemoteSocket = packages.RemoteSocket;
  }

  /**
   * Writes a text that differs from run to run under another name.
   * @param {unknown} _text
   * @param {string} _name
   */
  mask(_text, _name) {}

  /** Closes what the scenario has opened, from the last to the first. */
  async closeAll() {
    for (const close of this.#closers.reverse()) {
      try {
        await close();
      } catch {
        // Listeners of the scenario may throw; what they saw is written down already.
      }
    }
  }

  /**
   * A server behind the door.
   * @param {any} [opts]
   */
  async serve(opts) {
    return this.open(this.io(opts));
  }

  /**
   * Has a server that listens nowhere yet open the door.
   * @param {any} io
   */
  async open(io) {
    const { door } = this;
    if (door.isOwnPort) {
      io.listen(addressOf(door), { ...ONE_THREAD, ...ownPortOptions(door) });
      await this.#keep(io.httpServer);
    } else {
      io.attach(await this.listen());
    }
    this.servers.push(io);
    this.closeLater(() => io.engine?.close());
    return io;
  }

  /**
   * An engine behind the door, without Socket.IO.
   * @param {any} opts
   * @param {any} attachOpts
   */
  async serveEngine(opts, attachOpts) {
    const { door } = this;
    const engine = new this.Engine(door.isOwnPort ? { ...ONE_THREAD, ...opts } : opts);
    let httpServer;
    if (door.isOwnPort) {
      const portOpts = { ...attachOpts, ...ownPortOptions(door) };
      httpServer = this.#createHttpServer(engine, portOpts, application);
      engine.attach(httpServer, attachOpts);
      httpServer.listen(addressOf(door));
      await this.#keep(httpServer);
    } else {
      httpServer = await this.listen();
      engine.attach(httpServer, attachOpts);
    }
    this.closeLater(() => engine.close());
    return { httpServer, engine };
  }

  /** An HTTP server of Node's that listens. */
  async listen() {
    const httpServer = createNodeServer(this.door, {}, application);
    httpServer.listen(addressOf(this.door));
    return this.#keep(httpServer);
  }

  /**
   * Waits until an HTTP server of this world listens.
   * @param {any} httpServer
   */
  async #keep(httpServer) {
    await once(httpServer, 'listening');
    const place = placeOf(this.door, httpServer);
    this.#places.set(httpServer, place);
    if ('port' in place) this.mask(`:${place.port}`, ':<port>');
    this.closeLater(() => {
      httpServer.close();
      httpServer.closeAllConnections();
    });
    return httpServer;
  }

  /**
   * Where a server is reached, also one that a scenario has made by itself.
   * @param {any} server of ours, or an HTTP server
   * @returns {Place}
   */
  placeOf(server) {
    const httpServer = server.httpServer ?? server;
    const known = this.#places.get(httpServer);
    return known ?? { host: '127.0.0.1', port: httpServer.address().port };
  }

  /** @param {() => unknown} close */
  closeLater(close) {
    this.#closers.push(close);
  }
}

module.exports = { ServingWorld };
