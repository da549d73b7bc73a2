/**
 * The package: `require('beast.io')(srv, opts)`, with the classes `Server`, `Namespace` and `Socket`.
 */
'use strict';

const { Server } = require('./api/server/server');
const { Namespace } = require('./api/namespaces/namespace');
// By the paths that tracing tools patch when they see them loaded.
require('../dist/broadcast-operator');
const { Socket } = require('../dist/socket');

/**
 * Creates a server; the same as `new Server(srv, opts)`.
 * @param {any} [srv]
 * @param {any} [opts]
 */
const createServer = (srv, opts) => new Server(srv, opts);

module.exports = Object.assign(createServer, { Server, Namespace, Socket });
