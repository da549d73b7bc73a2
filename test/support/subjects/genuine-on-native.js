/**
 * The genuine socket.io package over our engine, as `io.bind(engine)` makes it: the third subject of
 * the API tests.
 */
'use strict';

const genuine = require('socket.io');
const { Engine } = require('../../../lib/engine');

class Server extends genuine.Server {
  /**
   * Called by the genuine class where it would create its engine.
   * @param {any} httpServer
   * @param {any} opts
   */
  initEngine(httpServer, opts) {
    const engine = new Engine(opts);
    engine.attach(httpServer, opts);
    if (this._serveClient) this.attachServe(httpServer);
    this.httpServer = httpServer;
    this.bind(engine);
  }
}

module.exports = Object.assign((srv, opts) => new Server(srv, opts), { ...genuine, Server });
