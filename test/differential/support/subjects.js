/**
 * The two packages that must not be told apart.
 */
'use strict';

const SUBJECTS = {
  genuine: () => ({
    io: require('socket.io'),
    Engine: require('engine.io').Server,
  }),
  ours: () => ({
    io: require('../../../lib'),
    Engine: require('../../../lib/engine').Engine,
    createHttpServer: require('../../../lib/engine').createHttpServer,
  }),
};

module.exports = { SUBJECTS };
