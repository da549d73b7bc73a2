/**
 * The two packages that must not be told apart.
 */
'use strict';

const SUBJECTS = {
  genuine: () => ({
    io: require('socket.io'),
    Engine: require('engine.io').Server,
    RemoteSocket: require('../../../node_modules/socket.io/dist/broadcast-operator').RemoteSocket,
  }),
  ours: () => ({
    io: require('../../../lib'),
    Engine: require('../../../lib/engine').Engine,
    RemoteSocket: require('../../../dist/broadcast-operator').RemoteSocket,
    createHttpServer: require('../../../lib/engine').createHttpServer,
  }),
};

module.exports = { SUBJECTS };
