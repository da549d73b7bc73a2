'use strict';

/** The ETag of the client's files: each package gives its version. */
function maskEtag(world) {
  const isGenuine = world.io === require('socket.io');
  const { version } = require(isGenuine ? 'socket.io/package.json' : '../../../package.json');
  const etag = `"${version}"`;
  world.mask(etag, '"<version>"');
  return etag;
}

module.exports = { maskEtag };
