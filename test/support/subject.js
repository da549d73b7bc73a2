/**
 * The package under test: ours, the genuine one with BEASTIO_SUBJECT=socket.io, or the genuine one
 * over our engine with BEASTIO_SUBJECT=./genuine-on-native, so that what the tests claim is checked
 * against all three. jest.config.js runs them so.
 */
'use strict';

const name = process.env.BEASTIO_SUBJECT || '../../lib';

module.exports = { io: require(name), isOurs: name === '../../lib' };
