/**
 * The package under test: ours, or the genuine one with BEASTIO_SUBJECT=socket.io, so that what the
 * tests claim is checked against both.
 */
'use strict';

const name = process.env.BEASTIO_SUBJECT || '../../lib';

module.exports = { io: require(name), isOurs: name === '../../lib' };
