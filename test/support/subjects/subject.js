/**
 * The package under test and its door: ours on its own port, unless the project of Jest names others
 * (jest.config.js). The genuine package, and the genuine one over our engine, are there so that what
 * the tests claim is checked against all three.
 */
'use strict';

const { doorOf } = require('../servers/doors');

const { BEASTIO_SUBJECT: name = '../../../lib', BEASTIO_DOOR: door } = /** @type {any} */ (
  globalThis
);

module.exports = {
  io: require(name),
  isOurs: name === '../../../lib',
  /** Where `startServer` of rig.js listens; none: as the package does when it is given a port. */
  door: door === undefined ? undefined : doorOf(door),
};
